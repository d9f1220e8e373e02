#include "audio/mpeg_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <string_view>

#include "audio/signature.h"
#include "base/error.h"

namespace bonafide {

namespace {

std::span<const std::byte> without_id3(std::span<const std::byte> bytes) {
  constexpr size_t kHeader = 10;
  const auto number = [&](size_t at) { return std::to_integer<size_t>(bytes[at]) & 0x7F; };
  while (bytes.size() >= kHeader && bytes[0] == std::byte{'I'} && bytes[1] == std::byte{'D'} &&
         bytes[2] == std::byte{'3'}) {
    const size_t size = number(6) << 21 | number(7) << 14 | number(8) << 7 | number(9);
    bytes = bytes.subspan(std::min(kHeader + size, bytes.size()));
  }
  return bytes;
}

// Only a Xing or Info frame says how long the stream is; without one mpg123 guesses.
bool says_its_length(std::span<const std::byte> bytes) {
  const auto frame = without_id3(bytes);
  const std::string_view head(reinterpret_cast<const char*>(frame.data()),
                              std::min<size_t>(frame.size(), 64));
  return head.find("Xing") != std::string_view::npos || head.find("Info") != std::string_view::npos;
}

mpg123_ssize_t read_stream(void* stream, void* to, size_t count) {
  return static_cast<MemoryStream*>(stream)->read(to, static_cast<int64_t>(count));
}

off_t seek_stream(void* stream, off_t offset, int whence) {
  return static_cast<MemoryStream*>(stream)->seek(offset, whence);
}

}  // namespace

bool is_mpeg(std::span<const std::byte> bytes) {
  const auto frame = without_id3(bytes);
  if (frame.size() < 4) return false;
  if (frame.size() < bytes.size()) return !is_container(frame);
  const auto second = std::to_integer<unsigned>(frame[1]);
  const bool is_sync = frame[0] == std::byte{0xFF} && (second & 0xE0) == 0xE0;
  const bool has_layer = (second & 0x06) != 0;  // AAC streams have none
  return is_sync && has_layer;
}

MpegFile::MpegFile(std::span<const std::byte> bytes)
    : stream_(bytes), mpeg_(mpg123_new(nullptr, nullptr), mpg123_delete) {
  if (!mpeg_) throw std::bad_alloc();
  mpg123_handle* const mpeg = mpeg_.get();
  int encoding = 0;
  mpg123_param(mpeg, MPG123_ADD_FLAGS, MPG123_QUIET | MPG123_FORCE_FLOAT, 0);
  mpg123_param(mpeg, MPG123_REMOVE_FLAGS, MPG123_AUTO_RESAMPLE, 0);
  if (mpg123_replace_reader_handle(mpeg, read_stream, seek_stream, nullptr) != MPG123_OK ||
      mpg123_open_handle(mpeg, &stream_) != MPG123_OK ||
      mpg123_getformat(mpeg, &sample_rate_, &channels_, &encoding) != MPG123_OK) {
    throw Error(mpg123_strerror(mpeg));
  }
  // What follows in another format is not converted but refused.
  mpg123_format_none(mpeg);
  if (mpg123_format(mpeg, sample_rate_, channels_, MPG123_ENC_FLOAT_32) != MPG123_OK) {
    throw Error(mpg123_strerror(mpeg));
  }
  const off_t length = mpg123_length(mpeg);
  if (length > 0 && says_its_length(bytes)) frames_ = static_cast<size_t>(length);
}

size_t MpegFile::read(float* samples, size_t count) {
  const size_t frame = static_cast<size_t>(channels_) * sizeof(float);
  size_t got = 0;
  int status = MPG123_NEW_FORMAT;
  while (status == MPG123_NEW_FORMAT && got == 0) {
    status =
        mpg123_read(mpeg_.get(), reinterpret_cast<unsigned char*>(samples), count * frame, &got);
  }
  const bool orderly = status == MPG123_OK || status == MPG123_DONE || status == MPG123_NEW_FORMAT;
  if (!orderly && trouble_.empty()) trouble_ = mpg123_strerror(mpeg_.get());
  return got / frame;
}

}  // namespace bonafide
