#include "train/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "audio/decode.h"
#include "base/error.h"
#include "base/random.h"
#include "train/communicator.h"

namespace bonafide {

namespace {
constexpr uint64_t kOrderStream = 1;
constexpr uint64_t kCropStream = 2;
constexpr uint64_t kAugmentStream = 3;
constexpr size_t kBatchesAhead = 3;

// One stream of random numbers for each purpose, epoch and utterance.
uint64_t stream(uint64_t purpose, uint64_t epoch, uint64_t item) {
  return scatter(scatter(scatter(purpose) + epoch) + item);
}

std::vector<const Trial*> shuffled(const std::vector<Trial>& trials, Random& random) {
  std::vector<const Trial*> order;
  for (const Trial& trial : trials) order.push_back(&trial);
  random.shuffle(std::span(order));
  return order;
}

// As many as there are, with replacement: first a class, then one of its utterances. This is the
// reference's weighted sampler with the inverse size of the class as weight.
std::vector<const Trial*> drawn_evenly(const std::vector<Trial>& trials, Random& random) {
  std::array<std::vector<const Trial*>, 2> classes;
  for (const Trial& trial : trials) classes[trial.label == Label::kBonaFide].push_back(&trial);
  std::vector<const Trial*> order;
  for (size_t i = 0; i < trials.size(); ++i) {
    const auto& drawn = classes[random.below(2)];
    const auto& members = drawn.empty() ? classes[classes[0].empty()] : drawn;
    order.push_back(members[random.below(members.size())]);
  }
  return order;
}

}  // namespace

int64_t batches_per_epoch(size_t trials, const LoaderOptions& options) {
  const size_t joined = options.batch_size * static_cast<size_t>(options.size);
  const size_t rest = trials % joined;  // worth a batch when every process gets some of it
  const bool one_more = !options.drop_last && rest >= static_cast<size_t>(options.size);
  return static_cast<int64_t>(trials / joined + (one_more ? 1 : 0));
}

EpochLoader::EpochLoader(const std::vector<Trial>& trials, const Frontend& frontend,
                         const LoaderOptions& options, uint64_t epoch, int64_t first_batch)
    : frontend_(frontend), options_(options) {
  Random random(options.seed, stream(kOrderStream, epoch, 0));
  const auto order = options.balanced ? drawn_evenly(trials, random) : shuffled(trials, random);
  const auto batches = static_cast<size_t>(batches_per_epoch(trials.size(), options));
  const size_t joined = options.batch_size * static_cast<size_t>(options.size);
  for (auto batch = static_cast<size_t>(first_batch); batch < batches; ++batch) {
    const size_t start = batch * joined;
    const auto [begin, end] =
        share_of(std::min(joined, order.size() - start), options.rank, options.size);
    for (size_t i = start + begin; i < start + end; ++i) places_.push_back({order[i], i});
    sizes_.push_back(end - begin);
  }
  std::reverse(sizes_.begin(), sizes_.end());
  pipeline_ = std::make_unique<OrderedPipeline<Item>>(
      places_.size(), options.threads, kBatchesAhead * options.batch_size,
      [this, epoch](size_t i) { return load(places_[i], epoch); });
}

// An utterance that is drawn twice in an epoch is cropped and augmented in two ways.
EpochLoader::Item EpochLoader::load(const Place& place, uint64_t epoch) const {
  Item item;
  item.label = place.trial->label;
  const uint64_t utterance = hash(place.trial->id) + (options_.balanced ? place.index : 0);
  try {
    Waveform waveform =
        decode(location_of(*place.trial), {.sample_rate = options_.sample_rate}).waveform;
    if (options_.augmentation != nullptr) {
      Random random(options_.seed, stream(kAugmentStream, epoch, utterance));
      waveform = options_.augmentation->apply(std::move(waveform), random);
      if (waveform.samples.empty()) throw Error("the augmentation leaves nothing of it");
    }
    Random random(options_.seed, stream(kCropStream, epoch, utterance));
    item.input = frontend_.for_training(waveform.samples, random);
  } catch (const std::exception& e) {
    item.trouble = e.what();
  }
  return item;
}

std::optional<Batch> EpochLoader::next() {
  while (!sizes_.empty()) {
    const size_t wanted = sizes_.back();
    sizes_.pop_back();
    std::vector<NetworkInput> inputs;
    std::vector<int64_t> labels;
    for (size_t i = 0; i < wanted; ++i) {
      Item item = *pipeline_->next();
      if (!item.trouble.empty()) {
        if (!options_.skip_broken) throw Error(item.trouble);
        broken_.push_back(item.trouble);
        continue;
      }
      inputs.push_back(std::move(item.input));
      labels.push_back(item.label == Label::kBonaFide ? 1 : 0);
    }
    if (inputs.empty() && options_.size > 1) {
      // The other processes go on with this batch; nobody may fall out of step.
      throw Error(fmt::format("not one recording of a batch can be read; {}", broken_.back()));
    }
    if (!inputs.empty()) return Batch{stack(inputs), torch::tensor(labels)};
  }
  return std::nullopt;
}

}  // namespace bonafide
