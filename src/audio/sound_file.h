#pragma once

#include <sndfile.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "audio/memory_stream.h"
#include "audio/sound_source.h"

namespace bonafide {

using OpenSound = std::unique_ptr<SNDFILE, int (*)(SNDFILE*)>;

// What `open` gives, by one thread at a time: libsndfile leaves the reason of a failed open in a
// variable that all share. Throws Error with it.
OpenSound open_sound(const std::function<SNDFILE*()>& open);

// A sound file in memory, decoded by libsndfile. The bytes must outlive it. Of an Ogg chain it
// reads the first link only.
class SoundFile : public SoundSource {
 public:
  // `raw_format` is 0, or SF_FORMAT_RAW and a codec for 8 kHz mono bytes without a header. Throws
  // Error when libsndfile cannot read it.
  explicit SoundFile(MemoryStream stream, int raw_format = 0);

  int sample_rate() const override { return info_.samplerate; }
  int channels() const override { return info_.channels; }
  std::string format() const override;
  // 0 for Ogg, which has no such header, and where libsndfile does not know.
  size_t frames() const override;
  size_t read(float* samples, size_t count) override;
  // Where samples have a fixed size.
  bool seek(size_t frame) override;
  const std::string& trouble() const override { return trouble_; }

 private:
  MemoryStream stream_;
  SF_INFO info_{};
  OpenSound file_;
  std::string trouble_;
};

}  // namespace bonafide
