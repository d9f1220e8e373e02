#pragma once

#include <cstddef>
#include <string>

namespace bonafide {

// A stream of decoded samples, from a decoder library of others. Its errors name no file.
class SoundSource {
 public:
  SoundSource() = default;
  virtual ~SoundSource() = default;
  SoundSource(const SoundSource&) = delete;
  SoundSource& operator=(const SoundSource&) = delete;

  virtual int sample_rate() const = 0;  // Hz
  virtual int channels() const = 0;
  virtual std::string format() const = 0;  // "flac pcm_16"
  // What the header promises, 0 when it does not say; a wrong claim is harmless here.
  virtual size_t frames() const = 0;

  // Reads up to `count` frames into `samples` (count x channels); none only at the end.
  virtual size_t read(float* samples, size_t count) = 0;
  // Goes to a frame, to the sample; false when the format or the file does not let us, and then
  // nothing may be read any more.
  virtual bool seek(size_t frame) {
    (void)frame;
    return false;
  }
  // What was first found wrong while reading; empty for a sound stream.
  virtual const std::string& trouble() const = 0;
};

}  // namespace bonafide
