#include "loading/speaker_sampler.h"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

void check(const SpeakerSamplerOptions& options) {
  const auto at_least_one = [](int64_t value, const char* what) {
    if (value < 1) throw UsageError(fmt::format("{} must be at least 1", what));
  };
  at_least_one(options.utterances_per_speaker, "the utterances of a tuple");
  at_least_one(options.speakers_per_batch, "the speakers of a batch");
  at_least_one(options.max_utterances_per_speaker, "the most utterances of a speaker");
}

std::vector<int64_t> permutation(size_t count, at::Generator& generator) {
  const auto drawn = torch::randperm(static_cast<int64_t>(count), generator, torch::kInt64);
  const int64_t* values = drawn.data_ptr<int64_t>();
  return {values, values + count};
}

// The utterances of each speaker, in the order of the speakers' numbers and, of one speaker, in
// that of the permutation.
using BySpeaker = std::map<int64_t, std::vector<int64_t>>;

// Whole tuples of a speaker's first utterances.
std::vector<Tuple> tuples_of(const std::vector<int64_t>& utterances,
                             const SpeakerSamplerOptions& options) {
  const int64_t size = options.utterances_per_speaker;
  const int64_t most =
      std::min(static_cast<int64_t>(utterances.size()), options.max_utterances_per_speaker);
  std::vector<Tuple> tuples;
  for (int64_t begin = 0; begin + size <= most; begin += size) {
    tuples.emplace_back(utterances.begin() + begin, utterances.begin() + begin + size);
  }
  return tuples;
}

struct SpeakerTuple {
  Tuple utterances;
  int64_t speaker;
};

// Takes tuples in the order given, passing over those whose speaker the batch that is being filled
// has already; goes through the rest again until a pass finds a place for none.
std::vector<Tuple> without_clashes(const std::vector<SpeakerTuple>& tuples,
                                   std::vector<int64_t> order, size_t batch) {
  std::vector<Tuple> placed;
  std::set<int64_t> speakers;  // of the batch that is being filled
  size_t before = 0;
  do {
    before = placed.size();
    std::vector<int64_t> rest;
    for (const int64_t i : order) {
      const SpeakerTuple& tuple = tuples[static_cast<size_t>(i)];
      if (!speakers.insert(tuple.speaker).second) {
        rest.push_back(i);
        continue;
      }
      placed.push_back(tuple.utterances);
      if (speakers.size() == batch) speakers.clear();
    }
    order = std::move(rest);
  } while (!order.empty() && placed.size() > before);
  return placed;
}

// One class's tuples of an epoch, before they are mixed.
std::vector<SpeakerTuple> list_tuples(const BySpeaker& utterances,
                                      const SpeakerSamplerOptions& options) {
  std::vector<SpeakerTuple> list;
  for (const auto& [speaker, own] : utterances) {
    for (Tuple& tuple : tuples_of(own, options)) list.push_back({std::move(tuple), speaker});
  }
  return list;
}

// What the published code does instead: its list of tuples also gets the last tuples again for each
// speaker without the class, the list of their speakers does not, and the two are read side by side
// from the beginning, bona fide first. Leaves each class as long as it is, with other tuples.
void repeat_stale(const BySpeaker (&classes)[2], const std::set<int64_t>& speakers,
                  const SpeakerSamplerOptions& options, std::vector<SpeakerTuple> (&lists)[2]) {
  std::vector<Tuple> shifted, last;
  for (const BySpeaker& utterances : classes) {
    for (const int64_t speaker : speakers) {
      const auto own = utterances.find(speaker);
      if (own != utterances.end()) last = tuples_of(own->second, options);
      shifted.insert(shifted.end(), last.begin(), last.end());
    }
  }
  size_t next = 0;
  for (auto& list : lists) {
    for (SpeakerTuple& tuple : list) tuple.utterances = shifted[next++];
  }
}

}  // namespace

std::vector<Tuple> speaker_tuples(std::span<const int64_t> speakers,
                                  const SpeakerSamplerOptions& options, uint64_t seed) {
  check(options);
  at::Generator generator = at::detail::createCPUGenerator(seed);
  BySpeaker utterances;
  for (const int64_t i : permutation(speakers.size(), generator)) {
    utterances[speakers[static_cast<size_t>(i)]].push_back(i);
  }
  const std::vector<SpeakerTuple> tuples = list_tuples(utterances, options);
  const std::vector<int64_t> order = permutation(tuples.size(), generator);
  const auto batch = static_cast<size_t>(options.speakers_per_batch);
  std::vector<Tuple> placed;
  if (options.utterances_per_speaker == 1) {
    for (const int64_t i : order) placed.push_back(tuples[static_cast<size_t>(i)].utterances);
  } else {
    placed = without_clashes(tuples, order, batch);
  }
  placed.resize(placed.size() / batch * batch);
  return placed;
}

std::vector<Tuple> speaker_and_spoof_tuples(std::span<const int64_t> speakers,
                                            const std::vector<bool>& spoof,
                                            const SpeakerSamplerOptions& options, uint64_t seed) {
  check(options);
  if (options.spoof_tuples_per_batch < 1) {
    throw UsageError("a batch must have room for at least one tuple of spoofed utterances");
  }
  if (speakers.size() != spoof.size()) {
    throw UsageError(fmt::format("{} speakers of {} utterances", speakers.size(), spoof.size()));
  }
  at::Generator generator = at::detail::createCPUGenerator(seed);
  BySpeaker classes[2];  // bona fide, spoof
  std::set<int64_t> everyone;
  for (const int64_t i : permutation(speakers.size(), generator)) {
    const auto at = static_cast<size_t>(i);
    classes[spoof[at] ? 1 : 0][speakers[at]].push_back(i);
    everyone.insert(speakers[at]);
  }
  std::vector<SpeakerTuple> tuples[2] = {list_tuples(classes[0], options),
                                         list_tuples(classes[1], options)};
  if (options.repeat_stale_pairs) repeat_stale(classes, everyone, options, tuples);

  const std::vector<int64_t> bona_fide_order = permutation(tuples[0].size(), generator);
  const std::vector<int64_t> spoof_order = permutation(tuples[1].size(), generator);
  const auto bona_fide_share = static_cast<size_t>(options.speakers_per_batch);
  const auto spoof_share = static_cast<size_t>(options.spoof_tuples_per_batch);
  const auto bona_fide = without_clashes(tuples[0], bona_fide_order, bona_fide_share);
  const size_t batches =
      std::min(bona_fide.size() / bona_fide_share, spoof_order.size() / spoof_share);
  std::vector<Tuple> epoch;
  for (size_t batch = 0; batch < batches; ++batch) {
    for (size_t i = 0; i < bona_fide_share; ++i) {
      epoch.push_back(bona_fide[batch * bona_fide_share + i]);
    }
    for (size_t i = 0; i < spoof_share; ++i) {
      const int64_t drawn = spoof_order[batch * spoof_share + i];
      epoch.push_back(tuples[1][static_cast<size_t>(drawn)].utterances);
    }
  }
  epoch.resize(epoch.size() / bona_fide_share * bona_fide_share);
  return epoch;
}

std::vector<int64_t> number_speakers(const std::vector<Trial>& trials) {
  std::map<std::string, int64_t> numbers;
  for (const Trial& trial : trials) {
    if (trial.speaker.empty()) {
      throw UsageError(fmt::format("{} has no speaker", printable(trial.id)));
    }
    numbers.emplace(trial.speaker, 0);
  }
  int64_t next = 0;
  for (auto& [name, number] : numbers) number = next++;
  std::vector<int64_t> speakers;
  for (const Trial& trial : trials) speakers.push_back(numbers.at(trial.speaker));
  return speakers;
}

}  // namespace bonafide
