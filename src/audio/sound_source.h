#pragma once

#include <cstddef>
#include <string>
#include <vector>

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

  // What whoever opened it knows of the file: "truncated: 92 bytes fewer than the header promises".
  void add_remark(std::string remark) { remarks_.push_back(std::move(remark)); }
  // For a stream of unknown length that stops where it should not: "the Ogg stream has no end".
  void set_cut(std::string cut) { cut_ = std::move(cut); }
  // What is to be said once all is read, which gave `got` frames: the remarks, what is missing
  // and what was found wrong.
  virtual std::vector<std::string> remarks(size_t got) const;

 private:
  std::vector<std::string> remarks_;
  std::string cut_;
};

}  // namespace bonafide
