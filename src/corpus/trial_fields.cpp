#include "corpus/trial_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr char kListSeparator = ';';

// How a field's text is put into a trial and taken from it.
using Set = std::function<void(Trial&, std::string_view)>;
using Get = std::function<std::string(const Trial&)>;
struct Access {
  Set set;
  Get get;
};

Access text_field(std::string Trial::*member) {
  return {[member](Trial& trial, std::string_view text) { trial.*member = text; },
          [member](const Trial& trial) { return trial.*member; }};
}

Access condition_field(std::string_view name) {
  return {[name](Trial& trial, std::string_view text) {
            trial.conditions.push_back({name, std::string(text)});
          },
          [name](const Trial& trial) { return std::string(condition(trial, name)); }};
}

Access number_field(std::string_view name, uint64_t ArchiveMember::*member) {
  return {[name, member](Trial& trial, std::string_view text) {
            const auto number = parse_integer(text);
            if (!number || *number < 0) {
              throw UsageError(
                  fmt::format("{}: \"{}\" is not a number of bytes", name, printable(text)));
            }
            trial.member.*member = static_cast<uint64_t>(*number);
          },
          [member](const Trial& trial) {
            const uint64_t number = trial.member.*member;
            return number == 0 ? std::string() : fmt::format("{}", number);
          }};
}

// An edge of the stretch that is meant, to be written. It is read from all such columns together
// (base/stretch.h).
Access edge_field(Excerpt::Unit unit, bool is_begin) {
  return {[](Trial&, std::string_view) {},
          [unit, is_begin](const Trial& trial) {
            if (!trial.excerpt || trial.excerpt->unit != unit) return std::string();
            if (is_begin) return fmt::format("{}", trial.excerpt->begin);
            return trial.excerpt->end ? fmt::format("{}", *trial.excerpt->end) : std::string();
          }};
}

std::string join_enrolments(const Trial& trial) {
  std::string text;
  if (!trial.enrolments) return text;
  for (const fs::path& path : *trial.enrolments) {
    if (path.native().find(kListSeparator) != std::string::npos) {
      throw Error(fmt::format("{}: a \"{}\" in the name of an enrolment cannot be written here",
                              printable(path.native()), kListSeparator));
    }
    if (!text.empty()) text += kListSeparator;
    text += path.native();
  }
  return text;
}

void split_enrolments(Trial& trial, std::string_view text) {
  std::vector<fs::path> paths;
  for (const std::string_view path : split(text, kListSeparator)) {
    if (!trim(path).empty()) paths.emplace_back(trim(path));
  }
  trial.enrolments = std::make_shared<const std::vector<fs::path>>(std::move(paths));
}

void expect_agreement(Truth label, Truth asv_key) {
  if (!contradict(label, asv_key)) return;
  throw UsageError(fmt::format("the label \"{}\" contradicts its asv_key \"{}\"", name_of(label),
                               name_of(asv_key)));
}

// The key of a verification trial says more than its label.
void set_label(Trial& trial, Truth label) {
  if (!trial.has_asv_key) {
    trial.truth = label;
  } else {
    expect_agreement(label, trial.truth);
  }
}

void set_asv_key(Trial& trial, Truth key) {
  if (trial.has_asv_key && trial.truth != key) {
    throw UsageError(fmt::format("the keys \"{}\" and \"{}\" of a verification trial",
                                 name_of(trial.truth), name_of(key)));
  }
  expect_agreement(trial.truth, key);
  trial.truth = key;
  trial.has_asv_key = true;
}

// The key as a number is read only.
Access number_of_key(Truth (*parse)(std::string_view)) {
  return {[parse](Trial& trial, std::string_view text) { set_asv_key(trial, parse(text)); },
          [](const Trial&) { return std::string(); }};
}

// Of the columns that a trial has a member for.
std::map<std::string_view, Access> accesses() {
  using Unit = Excerpt::Unit;
  return {
      {"id", text_field(&Trial::id)},
      {"path",
       {[](Trial& trial, std::string_view text) { trial.path = text; },
        [](const Trial& trial) { return trial.path.native(); }}},
      {"label",
       {[](Trial& trial, std::string_view text) { set_label(trial, parse_label(text)); },
        [](const Trial& trial) { return std::string(name_of(label_of(trial.truth))); }}},
      {"speaker", text_field(&Trial::speaker)},
      {"attack", text_field(&Trial::attack)},
      {"partition", text_field(&Trial::partition)},
      {"codec", text_field(&Trial::codec)},
      {"language", text_field(&Trial::language)},
      {"gender", text_field(&Trial::gender)},
      {"source", text_field(&Trial::source)},
      {"member",
       {[](Trial& trial, std::string_view text) { trial.member.name = text; },
        [](const Trial& trial) { return trial.member.name; }}},
      {"member_offset", number_field("member_offset", &ArchiveMember::offset)},
      {"member_size", number_field("member_size", &ArchiveMember::size)},
      {"start", edge_field(Unit::kSeconds, /*is_begin=*/true)},
      {"end", edge_field(Unit::kSeconds, /*is_begin=*/false)},
      {"start_sample", edge_field(Unit::kSamples, /*is_begin=*/true)},
      {"end_sample", edge_field(Unit::kSamples, /*is_begin=*/false)},
      {"reference",
       {[](Trial& trial, std::string_view text) { trial.reference.path = text; },
        [](const Trial& trial) { return trial.reference.path.native(); }}},
      {"claimed_speaker", text_field(&Trial::claimed_speaker)},
      {"asv_key",
       {[](Trial& trial, std::string_view text) { set_asv_key(trial, parse_asv_key(text)); },
        [](const Trial& trial) { return std::string(name_of(asv_key_of(trial))); }}},
      {"sasv_label", number_of_key(parse_sasv_number)},
      {"target01", number_of_key(parse_target_number)},
      {"enrolments", {split_enrolments, join_enrolments}},
  };
}

bool is_always_written(std::string_view name) {
  constexpr std::string_view kNames[] = {"id", "path", "label", "speaker", "attack", "partition"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

std::vector<TrialField> make_fields() {
  std::vector<TrialField> fields;
  const auto known = accesses();
  for (const TrialColumn& column : trial_columns()) {
    const auto at = known.find(column.name);
    if (at == known.end() && column.role != ColumnRole::kFactor) continue;  // a score
    const Access access = at == known.end() ? condition_field(column.name) : at->second;
    fields.push_back(
        {column.name, column.role, is_always_written(column.name), access.set, access.get});
  }
  return fields;
}

const TrialField* field_of(const TrialColumn* column) {
  if (column == nullptr) return nullptr;
  const auto& all = trial_fields();
  const auto field = std::find_if(all.begin(), all.end(),
                                  [&](const TrialField& f) { return f.name == column->name; });
  return field == all.end() ? nullptr : &*field;
}

fs::path relative_to(const fs::path& path, const fs::path& folder) {
  const auto full = fs::absolute(path).lexically_normal();
  const auto relative = full.lexically_relative(folder);
  return relative.empty() || *relative.begin() == ".." ? full : relative;
}

// Applies `change` to every path of the trial's audio, reference and enrolments.
template <typename Change>
void change_paths(Trial& trial, const Change& change) {
  trial.path = change(trial.path);
  fs::path& reference = trial.reference.path;
  if (!reference.empty()) reference = change(reference);
  if (!trial.enrolments) return;
  std::vector<fs::path> enrolments;
  for (const fs::path& path : *trial.enrolments) enrolments.push_back(change(path));
  trial.enrolments = std::make_shared<const std::vector<fs::path>>(std::move(enrolments));
}

}  // namespace

const std::vector<TrialField>& trial_fields() {
  static const std::vector<TrialField> fields = make_fields();
  return fields;
}

const TrialField* find_trial_field(std::string_view name) {
  return field_of(find_trial_column(name));
}

std::vector<const TrialField*> find_trial_fields(const std::vector<std::string>& header) {
  const auto columns = find_trial_columns(header);
  std::vector<const TrialField*> fields(columns.size());
  std::transform(columns.begin(), columns.end(), fields.begin(), field_of);
  return fields;
}

void set_once(Trial& trial, const TrialField& field, std::string_view text) {
  const std::string before = field.get(trial);
  if (before.empty()) return field.set(trial, text);
  Trial other;
  other.truth = trial.truth;  // which two fields speak of
  other.has_asv_key = trial.has_asv_key;
  field.set(other, text);
  if (field.get(other) == before) return;
  throw UsageError(
      fmt::format("two values of \"{}\": \"{}\" and \"{}\" (rename what means something else)",
                  field.name, printable(before, 80), printable(text, 80)));
}

bool is_missing(std::string_view text) {
  const std::string_view word = trim(text);
  return word.empty() || word == "-";
}

void complete_trial(Trial& trial, const fs::path& folder) {
  if (trial.path.empty()) throw UsageError("an empty path");
  if (trial.id.empty()) trial.id = location_of(trial).name();
  if (is_bona_fide(trial.truth)) trial.attack.clear();
  change_paths(trial, [&](const fs::path& path) { return folder / path; });
}

Trial with_paths_relative_to(Trial trial, const fs::path& folder) {
  change_paths(trial, [&](const fs::path& path) { return relative_to(path, folder); });
  return trial;
}

}  // namespace bonafide
