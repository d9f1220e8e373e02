#include "audio/header_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "audio/bytes.h"
#include "audio/chained_source.h"
#include "audio/chunks.h"
#include "audio/data_extent.h"
#include "audio/sound_file.h"

namespace bonafide {

namespace {

constexpr size_t kChunkHead = 8;
constexpr size_t kMostFormat = 4096;  // bytes; the longest known have a few dozen

// The chunk "fmt " of a WAV file, with its head; empty where there is none before the samples.
Bytes format_chunk(Bytes bytes, size_t samples) {
  const ChunkForm* const form = chunk_form(bytes);
  const auto chunk = form != nullptr ? find_chunk(bytes, "fmt ", *form) : std::nullopt;
  if (!chunk || chunk->next > samples || chunk->size > kMostFormat) return {};
  const size_t begin = chunk->body - form->head();
  return bytes.subspan(begin, static_cast<size_t>(chunk->next) - begin);
}

void append(std::vector<std::byte>& bytes, uint64_t value, size_t width) {
  for (size_t i = 0; i < width; ++i) bytes.push_back(static_cast<std::byte>(value >> 8 * i & 0xFF));
}

void append(std::vector<std::byte>& bytes, std::string_view text) {
  for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
}

// That of RF64, which has room for any size.
std::vector<std::byte> wide_header(Bytes format, uint64_t samples) {
  constexpr uint64_t kSeeDs64 = 0xFFFFFFFF;
  constexpr uint64_t kDs64 = 28;
  std::vector<std::byte> header;
  append(header, "RF64");
  append(header, kSeeDs64, 4);
  append(header, "WAVEds64");
  append(header, kDs64, 4);
  append(header, 4 + kChunkHead + kDs64 + format.size() + kChunkHead + samples, 8);
  append(header, samples, 8);
  append(header, 0, 8);  // of frames; the format tells
  append(header, 0, 4);  // no table of more chunks
  header.insert(header.end(), format.begin(), format.end());
  append(header, "data");
  append(header, kSeeDs64, 4);
  return header;
}

bool is_little_endian_wav(Bytes bytes) {
  const std::string_view text = text_of(bytes);
  return text.starts_with("RIFF") || text.starts_with("RF64") || text.starts_with("BW64");
}

// The file's own header, with the size of the samples that lie there; empty where the header
// cannot say so much.
std::vector<std::byte> with_size(Bytes bytes, const DataExtent& extent) {
  const auto& field = extent.size_field;
  const uint64_t most = field.width < 8 ? (uint64_t{1} << 8 * field.width) - 1 : UINT64_MAX;
  const uint64_t size = extent.end - extent.begin + field.besides;
  if (size > most && extent.promised) return {};
  const Bytes old = bytes.first(extent.begin);
  std::vector<std::byte> header(old.begin(), old.end());
  for (size_t i = 0; i < field.width; ++i) {
    const size_t shift = 8 * (field.big_endian ? field.width - 1 - i : i);
    header[field.at + i] = static_cast<std::byte>(std::min(size, most) >> shift & 0xFF);
  }
  return header;
}

// One that says how many samples lie there; empty where the file's own does, or none could.
std::vector<std::byte> new_header(Bytes bytes, const DataExtent& extent) {
  if (!extent.needs_header) return {};
  if (!is_little_endian_wav(bytes)) return with_size(bytes, extent);
  const Bytes format = format_chunk(bytes, extent.begin);
  if (format.empty()) return {};
  return wide_header(format, extent.end - extent.begin);
}

void add_remarks(const DataExtent& extent, bool rewritten, SoundSource& file) {
  if (extent.missing() > 0) {
    file.add_remark(
        fmt::format("truncated: {} bytes fewer than the header promises", extent.missing()));
  }
  if (extent.more_samples) {
    file.add_remark(
        fmt::format("the last {} bytes, which begin with another chunk of samples, were not read; "
                    "a file of this kind has one",
                    extent.left));
  } else if (extent.left > 0 && extent.promised) {
    file.add_remark(
        fmt::format("{} bytes behind the {} bytes of samples that the header promises "
                    "were not read",
                    extent.left, extent.end - extent.begin));
  }
  if (extent.needs_header && extent.promised && !rewritten) {
    file.add_remark(
        fmt::format("its header is too small for the {} bytes of samples that lie "
                    "there; those over 4 GiB were not read",
                    extent.end - extent.begin));
  }
}

// What libsndfile gets to see: not what it would take for samples.
Bytes without_the_left(Bytes bytes, const DataExtent& extent) {
  const bool wave64 = text_of(bytes).starts_with("riff");  // there it takes chunks behind them too
  return bytes.first(wave64 ? extent.end : extent.next_file - extent.left);
}

std::unique_ptr<SoundSource> open_one(Bytes bytes, const DataExtent& extent) {
  std::vector<std::byte> header = new_header(bytes, extent);
  const bool rewritten = !header.empty();
  auto file = rewritten
                  ? std::make_unique<SoundFile>(MemoryStream(
                        std::move(header), bytes.subspan(extent.begin, extent.end - extent.begin)))
                  : std::make_unique<SoundFile>(without_the_left(bytes, extent));
  add_remarks(extent, rewritten, *file);
  return file;
}

std::unique_ptr<SoundSource> open_next(Bytes& rest) {
  if (rest.empty()) return nullptr;
  const Bytes bytes = rest;
  rest = {};
  const auto extent = data_extent(bytes);
  if (!extent) return std::make_unique<SoundFile>(bytes);
  rest = bytes.subspan(extent->next_file);
  return open_one(bytes, *extent);
}

}  // namespace

std::unique_ptr<SoundSource> open_header_file(Bytes bytes) {
  const auto extent = data_extent(bytes);
  if (!extent || extent->next_file == bytes.size()) return open_next(bytes);
  return std::make_unique<ChainedSource>([rest = bytes]() mutable { return open_next(rest); });
}

}  // namespace bonafide
