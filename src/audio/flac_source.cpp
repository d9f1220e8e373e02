#include "audio/flac_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <new>
#include <utility>

#include "audio/bytes.h"
#include "base/error.h"

namespace bonafide {

namespace {

std::string describe(FLAC__StreamDecoderErrorStatus status) {
  switch (status) {
    case FLAC__STREAM_DECODER_ERROR_STATUS_LOST_SYNC:
      return "flac decoder lost sync";
    case FLAC__STREAM_DECODER_ERROR_STATUS_BAD_HEADER:
      return "flac frame header is broken";
    case FLAC__STREAM_DECODER_ERROR_STATUS_FRAME_CRC_MISMATCH:
      return "flac frame fails its checksum";
    default:
      return "flac frame cannot be parsed";
  }
}

// In pieces of a fixed length, which the compiler turns into vector instructions.
void scaled(const FLAC__int32* from, size_t count, float scale, float* to) {
  constexpr size_t kPiece = 16;
  size_t at = 0;
  for (; at + kPiece <= count; at += kPiece) {
    for (size_t i = 0; i < kPiece; ++i) to[at + i] = static_cast<float>(from[at + i]) * scale;
  }
  for (; at < count; ++at) to[at] = static_cast<float>(from[at]) * scale;
}

}  // namespace

bool is_flac(std::span<const std::byte> bytes) { return begins(bytes, 0, "fLaC"); }

struct FlacSource::Callbacks {
  static FlacSource& self(void* user) { return *static_cast<FlacSource*>(user); }

  static FLAC__StreamDecoderReadStatus read(const FLAC__StreamDecoder*, FLAC__byte* to,
                                            size_t* count, void* user) {
    const auto wanted = static_cast<int64_t>(*count);
    *count = static_cast<size_t>(self(user).stream_.read(to, wanted));
    return *count > 0 ? FLAC__STREAM_DECODER_READ_STATUS_CONTINUE
                      : FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM;
  }

  static FLAC__StreamDecoderSeekStatus seek(const FLAC__StreamDecoder*, FLAC__uint64 offset,
                                            void* user) {
    MemoryStream& stream = self(user).stream_;
    if (offset > static_cast<FLAC__uint64>(stream.size())) {
      return FLAC__STREAM_DECODER_SEEK_STATUS_ERROR;
    }
    stream.seek(static_cast<int64_t>(offset), SEEK_SET);
    return FLAC__STREAM_DECODER_SEEK_STATUS_OK;
  }

  static FLAC__StreamDecoderTellStatus tell(const FLAC__StreamDecoder*, FLAC__uint64* offset,
                                            void* user) {
    *offset = static_cast<FLAC__uint64>(self(user).stream_.position());
    return FLAC__STREAM_DECODER_TELL_STATUS_OK;
  }

  static FLAC__StreamDecoderLengthStatus length(const FLAC__StreamDecoder*, FLAC__uint64* length,
                                                void* user) {
    *length = static_cast<FLAC__uint64>(self(user).stream_.size());
    return FLAC__STREAM_DECODER_LENGTH_STATUS_OK;
  }

  static FLAC__bool at_end(const FLAC__StreamDecoder*, void* user) {
    const MemoryStream& stream = self(user).stream_;
    return stream.position() >= stream.size() ? 1 : 0;
  }

  static FLAC__StreamDecoderWriteStatus write(const FLAC__StreamDecoder*, const FLAC__Frame* frame,
                                              const FLAC__int32* const* channels, void* user) {
    FlacSource& source = self(user);
    if (static_cast<int>(frame->header.channels) != source.channels_ ||
        static_cast<int>(frame->header.bits_per_sample) != source.bits_ ||
        static_cast<int>(frame->header.sample_rate) != source.sample_rate_) {
      source.note("flac format changes in the middle");
      return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
    }
    try {
      source.take(*frame, channels);
    } catch (const std::bad_alloc&) {  // must not pass through C
      source.note("out of memory");
      return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
    }
    return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
  }

  static void metadata(const FLAC__StreamDecoder*, const FLAC__StreamMetadata* metadata,
                       void* user) {
    if (metadata->type != FLAC__METADATA_TYPE_STREAMINFO) return;
    FlacSource& source = self(user);
    const FLAC__StreamMetadata_StreamInfo& info = metadata->data.stream_info;
    source.sample_rate_ = static_cast<int>(info.sample_rate);
    source.channels_ = static_cast<int>(info.channels);
    source.bits_ = static_cast<int>(info.bits_per_sample);
    source.frames_ = static_cast<size_t>(info.total_samples);
  }

  static void error(const FLAC__StreamDecoder*, FLAC__StreamDecoderErrorStatus status, void* user) {
    self(user).note(describe(status));
  }
};

FlacSource::FlacSource(MemoryStream stream, Wrapping wrapping)
    : stream_(std::move(stream)),
      wrapping_(wrapping),
      decoder_(FLAC__stream_decoder_new(), FLAC__stream_decoder_delete) {
  start();
  FLAC__stream_decoder_process_until_end_of_metadata(decoder_.get());
  if (channels_ < 1 || bits_ < 1 || sample_rate_ < 1) {
    throw Error("the FLAC header is broken");
  }
}

void FlacSource::start() {
  const auto init = wrapping_ == Wrapping::kOgg ? FLAC__stream_decoder_init_ogg_stream
                                                : FLAC__stream_decoder_init_stream;
  if (!decoder_ || init(decoder_.get(), Callbacks::read, Callbacks::seek, Callbacks::tell,
                        Callbacks::length, Callbacks::at_end, Callbacks::write, Callbacks::metadata,
                        Callbacks::error, this) != FLAC__STREAM_DECODER_INIT_STATUS_OK) {
    throw Error("the FLAC decoder does not start");
  }
}

uint64_t FlacSource::left_bytes() const {
  FLAC__uint64 position = 0;
  if (wrapping_ == Wrapping::kOgg ||
      FLAC__stream_decoder_get_decode_position(decoder_.get(), &position) == 0) {
    return 0;
  }
  return static_cast<uint64_t>(stream_.size()) - position;
}

std::vector<std::string> FlacSource::remarks(size_t got) const {
  std::vector<std::string> said = SoundSource::remarks(got);
  const uint64_t left = frames_ > 0 && position_ == frames_ ? left_bytes() : 0;
  if (left > 0) {
    said.push_back(fmt::format(
        "{} bytes behind the {} samples that the header promises were not read", left, frames_));
  }
  return said;
}

std::string FlacSource::format() const {
  return fmt::format("{} pcm_{}", wrapping_ == Wrapping::kOgg ? "ogg flac" : "flac", bits_);
}

void FlacSource::note(const std::string& trouble) {
  if (trouble_.empty()) trouble_ = trouble;
}

void FlacSource::take(const FLAC__Frame& frame, const FLAC__int32* const* channels) {
  const size_t length = frame.header.blocksize;
  const auto width = static_cast<size_t>(channels_);
  const float scale = std::ldexp(1.0F, 1 - bits_);
  const size_t direct = std::min(length, room_ / width);
  if (width == 1) {
    scaled(channels[0], direct, scale, target_);
  } else {
    for (size_t i = 0; i < direct; ++i) {
      for (size_t c = 0; c < width; ++c) {
        target_[i * width + c] = static_cast<float>(channels[c][i]) * scale;
      }
    }
  }
  target_ += direct * width;
  room_ -= direct * width;
  for (size_t i = direct; i < length; ++i) {
    for (size_t c = 0; c < width; ++c) {
      aside_.push_back(static_cast<float>(channels[c][i]) * scale);
    }
  }
}

size_t FlacSource::read(float* samples, size_t count) {
  const auto width = static_cast<size_t>(channels_);
  if (frames_ > 0) count = std::min(count, frames_ - position_);
  target_ = samples;
  room_ = count * width;
  const size_t kept = std::min(room_, aside_.size() - aside_position_);
  std::copy_n(aside_.begin() + static_cast<std::ptrdiff_t>(aside_position_), kept, target_);
  target_ += kept;
  room_ -= kept;
  aside_position_ += kept;
  if (aside_position_ == aside_.size()) {
    aside_.clear();
    aside_position_ = 0;
  }
  while (room_ > 0 && FLAC__stream_decoder_process_single(decoder_.get()) != 0) {
    const auto state = FLAC__stream_decoder_get_state(decoder_.get());
    if (state == FLAC__STREAM_DECODER_END_OF_STREAM) break;
  }
  const size_t got = count - room_ / width;
  target_ = nullptr;
  room_ = 0;
  position_ += got;
  return got;
}

bool FlacSource::seek(size_t frame) {
  aside_.clear();
  aside_position_ = 0;
  if (wrapping_ == Wrapping::kOgg || frames_ == 0 || frame >= frames_) return false;
  // What follows the frame in its block comes by the way, and is put aside.
  if (FLAC__stream_decoder_seek_absolute(decoder_.get(), frame) == 0) return false;
  position_ = frame;
  return true;
}

}  // namespace bonafide
