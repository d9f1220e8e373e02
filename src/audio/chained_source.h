#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "audio/sound_source.h"

namespace bonafide {

// Sound streams of one file, one after another, as a single one: links of an Ogg chain, files that
// were appended to each other. Each is opened when its turn comes. It has the sample rate and the
// number of channels of the first; one with other channels is down-mixed and its average put into
// each of them, one of another rate is left out, and so is one that cannot be read: the remarks say
// so.
class ChainedSource : public SoundSource {
 public:
  // Opens the next part; nothing at the end. Throws Error for a part that cannot be read.
  using Next = std::function<std::unique_ptr<SoundSource>()>;

  // Throws the first part's Error when none can be read.
  explicit ChainedSource(Next next);

  int sample_rate() const override { return sample_rate_; }
  int channels() const override { return channels_; }
  std::string format() const override { return format_; }
  size_t frames() const override { return 0; }
  size_t read(float* samples, size_t count) override;
  const std::string& trouble() const override;
  std::vector<std::string> remarks(size_t got) const override;

 private:
  struct Remark {
    size_t part;
    std::string text;
  };

  void open_next();
  void give_up();
  bool fits() const;
  size_t read_part(float* samples, size_t count);
  void note(std::string text);

  Next next_;
  std::unique_ptr<SoundSource> part_;  // nothing at the end
  size_t number_ = 0;                  // of the part, from 1
  size_t got_ = 0;                     // frames of the part
  int sample_rate_ = 0;
  int channels_ = 0;
  std::string format_;
  std::vector<float> mixed_;  // a part's frames where it has other channels
  std::vector<Remark> said_;
  size_t unreadable_ = 0;  // parts
  bool gave_up_ = false;   // after too many of them
  size_t unsaid_ = 0;      // remarks over the most that are kept
};

}  // namespace bonafide
