#pragma once

#include <FLAC/stream_decoder.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "audio/memory_stream.h"
#include "audio/sound_source.h"

namespace bonafide {

// Whether the bytes begin as a FLAC stream does (one in Ogg does not).
bool is_flac(std::span<const std::byte> bytes);

// A FLAC file in memory, decoded by libFLAC itself: libsndfile stands between for half as long
// again. It may be wrapped in Ogg, as the only stream there. The bytes must outlive it. Frames are
// checked by their CRC; the MD5 sum of the whole is not looked at, as for libsndfile. A header's
// length is never exceeded, also as there.
class FlacSource : public SoundSource {
 public:
  enum class Wrapping { kNone, kOgg };

  // Throws Error when there is no usable header.
  explicit FlacSource(MemoryStream stream, Wrapping wrapping = Wrapping::kNone);

  int sample_rate() const override { return sample_rate_; }
  int channels() const override { return channels_; }
  std::string format() const override;
  size_t frames() const override { return frames_; }
  size_t read(float* samples, size_t count) override;
  bool seek(size_t frame) override;
  const std::string& trouble() const override { return trouble_; }
  std::vector<std::string> remarks(size_t got) const override;

 private:
  struct Callbacks;

  void take(const FLAC__Frame& frame, const FLAC__int32* const* channels);
  void note(const std::string& trouble);
  void start();
  // The bytes that no frame was read from.
  uint64_t left_bytes() const;

  MemoryStream stream_;
  Wrapping wrapping_;
  std::unique_ptr<FLAC__StreamDecoder, void (*)(FLAC__StreamDecoder*)> decoder_;
  int sample_rate_ = 0;
  int channels_ = 0;
  int bits_ = 0;  // of a sample
  size_t frames_ = 0;
  size_t position_ = 0;  // frames handed out
  std::string trouble_;

  // Where the decoder puts a block: what is asked for straight to the reader, the rest aside.
  float* target_ = nullptr;
  size_t room_ = 0;            // samples of all channels that `target_` has room for
  std::vector<float> aside_;   // interleaved
  size_t aside_position_ = 0;  // of the first sample that nobody has read
};

}  // namespace bonafide
