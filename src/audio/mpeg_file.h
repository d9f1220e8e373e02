#pragma once

#include <mpg123.h>

#include <cstddef>
#include <memory>
#include <span>

#include "audio/memory_stream.h"
#include "audio/sound_source.h"

namespace bonafide {

// Whether the bytes begin as MPEG audio (mp1, mp2, mp3) does, or with an ID3 tag and then nothing
// better known.
bool is_mpeg(std::span<const std::byte> bytes);

// MPEG audio in memory, decoded by mpg123. libsndfile would do the same, but lets mpg123 write its
// remarks about broken files to stderr. The bytes must outlive it.
class MpegFile : public SoundSource {
 public:
  explicit MpegFile(std::span<const std::byte> bytes);

  int sample_rate() const override { return static_cast<int>(sample_rate_); }
  int channels() const override { return channels_; }
  std::string format() const override { return "mpeg"; }
  size_t frames() const override { return frames_; }
  size_t read(float* samples, size_t count) override;
  const std::string& trouble() const override { return trouble_; }

 private:
  MemoryStream stream_;
  std::unique_ptr<mpg123_handle, void (*)(mpg123_handle*)> mpeg_;
  long sample_rate_ = 0;
  int channels_ = 0;
  size_t frames_ = 0;
  std::string trouble_;
};

}  // namespace bonafide
