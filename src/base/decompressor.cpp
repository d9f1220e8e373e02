#include "base/decompressor.h"

#include <fmt/format.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr uint64_t kHarmless = uint64_t{64} << 20;     // bytes
constexpr uint64_t kMostRatio = 250;                   // speech gives 2, digital silence more
constexpr uint64_t kMostMemory = uint64_t{256} << 20;  // bytes; the strongest preset wants 65 MiB

constexpr std::string_view kGzipMark = "\x1f\x8b";
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kMarks = {
    {{kGzipMark, "gzip"},
     {"BZh", "bzip2"},
     {"\xfd"
      "7zXZ",
      "xz"},
     {"\x28\xb5\x2f\xfd", "zstd"}}};

bool starts_with(std::span<const std::byte> bytes, std::string_view mark) {
  return bytes.size() >= mark.size() &&
         std::string_view(reinterpret_cast<const char*>(bytes.data()), mark.size()) == mark;
}

// Its first bytes are a file's name, which may be anything.
bool is_tar(std::span<const std::byte> bytes) {
  constexpr size_t kMarkOfTar = 257;
  return bytes.size() > kMarkOfTar && starts_with(bytes.subspan(kMarkOfTar), "ustar");
}

class Gzip : public Decompressor {
 public:
  explicit Gzip(std::span<const std::byte> bytes) : Decompressor(bytes) {
    constexpr int kGzipOnly = 16;  // added to the window's size, as zlib wants it
    if (inflateInit2(&stream_, MAX_WBITS + kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~Gzip() override { inflateEnd(&stream_); }

 private:
  static uInt most(size_t size) {
    return static_cast<uInt>(std::min<size_t>(size, std::numeric_limits<uInt>::max()));
  }

  Step step(std::span<const std::byte> from, std::span<std::byte> to) override {
    const uInt in = most(from.size()), out = most(to.size());
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(from.data()));
    stream_.avail_in = in;
    stream_.next_out = reinterpret_cast<Bytef*>(to.data());
    stream_.avail_out = out;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
      throw Error(fmt::format("gzip: {}", stream_.msg != nullptr ? stream_.msg : "damaged"));
    }
    Step step{in - stream_.avail_in, out - stream_.avail_out, false};
    if (code == Z_STREAM_END) step.ended = !another(from.subspan(step.taken));
    return step;
  }

  // Parallel compressors write many streams one behind the other; tape drives pad with zeros.
  bool another(std::span<const std::byte> rest) {
    if (starts_with(rest, kGzipMark)) {
      inflateReset(&stream_);
      return true;
    }
    if (std::any_of(rest.begin(), rest.end(), [](std::byte byte) { return byte != std::byte{}; })) {
      throw Error("gzip: other bytes after the end");
    }
    return false;
  }

  z_stream stream_{};
};

class Xz : public Decompressor {
 public:
  explicit Xz(std::span<const std::byte> bytes) : Decompressor(bytes) {
    if (lzma_stream_decoder(&stream_, kMostMemory, LZMA_CONCATENATED) != LZMA_OK) {
      throw std::bad_alloc();
    }
  }
  ~Xz() override { lzma_end(&stream_); }

 private:
  Step step(std::span<const std::byte> from, std::span<std::byte> to) override {
    stream_.next_in = reinterpret_cast<const uint8_t*>(from.data());
    stream_.avail_in = from.size();
    stream_.next_out = reinterpret_cast<uint8_t*>(to.data());
    stream_.avail_out = to.size();
    const lzma_ret code = lzma_code(&stream_, LZMA_FINISH);
    switch (code) {
      case LZMA_OK:
      case LZMA_STREAM_END:
      case LZMA_BUF_ERROR:
        return {from.size() - stream_.avail_in, to.size() - stream_.avail_out,
                code == LZMA_STREAM_END};
      case LZMA_MEM_ERROR:
        throw std::bad_alloc();
      case LZMA_MEMLIMIT_ERROR:
        throw Error(fmt::format("xz: wants more than {} MiB of memory", kMostMemory >> 20));
      default:
        throw Error("xz: damaged");
    }
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
};

class Zstd : public Decompressor {
 public:
  explicit Zstd(std::span<const std::byte> bytes)
      : Decompressor(bytes), stream_(ZSTD_createDStream(), ZSTD_freeDStream) {
    if (!stream_) throw std::bad_alloc();
  }

 private:
  Step step(std::span<const std::byte> from, std::span<std::byte> to) override {
    ZSTD_inBuffer in{from.data(), from.size(), 0};
    ZSTD_outBuffer out{to.data(), to.size(), 0};
    const size_t code = ZSTD_decompressStream(stream_.get(), &out, &in);
    if (ZSTD_isError(code) != 0) throw Error(fmt::format("zstd: {}", ZSTD_getErrorName(code)));
    // Zero: a frame is complete. Others may follow.
    return {in.pos, out.pos, code == 0 && in.pos == in.size};
  }

  std::unique_ptr<ZSTD_DStream, size_t (*)(ZSTD_DStream*)> stream_;
};

}  // namespace

std::string_view compression_of(std::span<const std::byte> bytes) {
  if (is_tar(bytes)) return "";
  for (const auto& [mark, name] : kMarks) {
    if (starts_with(bytes, mark)) return name;
  }
  return "";
}

void Decompressor::expect_no_bomb() const {
  const size_t taken = bytes_.size() - rest_.size();
  if (given_ <= kHarmless || given_ / kMostRatio <= taken) return;
  throw Error(fmt::format("{}: a bomb: {} bytes became more than {}", compression_of(bytes_), taken,
                          given_));
}

size_t Decompressor::read(std::span<std::byte> to) {
  if (!trouble_.empty()) throw Error(trouble_);
  size_t got = 0;
  try {
    while (got < to.size() && !ended_) {
      const Step step = this->step(rest_, to.subspan(got));
      if (step.taken == 0 && step.given == 0 && !step.ended) {
        throw Error(fmt::format("{}: cut short", compression_of(bytes_)));
      }
      rest_ = rest_.subspan(step.taken);
      got += step.given;
      given_ += step.given;
      ended_ = step.ended;
    }
    expect_no_bomb();
  } catch (const Error& e) {
    trouble_ = e.what();
    if (got == 0) throw;
  }
  return got;
}

std::unique_ptr<Decompressor> make_decompressor(std::span<const std::byte> bytes) {
  const std::string_view name = compression_of(bytes);
  if (name == "gzip") return std::make_unique<Gzip>(bytes);
  if (name == "xz") return std::make_unique<Xz>(bytes);
  if (name == "zstd") return std::make_unique<Zstd>(bytes);
  throw Error(name.empty() ? "not compressed"
                           : fmt::format("compressed by {}; gzip, xz and zstd can be read", name));
}

}  // namespace bonafide
