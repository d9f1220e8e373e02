#include "evaluation/parts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <numeric>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/options.h"
#include "base/random.h"
#include "base/text.h"
#include "corpus/corpus.h"

namespace bonafide {

namespace {

// `limit` of the trials, in their own order.
std::vector<Trial> draw(std::vector<Trial> trials, size_t limit, uint64_t seed) {
  if (trials.size() <= limit) return trials;
  std::vector<size_t> indices(trials.size());
  std::iota(indices.begin(), indices.end(), size_t{0});
  Random(seed, hash("data.limit")).shuffle(std::span(indices));
  indices.resize(limit);
  std::sort(indices.begin(), indices.end());
  std::vector<Trial> drawn;
  for (const size_t i : indices) drawn.push_back(std::move(trials[i]));
  return drawn;
}

// Where one part of the data is: what a section of its own says, or else `data`.
struct PartSource {
  std::string corpus, root, part;

  std::string name() const {
    return fmt::format("part \"{}\" of {}", printable(part), printable(corpus));
  }

  std::vector<Trial> read(std::string_view key, Leftovers& leftovers) const {
    try {
      return find_corpus(corpus).read({root, part, {}, &leftovers});
    } catch (const UsageError& e) {
      throw UsageError(fmt::format("data.{}: {}", key, e.what()));
    } catch (const Error& e) {
      throw Error(fmt::format("data.{}: {}", key, e.what()));
    }
  }
};

PartSource source_of(const Recipe& recipe, const std::string& key, const Json& part,
                     const std::string& path) {
  const Json& root = recipe.at("data.root");
  PartSource source = {recipe.text("data.corpus"), root.is_string() ? root.get<std::string>() : "",
                       ""};
  if (part.is_string()) {
    source.part = part.get<std::string>();
  } else if (part.is_object()) {
    source.part = key;
    const OptionReader reader(part, path, {"corpus", "root", "part"});
    reader.text("corpus", source.corpus);
    reader.text("root", source.root);
    reader.text("part", source.part);
  } else {
    throw UsageError(fmt::format(
        "{}: names no part of the data (a name, {{corpus: NAME, root: FOLDER, part: NAME}}, or a "
        "list of such)",
        path));
  }
  return source;
}

// A part may be put together of several.
std::vector<PartSource> sources_of(const Recipe& recipe, const std::string& key) {
  const std::string path = "data." + key;
  const Json& part = recipe.at(path);
  if (!part.is_array()) return {source_of(recipe, key, part, path)};
  std::vector<PartSource> sources;
  for (size_t i = 0; i < part.size(); ++i) {
    sources.push_back(source_of(recipe, key, part[i], fmt::format("{}[{}]", path, i)));
  }
  return sources;
}

std::string name_of_part(const Recipe& recipe, const std::string& key) {
  std::vector<std::string> names;
  for (const PartSource& source : sources_of(recipe, key)) names.push_back(source.name());
  return fmt::format("{}", fmt::join(names, " and "));
}

// What is found wrong with a part.
class PartCheck {
 public:
  PartCheck(const Recipe& recipe, const std::string& key, const std::vector<Trial>& trials)
      : recipe_(recipe), key_(key), trials_(trials) {}

  void expect(PartNeeds needs) const {
    switch (needs) {
      case PartNeeds::kBothClasses:
        return expect_both_classes();
      case PartNeeds::kSpeakers:
        return expect_speakers();
      case PartNeeds::kTrials:
        return expect_trials();
    }
  }

 private:
  void expect_both_classes() const {
    for (const Trial& trial : trials_) {
      if (trial.truth == Truth::kUnknown) refuse(trial, "has no label");
    }
    const size_t bona_fide = count([](const Trial& t) { return is_bona_fide(t.truth); });
    if (bona_fide > 0 && bona_fide < trials_.size()) return;
    refuse(fmt::format("{} bona fide and {} spoofed recordings; to tell them apart both are needed",
                       bona_fide, trials_.size() - bona_fide));
  }

  void expect_speakers() const {
    for (const Trial& trial : trials_) {
      if (trial.speaker.empty()) refuse(trial, "has no speaker (task.learn: speakers)");
    }
    const std::string& first = trials_.front().speaker;
    if (count([&](const Trial& t) { return t.speaker != first; }) > 0) return;
    refuse(fmt::format("one speaker, \"{}\"; to tell speakers apart two are needed",
                       printable(first)));
  }

  void expect_trials() const {
    for (const Trial& trial : trials_) {
      if (!trial.has_asv_key) {
        refuse(trial, "is no verification trial: it has no asv_key (task.judge: verification)");
      }
      if (!trial.enrolments || trial.enrolments->empty()) refuse(trial, "has no enrolments");
    }
    const size_t targets = count([](const Trial& t) { return t.truth == Truth::kTarget; });
    if (targets > 0 && targets < trials_.size()) return;
    refuse(fmt::format("{} target trials and {} others; to tell them apart both are needed",
                       targets, trials_.size() - targets));
  }

  template <typename Holds>
  size_t count(const Holds& holds) const {
    return static_cast<size_t>(std::count_if(trials_.begin(), trials_.end(), holds));
  }

  [[noreturn]] void refuse(const Trial& trial, std::string_view what) const {
    throw UsageError(fmt::format("data.{}: {} {}", key_, printable(trial.id), what));
  }
  [[noreturn]] void refuse(const std::string& holds) const {
    throw UsageError(fmt::format("data.{}: {} has {}", key_, name_of_part(recipe_, key_), holds));
  }

  const Recipe& recipe_;
  const std::string& key_;
  const std::vector<Trial>& trials_;
};

void expect_there(const std::filesystem::path& path) {
  std::error_code code;
  if (std::filesystem::exists(path, code)) return;
  throw Error(describe_errno(path, code ? code.value() : ENOENT));
}

}  // namespace

std::vector<Trial> read_part(const Recipe& recipe, const std::string& key, const WarnLine& warn) {
  std::vector<Trial> trials;
  Leftovers leftovers;
  for (const PartSource& source : sources_of(recipe, key)) {
    auto more = source.read(key, leftovers);
    std::move(more.begin(), more.end(), std::back_inserter(trials));
  }
  for (const std::string& line : warn ? leftovers.lines() : std::vector<std::string>()) {
    warn(fmt::format("data.{}: {}", key, line));
  }
  const Json& limit = recipe.at("data.limit");
  if (limit.is_number_integer()) {
    trials = draw(std::move(trials), static_cast<size_t>(std::max<int64_t>(0, limit)),
                  static_cast<uint64_t>(recipe.integer("seed")));
  }
  if (trials.empty()) {
    throw UsageError(fmt::format("data.{}: {} has no recordings", key, name_of_part(recipe, key)));
  }
  return trials;
}

std::vector<Trial> read_part(const Recipe& recipe, const std::string& key, PartNeeds needs,
                             const WarnLine& warn) {
  std::vector<Trial> trials = read_part(recipe, key, warn);
  PartCheck(recipe, key, trials).expect(needs);
  return trials;
}

void expect_recordings(const std::vector<Trial>& trials, PartNeeds needs) {
  std::set<const void*> enrolments;  // shared by many trials
  for (const Trial& trial : trials) {
    expect_there(trial.path);
    if (needs != PartNeeds::kTrials || !trial.enrolments) continue;
    if (!enrolments.insert(trial.enrolments.get()).second) continue;
    for (const auto& path : *trial.enrolments) expect_there(path);
  }
}

}  // namespace bonafide
