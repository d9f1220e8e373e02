#include "train/parts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <numeric>

#include "base/error.h"
#include "base/file.h"
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

std::vector<Trial> read_labelled_part(const Recipe& recipe, const std::string& key,
                                      const WarnLine& warn) {
  std::vector<Trial> trials = read_part(recipe, key, warn);
  size_t counts[3] = {};
  for (const Trial& trial : trials) {
    ++counts[static_cast<size_t>(trial.label)];
    if (trial.label == Label::kUnknown) {
      throw UsageError(fmt::format("data.{}: {} has no label", key, printable(trial.id)));
    }
  }
  if (counts[0] == 0 || counts[1] == 0) {
    throw UsageError(
        fmt::format("data.{}: {} has {} bona fide and {} spoofed recordings; to tell them apart "
                    "both are needed",
                    key, name_of_part(recipe, key), counts[1], counts[0]));
  }
  return trials;
}

void expect_recordings(const std::vector<Trial>& trials) {
  for (const Trial& trial : trials) {
    std::error_code code;
    if (std::filesystem::exists(trial.path, code)) continue;
    throw Error(describe_errno(trial.path, code ? code.value() : ENOENT));
  }
}

}  // namespace bonafide
