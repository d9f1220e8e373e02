#pragma once

#include <sndfile.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace bonafide {

// A sound file in memory, opened by libsndfile. The bytes must outlive it.
class SoundFile {
 public:
  // `raw_format` is 0, or SF_FORMAT_RAW and a codec for 8 kHz mono bytes without a header. Throws
  // Error (without a file name) when libsndfile cannot read it.
  explicit SoundFile(std::span<const std::byte> bytes, int raw_format = 0);

  int sample_rate() const { return info_.samplerate; }
  int channels() const { return info_.channels; }
  // What the header claims; a wrong claim is harmless here.
  size_t frames() const { return info_.frames > 0 ? static_cast<size_t>(info_.frames) : 0; }
  std::string format() const;  // "flac pcm_16"

  // Reads up to `count` frames into `samples` (count x channels); fewer only at the end.
  size_t read(float* samples, size_t count);
  // What was first found wrong while reading; empty for a sound stream.
  const std::string& trouble() const { return trouble_; }

 private:
  struct Source {
    std::span<const std::byte> bytes;
    sf_count_t position = 0;

    static sf_count_t length(void* self);
    static sf_count_t seek(sf_count_t offset, int whence, void* self);
    static sf_count_t read(void* to, sf_count_t count, void* self);
    static sf_count_t tell(void* self);
  };

  std::unique_ptr<Source> source_;
  SF_INFO info_{};
  std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file_;
  std::string trouble_;
};

}  // namespace bonafide
