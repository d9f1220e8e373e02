#include "train/loader.h"

#include <algorithm>

#include "audio/crop.h"
#include "audio/decode.h"
#include "base/error.h"
#include "base/random.h"

namespace bonafide {

namespace {
constexpr uint64_t kOrderStream = 1;
constexpr uint64_t kCropStream = 2;
constexpr size_t kBatchesAhead = 3;

// One stream of random numbers for each purpose, epoch and utterance.
uint64_t stream(uint64_t purpose, uint64_t epoch, uint64_t item) {
  return scatter(scatter(scatter(purpose) + epoch) + item);
}
}  // namespace

int64_t batches_per_epoch(size_t trials, const LoaderOptions& options) {
  const size_t partial = options.drop_last ? 0 : options.batch_size - 1;
  return static_cast<int64_t>((trials + partial) / options.batch_size);
}

EpochLoader::EpochLoader(const std::vector<Trial>& trials, const LoaderOptions& options,
                         uint64_t epoch, int64_t first_batch)
    : options_(options) {
  for (const Trial& trial : trials) order_.push_back(&trial);
  Random random(options.seed, stream(kOrderStream, epoch, 0));
  random.shuffle(std::span(order_));
  const auto batches = static_cast<size_t>(batches_per_epoch(trials.size(), options));
  order_.resize(std::min(order_.size(), batches * options.batch_size));
  order_.erase(
      order_.begin(),
      order_.begin() + static_cast<long>(std::min(
                           order_.size(), static_cast<size_t>(first_batch) * options.batch_size)));
  left_ = order_.size();
  pipeline_ = std::make_unique<OrderedPipeline<Item>>(
      order_.size(), options.threads, kBatchesAhead * options.batch_size,
      [this, epoch](size_t i) { return load(*order_[i], epoch); });
}

EpochLoader::Item EpochLoader::load(const Trial& trial, uint64_t epoch) const {
  Item item;
  item.label = trial.label;
  try {
    const Recording recording = decode(location_of(trial), {.sample_rate = options_.sample_rate});
    Random random(options_.seed, stream(kCropStream, epoch, hash(trial.id)));
    const auto& samples = recording.waveform.samples;
    item.samples = options_.random_crop ? crop_random(samples, options_.samples, random)
                                        : crop_first(samples, options_.samples);
  } catch (const std::exception& e) {
    item.trouble = e.what();
  }
  return item;
}

std::optional<Batch> EpochLoader::next() {
  while (left_ > 0) {
    const size_t wanted = std::min(options_.batch_size, left_);
    const auto width = static_cast<int64_t>(options_.samples);
    auto wave = torch::empty({static_cast<int64_t>(wanted), width});
    auto label = torch::empty({static_cast<int64_t>(wanted)}, torch::kInt64);
    int64_t rows = 0;
    for (size_t i = 0; i < wanted; ++i, --left_) {
      const Item item = *pipeline_->next();
      if (!item.trouble.empty()) {
        if (!options_.skip_broken) throw Error(item.trouble);
        broken_.push_back(item.trouble);
        continue;
      }
      std::copy(item.samples.begin(), item.samples.end(), wave.data_ptr<float>() + rows * width);
      label.data_ptr<int64_t>()[rows++] = item.label == Label::kBonaFide ? 1 : 0;
    }
    if (rows > 0) return Batch{wave.narrow(0, 0, rows), label.narrow(0, 0, rows)};
  }
  return std::nullopt;
}

}  // namespace bonafide
