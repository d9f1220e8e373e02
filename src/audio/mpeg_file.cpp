#include "audio/mpeg_file.h"

#include <fmt/format.h>
#include <mpg123.h>

#include <algorithm>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "audio/bytes.h"
#include "audio/chained_source.h"
#include "audio/memory_stream.h"
#include "base/error.h"

namespace bonafide {

namespace {

// Only a Xing or Info frame says how long the stream is; without one mpg123 guesses.
bool says_its_length(std::span<const std::byte> bytes) {
  const std::string_view head = text_of(bytes.first(std::min<size_t>(bytes.size(), 64)));
  return head.find("Xing") != std::string_view::npos || head.find("Info") != std::string_view::npos;
}

mpg123_ssize_t read_stream(void* stream, void* to, size_t count) {
  return static_cast<MemoryStream*>(stream)->read(to, static_cast<int64_t>(count));
}

off_t seek_stream(void* stream, off_t offset, int whence) {
  return static_cast<MemoryStream*>(stream)->seek(offset, whence);
}

// Up to the end, or to where the format changes.
class MpegStream : public SoundSource {
 public:
  // `end` becomes the byte where the stream ends.
  MpegStream(std::span<const std::byte> bytes, std::shared_ptr<size_t> end);

  int sample_rate() const override { return static_cast<int>(sample_rate_); }
  int channels() const override { return channels_; }
  std::string format() const override { return "mpeg"; }
  size_t frames() const override { return frames_; }
  size_t read(float* samples, size_t count) override;
  const std::string& trouble() const override { return trouble_; }

 private:
  void stop_at_another_format();
  void stop(int status);

  MemoryStream stream_;
  std::shared_ptr<size_t> end_;
  std::unique_ptr<mpg123_handle, void (*)(mpg123_handle*)> mpeg_;
  long sample_rate_ = 0;
  int channels_ = 0;
  size_t frames_ = 0;
  bool ended_ = false;
  std::string trouble_;
};

MpegStream::MpegStream(std::span<const std::byte> bytes, std::shared_ptr<size_t> end)
    : stream_(bytes), end_(std::move(end)), mpeg_(mpg123_new(nullptr, nullptr), mpg123_delete) {
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
  const off_t length = mpg123_length(mpeg);
  if (length > 0 && says_its_length(bytes)) frames_ = static_cast<size_t>(length);
}

void MpegStream::stop_at_another_format() {
  long sample_rate = 0;
  int channels = 0, encoding = 0;
  mpg123_getformat(mpeg_.get(), &sample_rate, &channels, &encoding);
  if (sample_rate == sample_rate_ && channels == channels_) return;
  ended_ = true;
  *end_ = static_cast<size_t>(std::max<off_t>(mpg123_framepos(mpeg_.get()), 0));
}

void MpegStream::stop(int status) {
  ended_ = true;
  if (status == MPG123_DONE) return;
  const int64_t left = stream_.size() - mpg123_tell_stream(mpeg_.get());
  trouble_ = fmt::format("{}; {} bytes were not read", mpg123_strerror(mpeg_.get()), left);
}

size_t MpegStream::read(float* samples, size_t count) {
  const size_t frame = static_cast<size_t>(channels_) * sizeof(float);
  size_t got = 0;
  while (got == 0 && !ended_) {
    const int status =
        mpg123_read(mpeg_.get(), reinterpret_cast<unsigned char*>(samples), count * frame, &got);
    if (status == MPG123_NEW_FORMAT) {
      stop_at_another_format();
    } else if (status != MPG123_OK) {
      stop(status);
    }
  }
  return got / frame;
}

}  // namespace

std::unique_ptr<SoundSource> open_mpeg(std::span<const std::byte> bytes) {
  const auto end = std::make_shared<size_t>(0);
  return std::make_unique<ChainedSource>(
      [rest = bytes, begun = false, end]() mutable -> std::unique_ptr<SoundSource> {
        if (begun && *end == 0) return nullptr;
        begun = true;
        rest = rest.subspan(std::min(*end, rest.size()));
        *end = 0;
        return std::make_unique<MpegStream>(rest, end);
      });
}

}  // namespace bonafide
