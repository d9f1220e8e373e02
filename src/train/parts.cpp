#include "train/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/error.h"
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

}  // namespace

std::vector<Trial> read_part(const Recipe& recipe, const std::string& key, const WarnLine& warn) {
  const Json& part = recipe.at("data." + key);
  if (!part.is_string()) throw UsageError(fmt::format("data.{}: names no part of the data", key));
  const Json& root = recipe.at("data.root");
  const Corpus& corpus = find_corpus(recipe.text("data.corpus"));
  Leftovers leftovers;
  const CorpusRequest request = {
      root.is_string() ? root.get<std::string>() : "", part.get<std::string>(), {}, &leftovers};
  std::vector<Trial> trials = corpus.read(request);
  for (const std::string& line : warn ? leftovers.lines() : std::vector<std::string>()) {
    warn(fmt::format("data.{}: {}", key, line));
  }
  const Json& limit = recipe.at("data.limit");
  if (limit.is_number_integer()) {
    trials = draw(std::move(trials), static_cast<size_t>(std::max<int64_t>(0, limit)),
                  static_cast<uint64_t>(recipe.integer("seed")));
  }
  if (trials.empty()) {
    throw UsageError(fmt::format("data.{}: part \"{}\" of {} has no recordings", key,
                                 printable(request.part), corpus.name));
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
    throw UsageError(fmt::format(
        "data.{}: part \"{}\" of {} has {} bona fide and {} spoofed recordings; to tell them apart "
        "both are needed",
        key, printable(recipe.text("data." + key)), printable(recipe.text("data.corpus")),
        counts[1], counts[0]));
  }
  return trials;
}

}  // namespace bonafide
