#include "loading/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>

#include "audio/decode.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "loading/archive_order.h"
#include "processes/communicator.h"
#include "tensor/one_thread.h"

namespace bonafide {

namespace {
constexpr uint64_t kOrderStream = 1;
constexpr uint64_t kCropStream = 2;
constexpr uint64_t kAugmentStream = 3;
constexpr uint64_t kEarlyCropStream = 4;
constexpr uint64_t kReferenceStream = 5;
constexpr size_t kBatchesAhead = 3;

// One stream of random numbers for each purpose, epoch and utterance.
uint64_t stream(uint64_t purpose, uint64_t epoch, uint64_t item) {
  return scatter(scatter(scatter(purpose) + epoch) + item);
}

using Order = std::vector<size_t>;  // numbers of trials

Order shuffled(size_t trials, Random& random) {
  Order order(trials);
  std::iota(order.begin(), order.end(), size_t{0});
  random.shuffle(std::span(order));
  return order;
}

// As many as there are, with replacement: first a class, then one of its utterances. This is the
// reference's weighted sampler with the inverse size of the class as weight.
Order drawn_evenly(const std::vector<Trial>& trials, Random& random) {
  std::array<Order, 2> classes;
  for (size_t i = 0; i < trials.size(); ++i) {
    classes[is_bona_fide(trials[i].truth)].push_back(i);
  }
  Order order;
  for (size_t i = 0; i < trials.size(); ++i) {
    const Order& drawn = classes[random.below(2)];
    const Order& members = drawn.empty() ? classes[classes[0].empty()] : drawn;
    order.push_back(members[random.below(members.size())]);
  }
  return order;
}

// As many as there are, with replacement.
Order drawn_by_weight(const std::vector<double>& weights, Random& random) {
  std::vector<double> sums(weights.size());
  std::partial_sum(weights.begin(), weights.end(), sums.begin());
  const double below = std::nextafter(sums.back(), 0.0);  // a product may round up to the sum
  Order order;
  for (size_t i = 0; i < weights.size(); ++i) {
    const double point = std::min(below, random.uniform(0, sums.back()));
    const auto drawn = std::upper_bound(sums.begin(), sums.end(), point);
    order.push_back(static_cast<size_t>(std::distance(sums.begin(), drawn)));
  }
  return order;
}

// As Batch has it.
int64_t number_of(Truth truth) {
  if (truth == Truth::kUnknown) return -1;
  return is_bona_fide(truth) ? 1 : 0;
}

bool draws_tuples(const LoaderOptions& options) {
  return options.sampler == Sampler::kSpeakers || options.sampler == Sampler::kSpeakersAndSpoofs;
}

// With the shares of a batch worked out.
SpeakerSamplerOptions tuple_options(const LoaderOptions& options) {
  SpeakerSamplerOptions tuples = options.tuples;
  const auto batch = static_cast<int64_t>(options.batch_size);
  const int64_t width = tuples.utterances_per_speaker;
  if (width < 1 || batch % width != 0) {
    throw UsageError(fmt::format(
        "train.batch_size: {} is no multiple of the {} utterances of a tuple", batch, width));
  }
  const int64_t room = batch / width;
  const bool spoofs = options.sampler == Sampler::kSpeakersAndSpoofs;
  if (tuples.speakers_per_batch == 0) tuples.speakers_per_batch = spoofs ? room / 2 : room;
  tuples.spoof_tuples_per_batch = room - tuples.speakers_per_batch;
  if (tuples.spoof_tuples_per_batch < (spoofs ? 1 : 0) || tuples.speakers_per_batch < 1 ||
      (!spoofs && tuples.spoof_tuples_per_batch > 0)) {
    throw UsageError(fmt::format(
        "train.tuples.speakers: a batch of {} has room for {} tuples of {}, not for {} speakers{}",
        batch, room, width, tuples.speakers_per_batch, spoofs ? " and a spoofed tuple" : ""));
  }
  return tuples;
}

// The published code counts epochs from 1.
Order tuples_in_order(const std::vector<Trial>& trials, const LoaderOptions& options,
                      uint64_t epoch) {
  const auto speakers = number_speakers(trials);
  const uint64_t seed = options.seed + epoch + 1;
  std::vector<Tuple> tuples;
  if (options.sampler == Sampler::kSpeakers) {
    tuples = speaker_tuples(speakers, tuple_options(options), seed);
  } else {
    std::vector<bool> spoof;
    for (const Trial& trial : trials) spoof.push_back(trial.truth == Truth::kSpoof);
    tuples = speaker_and_spoof_tuples(speakers, spoof, tuple_options(options), seed);
  }
  Order order;
  for (const Tuple& tuple : tuples) {
    for (const int64_t i : tuple) order.push_back(static_cast<size_t>(i));
  }
  return order;
}

Order order_of(const std::vector<Trial>& trials, const LoaderOptions& options, uint64_t epoch) {
  if (draws_tuples(options)) return tuples_in_order(trials, options, epoch);
  Random random(options.seed, stream(kOrderStream, epoch, 0));
  if (options.sampler == Sampler::kShards) return archive_order(trials, random);
  if (options.sampler == Sampler::kWeighted) {
    return drawn_by_weight(sampling_weights(trials, options.weights), random);
  }
  return options.sampler == Sampler::kBalanced ? drawn_evenly(trials, random)
                                               : shuffled(trials.size(), random);
}

// Nothing where not every trial says its speaker: not every system needs them.
std::vector<int64_t> speakers_of(const std::vector<Trial>& trials) {
  const bool all_known = std::all_of(trials.begin(), trials.end(),
                                     [](const Trial& trial) { return !trial.speaker.empty(); });
  return all_known ? number_speakers(trials) : std::vector<int64_t>();
}

// Batches of so many utterances.
size_t batches_of(size_t utterances, const LoaderOptions& options) {
  const size_t joined = options.batch_size * static_cast<size_t>(options.size);
  const size_t rest = utterances % joined;  // worth a batch when every process gets some of it
  const bool one_more =
      !options.drop_last && !draws_tuples(options) && rest >= static_cast<size_t>(options.size);
  return utterances / joined + (one_more ? 1 : 0);
}

// The most utterances that an epoch of tuples can have.
size_t most_in_tuples(const std::vector<Trial>& trials, const LoaderOptions& options) {
  const SpeakerSamplerOptions tuples = tuple_options(options);
  const auto speakers = number_speakers(trials);
  std::map<std::pair<bool, int64_t>, int64_t> counts;  // of a class and a speaker
  for (size_t i = 0; i < trials.size(); ++i) {
    const bool spoof =
        options.sampler == Sampler::kSpeakersAndSpoofs && trials[i].truth == Truth::kSpoof;
    ++counts[{spoof, speakers[i]}];
  }
  int64_t most[2] = {0, 0};  // tuples of each class
  for (const auto& [whose, count] : counts) {
    most[whose.first ? 1 : 0] +=
        std::min(count, tuples.max_utterances_per_speaker) / tuples.utterances_per_speaker;
  }
  int64_t batches = most[0] / tuples.speakers_per_batch;
  if (tuples.spoof_tuples_per_batch > 0) {
    batches = std::min(batches, most[1] / tuples.spoof_tuples_per_batch);
  }
  return static_cast<size_t>(batches) * options.batch_size;
}

}  // namespace

int64_t batches_per_epoch(const std::vector<Trial>& trials, const LoaderOptions& options) {
  const bool any_order = options.sampler != Sampler::kShards || options.references != nullptr;
  if (any_order) expect_no_compressed_archive(trials);
  if (options.sampler == Sampler::kWeighted) sampling_weights(trials, options.weights);
  const size_t utterances = draws_tuples(options) ? most_in_tuples(trials, options) : trials.size();
  return static_cast<int64_t>(batches_of(utterances, options));
}

EpochLoader::EpochLoader(const std::vector<Trial>& trials, const Frontend& frontend,
                         const LoaderOptions& options, uint64_t epoch, int64_t first_batch)
    : trials_(trials), speakers_(speakers_of(trials)), frontend_(frontend), options_(options) {
  const Order order = order_of(trials, options, epoch);
  const size_t batches = batches_of(order.size(), options);
  const size_t joined = options.batch_size * static_cast<size_t>(options.size);
  for (auto batch = static_cast<size_t>(first_batch); batch < batches; ++batch) {
    const size_t start = batch * joined;
    const auto [begin, end] =
        share_of(std::min(joined, order.size() - start), options.rank, options.size);
    for (size_t i = start + begin; i < start + end; ++i) places_.push_back({order[i], i});
    sizes_.push_back(end - begin);
  }
  std::reverse(sizes_.begin(), sizes_.end());
  batches_ = static_cast<int64_t>(batches);
  pipeline_ = std::make_unique<OrderedPipeline<Item>>(
      places_.size(), options.threads, kBatchesAhead * options.batch_size,
      [this, epoch](size_t i) { return load(places_[i], epoch); });
}

bool EpochLoader::repeats() const {
  return options_.sampler == Sampler::kBalanced || options_.sampler == Sampler::kWeighted ||
         options_.tuples.repeat_stale_pairs;
}

// An utterance that is drawn twice in an epoch is cropped and augmented in two ways.
EpochLoader::Item EpochLoader::load(const Place& place, uint64_t epoch) const {
  keep_to_this_thread();
  const Trial& trial = trials_[place.trial];
  Item item;
  item.trial = place.trial;
  const uint64_t utterance = hash(identity(trial)) + (repeats() ? place.index : 0);
  try {
    item.input = prepared(location_of(trial), epoch, utterance, item.loss);
    if (options_.references != nullptr) {
      const uint64_t drawn = stream(kReferenceStream, epoch, utterance);
      Random random(options_.seed, drawn);
      std::string loss_of_reference;
      item.reference =
          prepared(options_.references->draw(trial, random), epoch, drawn, loss_of_reference);
      if (item.loss.empty()) item.loss = std::move(loss_of_reference);
    }
  } catch (const std::exception& e) {
    item.trouble = e.what();
  }
  return item;
}

// Read, augmented and made a network's input.
NetworkInput EpochLoader::prepared(const AudioLocation& location, uint64_t epoch,
                                   uint64_t utterance, std::string& loss) const {
  const uint64_t crop_stream = stream(kCropStream, epoch, utterance);
  std::optional<StretchChoice> looked_at;
  if (frontend_.stretch()) {
    looked_at = choose(options_.stretch, *frontend_.stretch(), crop_stream);
  }
  Waveform waveform;
  if (options_.early_crop) {
    const Crop& crop = *options_.early_crop;
    const auto early =
        choose(crop.stretch, crop.samples, stream(kEarlyCropStream, epoch, utterance));
    waveform = read(location, early, loss);
    waveform.samples = filled(std::move(waveform.samples), crop.samples, crop.filling);
  } else {
    waveform = read(location, options_.augmentation == nullptr ? looked_at : std::nullopt, loss);
  }
  if (options_.augmentation != nullptr) {
    Random random(options_.seed, stream(kAugmentStream, epoch, utterance));
    waveform = options_.augmentation->apply(std::move(waveform), random);
    if (waveform.samples.empty()) throw Error("the augmentation leaves nothing of it");
  }
  if (looked_at) cut(waveform.samples, *looked_at);
  Random random(options_.seed, crop_stream);
  return frontend_.make(waveform.samples, &random);
}

// The recording, or only the stretch that what follows looks at.
Waveform EpochLoader::read(const AudioLocation& location,
                           const std::optional<StretchChoice>& choice, std::string& loss) const {
  const int rate = options_.sample_rate;
  if (choice && options_.cache != nullptr) return options_.cache->read(location, rate, *choice);
  if (choice) return decode_stretch(location, rate, *choice, &loss);
  Recording recording = options_.cache != nullptr ? options_.cache->read(location, rate)
                                                  : decode(location, {.sample_rate = rate});
  loss = losses_of(recording);
  return std::move(recording.waveform);
}

// The same stretch however often it is asked for.
StretchChoice EpochLoader::choose(Stretch which, size_t samples, uint64_t random_stream) const {
  return {samples, [=, seed = options_.seed](size_t total) {
            Random random(seed, random_stream);
            return stretch_start(which, total, samples, random);
          }};
}

size_t EpochLoader::tuple_width() const {
  return draws_tuples(options_) ? static_cast<size_t>(options_.tuples.utterances_per_speaker) : 1;
}

std::vector<EpochLoader::Item> EpochLoader::readable(size_t wanted) {
  const size_t together = tuple_width();
  std::vector<Item> items;
  for (size_t i = 0; i < wanted; i += together) {
    std::vector<Item> tuple;
    bool whole = true;
    for (size_t k = i; k < std::min(i + together, wanted); ++k) {
      tuple.push_back(std::move(*pipeline_->next()));
      const auto& [input, reference, trial, trouble, loss] = tuple.back();
      if (!loss.empty()) {
        read_in_part_.push_back(
            fmt::format("{}: {}", printable(location_of(trials_[trial]).name()), loss));
      }
      if (trouble.empty()) continue;
      if (!options_.skip_broken) throw Error(trouble);
      broken_.push_back(trouble);
      whole = false;
    }
    if (whole) std::move(tuple.begin(), tuple.end(), std::back_inserter(items));
  }
  return items;
}

std::optional<Batch> EpochLoader::next() {
  while (!sizes_.empty()) {
    const size_t wanted = sizes_.back();
    sizes_.pop_back();
    std::vector<Item> items = readable(wanted);
    if (items.empty() && options_.size > 1) {
      // The other processes go on with this batch; nobody may fall out of step.
      throw Error(fmt::format("not one recording of a batch can be read; {}", broken_.back()));
    }
    if (!items.empty()) return batch_of(std::move(items));
  }
  return std::nullopt;
}

Batch EpochLoader::batch_of(std::vector<Item> items) const {
  std::vector<NetworkInput> inputs, references;
  std::vector<int64_t> labels, speakers;
  for (Item& item : items) {
    inputs.push_back(std::move(item.input));
    if (options_.references != nullptr) references.push_back(std::move(item.reference));
    labels.push_back(number_of(trials_[item.trial].truth));
    if (!speakers_.empty()) speakers.push_back(speakers_[item.trial]);
  }
  Batch batch{stack(inputs), torch::tensor(labels)};
  if (!speakers.empty()) batch.speaker = torch::tensor(speakers);
  batch.tuple = static_cast<int64_t>(tuple_width());
  if (!references.empty()) batch.reference = stack(references);
  return batch;
}

}  // namespace bonafide
