#include "corpus/trial_fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr char kListSeparator = ';';

TrialField text_field(std::string_view name, std::vector<std::string_view> aliases, bool always,
                      std::string Trial::*member) {
  return {name, std::move(aliases), always,
          [member](Trial& trial, std::string_view text) { trial.*member = text; },
          [member](const Trial& trial) { return trial.*member; }};
}

TrialField path_field(std::string_view name, std::vector<std::string_view> aliases, bool always,
                      fs::path Trial::*member) {
  return {name, std::move(aliases), always,
          [member](Trial& trial, std::string_view text) { trial.*member = text; },
          [member](const Trial& trial) { return (trial.*member).native(); }};
}

TrialField condition_field(std::string_view name) {
  return {name,
          {},
          false,
          [name](Trial& trial, std::string_view text) {
            trial.conditions.push_back({name, std::string(text)});
          },
          [name](const Trial& trial) { return std::string(condition(trial, name)); }};
}

TrialField number_field(std::string_view name, uint64_t ArchiveMember::*member) {
  const auto set = [name, member](Trial& trial, std::string_view text) {
    const auto number = parse_integer(text);
    if (!number || *number < 0) {
      throw UsageError(fmt::format("{}: \"{}\" is not a number of bytes", name, printable(text)));
    }
    trial.member.*member = static_cast<uint64_t>(*number);
  };
  const auto get = [member](const Trial& trial) {
    const uint64_t number = trial.member.*member;
    return number == 0 ? std::string() : fmt::format("{}", number);
  };
  return {name, {}, false, set, get};
}

// An edge of the stretch that is meant, to be written. It is read from all such columns together
// (base/stretch.h).
TrialField edge_field(std::string_view name, Excerpt::Unit unit, bool is_begin) {
  return {name,
          {},
          false,
          [](Trial&, std::string_view) {},
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
  if (!trial.has_asv_key) expect_agreement(trial.truth, key);
  trial.truth = key;
  trial.has_asv_key = true;
}

std::vector<TrialField> make_fields() {
  std::vector<TrialField> fields = {
      text_field("id", {}, true, &Trial::id),
      path_field("path", {"file", "audio_filepath", "wav"}, true, &Trial::path),
      {"label",
       {},
       true,
       [](Trial& trial, std::string_view text) { set_label(trial, parse_label(text)); },
       [](const Trial& trial) { return std::string(name_of(label_of(trial.truth))); }},
      text_field("speaker", {}, true, &Trial::speaker),
      text_field("attack", {"system"}, true, &Trial::attack),
      text_field("partition", {"subset", "split"}, true, &Trial::partition),
      text_field("codec", {"compression"}, false, &Trial::codec),
      text_field("language", {"lang"}, false, &Trial::language),
      text_field("gender", {"sex"}, false, &Trial::gender),
      text_field("source", {}, false, &Trial::source),
  };
  for (const std::string_view name : condition_names()) fields.push_back(condition_field(name));
  fields.push_back({"member",
                    {},
                    false,
                    [](Trial& trial, std::string_view text) { trial.member.name = text; },
                    [](const Trial& trial) { return trial.member.name; }});
  fields.push_back(number_field("member_offset", &ArchiveMember::offset));
  fields.push_back(number_field("member_size", &ArchiveMember::size));
  fields.push_back(edge_field("start", Excerpt::Unit::kSeconds, /*is_begin=*/true));
  fields.push_back(edge_field("end", Excerpt::Unit::kSeconds, /*is_begin=*/false));
  fields.push_back(edge_field("start_sample", Excerpt::Unit::kSamples, /*is_begin=*/true));
  fields.push_back(edge_field("end_sample", Excerpt::Unit::kSamples, /*is_begin=*/false));
  fields.push_back({"reference",
                    {},
                    false,
                    [](Trial& trial, std::string_view text) { trial.reference.path = text; },
                    [](const Trial& trial) { return trial.reference.path.native(); }});
  fields.push_back(text_field("claimed_speaker", {}, false, &Trial::claimed_speaker));
  fields.push_back(
      {"asv_key",
       {},
       false,
       [](Trial& trial, std::string_view text) { set_asv_key(trial, parse_asv_key(text)); },
       [](const Trial& trial) { return std::string(name_of(asv_key_of(trial))); }});
  fields.push_back({"enrolments", {}, false, split_enrolments, join_enrolments});
  return fields;
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
  const std::string word = lower(trim(name));
  const auto is_meant = [&](const TrialField& field) {
    return field.name == word ||
           std::find(field.aliases.begin(), field.aliases.end(), word) != field.aliases.end();
  };
  const auto field = std::find_if(trial_fields().begin(), trial_fields().end(), is_meant);
  return field == trial_fields().end() ? nullptr : &*field;
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
