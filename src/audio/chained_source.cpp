#include "audio/chained_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/error.h"

namespace bonafide {

namespace {

constexpr size_t kMostRemarks = 4;
// Whoever has as many is no recording, and libsndfile loses some memory over each broken Vorbis.
constexpr size_t kMostUnreadable = 100;

}  // namespace

ChainedSource::ChainedSource(Next next) : next_(std::move(next)) {
  open_next();
  if (!part_) throw Error(said_.empty() ? "it holds no sound stream" : said_.front().text);
  sample_rate_ = part_->sample_rate();
  channels_ = part_->channels();
  format_ = part_->format();
}

void ChainedSource::note(std::string text) {
  if (said_.size() == kMostRemarks) {
    ++unsaid_;
  } else {
    said_.push_back({number_, std::move(text)});
  }
}

bool ChainedSource::fits() const {
  return sample_rate_ == 0 || part_->sample_rate() == sample_rate_;
}

void ChainedSource::give_up() {
  part_.reset();
  next_ = [] { return nullptr; };
  gave_up_ = true;
  ++number_;
}

void ChainedSource::open_next() {
  while (true) {
    ++number_;
    got_ = 0;
    try {
      part_ = next_();
      if (!part_ || fits()) return;
      note(fmt::format("was not read: it has {} Hz, not {}", part_->sample_rate(), sample_rate_));
    } catch (const Error& e) {
      note(e.what());
      if (++unreadable_ == kMostUnreadable) return give_up();
    }
  }
}

size_t ChainedSource::read_part(float* samples, size_t count) {
  const auto width = static_cast<size_t>(part_->channels());
  const auto target_width = static_cast<size_t>(channels_);
  if (width == target_width) return part_->read(samples, count);
  mixed_.resize(count * width);
  const size_t got = part_->read(mixed_.data(), count);
  for (size_t i = 0; i < got; ++i) {
    const auto frame = mixed_.begin() + static_cast<std::ptrdiff_t>(i * width);
    const double sum = std::accumulate(frame, frame + static_cast<std::ptrdiff_t>(width), 0.0);
    std::fill_n(samples + i * target_width, target_width,
                static_cast<float>(sum / static_cast<double>(width)));
  }
  return got;
}

size_t ChainedSource::read(float* samples, size_t count) {
  while (part_) {
    const size_t got = read_part(samples, count);
    got_ += got;
    if (got > 0) return got;
    for (std::string& remark : part_->remarks(got_)) note(std::move(remark));
    open_next();
  }
  return 0;
}

const std::string& ChainedSource::trouble() const {
  static const std::string kNone;
  return part_ ? part_->trouble() : kNone;
}

std::vector<std::string> ChainedSource::remarks(size_t got) const {
  std::vector<std::string> all = SoundSource::remarks(got);
  const size_t parts = part_ ? number_ : number_ - 1;
  for (const Remark& remark : said_) {
    all.push_back(parts > 1 ? fmt::format("stream {} of {}: {}", remark.part, parts, remark.text)
                            : remark.text);
  }
  if (gave_up_) {
    all.push_back(
        fmt::format("nothing was read behind {} streams that cannot be", kMostUnreadable));
  }
  if (unsaid_ > 0) all.push_back(fmt::format("{} more remarks of this kind", unsaid_));
  return all;
}

}  // namespace bonafide
