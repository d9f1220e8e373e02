#include "audio/data_extent.h"

#include <algorithm>
#include <string_view>

#include "audio/bytes.h"
#include "audio/chunks.h"
#include "audio/tags.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr uint64_t kSizes32 = uint64_t{1} << 32;

constexpr uint64_t kStandInAiff = 0x7F000000 - 0xFFFF;  // SoX's, rounded down to whole frames

bool begins_a_file(Bytes bytes, size_t at) {
  return chunk_form(bytes.subspan(std::min(at, bytes.size()))) != nullptr;
}

// Behind the samples: whether whole chunks lie there, up to the end or to another file. A second
// chunk of samples, which no format allows, is none of them.
struct Behind {
  size_t at;          // where the chunks end
  bool another_file;  // begins there
  bool more_samples;  // in another chunk begin there
  bool clean;         // nothing else is left
};

Behind look_behind(Bytes bytes, uint64_t from, const ChunkForm& form) {
  auto at = static_cast<size_t>(std::min<uint64_t>(from, bytes.size()));
  bool more = false;
  while (at < bytes.size() && !begins_a_file(bytes, at)) {
    const auto chunk = chunk_at(bytes, at, form);
    more = chunk && begins(bytes, at, form.samples);
    if (more) break;
    if (!chunk || chunk->size > bytes.size() - chunk->body) break;
    at = static_cast<size_t>(std::min<uint64_t>(chunk->next, bytes.size()));
  }
  const Bytes rest = bytes.subspan(at);
  const bool padding =
      rest.size() < form.head() &&
      std::all_of(rest.begin(), rest.end(), [](std::byte byte) { return byte == std::byte{0}; });
  const bool another = begins_a_file(bytes, at);
  return {at, another, more, !more && (another || padding || are_tags(rest))};
}

// What ds64, the first chunk of RF64, says of the samples.
std::optional<uint64_t> size_in_ds64(Bytes bytes) {
  constexpr size_t kField = 28;
  if (!begins(bytes, 12, "ds64") || bytes.size() < kField + 8) return std::nullopt;
  const uint64_t size = little_endian(bytes.subspan(kField, 8));
  return size == 0 || size >= uint64_t{1} << 62 ? std::nullopt : std::optional(size);
}

struct Samples {
  Chunk chunk;
  size_t begin;
};

std::optional<Samples> find_samples(Bytes bytes, const ChunkForm& form) {
  const auto chunk = find_chunk(bytes, form.samples, form);
  if (!chunk) return std::nullopt;
  size_t begin = chunk->body + form.prefix;
  if (form.samples == "SSND" && begin <= bytes.size()) {
    begin += big_endian(bytes.subspan(chunk->body, 4));
  }
  return begin <= bytes.size() ? std::optional(Samples{*chunk, begin}) : std::nullopt;
}

// Bytes of a sample in AIFF-C; 0 for codecs that have no such width.
uint64_t width_in_aifc(std::string_view codec, uint64_t bits) {
  struct Width {
    std::string_view codecs;
    uint64_t bytes;
  };
  const Width widths[] = {{"NONE twos sowt raw ", (bits + 7) / 8},
                          {"ulaw ULAW alaw ALAW", 1},
                          {"in24 42ni", 3},
                          {"in32 23ni fl32 FL32", 4},
                          {"fl64 FL64", 8}};
  for (const Width& width : widths) {
    for (size_t at = 0; at < width.codecs.size(); at += 5) {
      if (width.codecs.substr(at, 4) == codec) return width.bytes;
    }
  }
  return 0;
}

// What COMM says of an AIFF's samples, in bytes; nothing where it does not know.
std::optional<uint64_t> size_in_comm(Bytes bytes) {
  constexpr size_t kCodec = 18;
  const auto comm = find_chunk(bytes, "COMM", *chunk_form(bytes));
  if (!comm || bytes.size() - comm->body < kCodec + 4) return std::nullopt;
  const uint64_t channels = big_endian(bytes.subspan(comm->body, 2));
  const uint64_t frames = big_endian(bytes.subspan(comm->body + 2, 4));
  const uint64_t bits = big_endian(bytes.subspan(comm->body + 6, 2));
  const uint64_t width = begins(bytes, 8, "AIFC")
                             ? width_in_aifc(text_of(bytes.subspan(comm->body + kCodec, 4)), bits)
                             : (bits + 7) / 8;
  const uint64_t size = frames * channels * width;
  return size < kStandInAiff ? std::optional(size) : std::nullopt;
}

// A size of 32 bits that wrapped round once or more; the largest that lies there.
uint64_t unwrapped(uint64_t promised, uint64_t present) {
  return promised + (present - promised) / kSizes32 * kSizes32;
}

// Whether writers of streams put it where they do not know the size: the largest number that some
// program takes (2 or 4 GiB), less a page, a header or the rest of a block.
bool is_stand_in(uint64_t size, const ChunkForm& form) {
  if (form.size > 4) return size >= uint64_t{1} << 62;
  constexpr uint64_t kLess = 8192;
  return size == 0 || (size > 0x80000000 - kLess && size <= 0x80000000) ||
         size > 0xFFFFFFFF - kLess;
}

// Behind so many bytes of samples, and what aligns the next chunk.
Behind look_behind_samples(Bytes bytes, uint64_t begin, uint64_t size, const ChunkForm& form) {
  const uint64_t end = begin + size;
  return look_behind(bytes, end + (form.alignment - end % form.alignment) % form.alignment, form);
}

// What the chunk's size field says, if it says anything. What looks like a stand-in is believed
// where the samples end as it says.
std::optional<uint64_t> promise_of(Bytes bytes, const Samples& samples, const ChunkForm& form) {
  const uint64_t before = samples.begin - samples.chunk.body;
  const uint64_t size = samples.chunk.size;
  const uint64_t promised = size - std::min(size, before);
  if (promised > 0 && !is_stand_in(size, form)) return promised;
  if (begins(bytes, 0, "RF64") || begins(bytes, 0, "BW64")) {
    if (const auto wide = size_in_ds64(bytes)) return wide;
  }
  const bool lies_there = promised <= bytes.size() - samples.begin;
  if (!lies_there) return std::nullopt;
  const Behind behind = look_behind_samples(bytes, samples.begin, promised, form);
  return behind.clean || behind.more_samples ? std::optional(promised) : std::nullopt;
}

// Where the header of another WAV file lies among samples whose number nobody knows.
size_t find_another_wav(Bytes bytes, size_t from) {
  constexpr std::string_view kMark = "WAVEfmt ";
  size_t at = text_of(bytes).find(kMark, from + 8);
  while (at != std::string_view::npos && !begins_a_file(bytes, at - 8)) {
    at = text_of(bytes).find(kMark, at + 1);
  }
  return at == std::string_view::npos ? bytes.size() : at - 8;
}

DataExtent extent_of(Bytes bytes, const Samples& samples, const ChunkForm& form) {
  DataExtent extent{.begin = samples.begin,
                    .promised = promise_of(bytes, samples, form),
                    .end = bytes.size(),
                    .next_file = bytes.size()};
  extent.needs_header = begins(bytes, 0, "BW64") || !extent.promised;
  extent.size_field = {
      .at = samples.chunk.body - form.size,
      .width = form.size,
      .big_endian = form.big_endian,
      .besides = samples.begin - samples.chunk.body + (form.size_of_all ? form.head() : 0)};
  if (!extent.promised) extent.end = extent.next_file = find_another_wav(bytes, samples.begin);
  const uint64_t present = bytes.size() - samples.begin;
  if (!extent.promised || *extent.promised >= present) return extent;
  const auto follows = [&](uint64_t size) {
    return look_behind_samples(bytes, samples.begin, size, form);
  };
  Behind behind = follows(*extent.promised);
  if (!behind.clean && !behind.more_samples && form.size == 4 &&
      present - *extent.promised >= kSizes32) {
    extent.promised = unwrapped(*extent.promised, present);
    extent.needs_header = true;
    behind = follows(*extent.promised);
  }
  extent.end = samples.begin + static_cast<size_t>(*extent.promised);
  extent.next_file = behind.another_file ? behind.at : bytes.size();
  extent.more_samples = behind.more_samples;
  extent.left = behind.clean ? 0 : bytes.size() - std::max(behind.at, extent.end);
  return extent;
}

// COMM may promise more than SSND does, or both something that stands for "unknown".
void heed_comm(Bytes bytes, DataExtent& extent) {
  if (extent.missing() > 0 && *extent.promised >= kStandInAiff) {
    extent.promised.reset();
    extent.needs_header = true;
  }
  const uint64_t size = size_in_comm(bytes).value_or(0);
  if (!extent.more_samples && size > extent.end - extent.begin) {
    extent.promised = std::max(size, extent.promised.value_or(0));
  }
}

// A header of fixed fields, with the samples up to the end of the file.
std::optional<DataExtent> plain_extent(Bytes bytes, uint64_t begin,
                                       std::optional<uint64_t> promised) {
  if (begin > bytes.size()) return std::nullopt;
  const size_t present = bytes.size() - static_cast<size_t>(begin);
  DataExtent extent{.begin = static_cast<size_t>(begin),
                    .promised = promised,
                    .end = bytes.size(),
                    .next_file = bytes.size()};
  if (!promised || *promised >= present) return extent;
  extent.end = extent.begin + static_cast<size_t>(*promised);
  const Bytes rest = bytes.subspan(extent.end);
  extent.left = are_tags(rest) ? 0 : rest.size();
  return extent;
}

std::optional<DataExtent> au_extent(Bytes bytes) {
  constexpr size_t kHeader = 24, kSize = 8;
  constexpr uint64_t kUnknown = 0xFFFFFFFF;
  if (bytes.size() < kHeader) return std::nullopt;
  const bool highest_first = begins(bytes, 0, ".snd");
  const auto number = [&](size_t at) {
    const Bytes field = bytes.subspan(at, 4);
    return highest_first ? big_endian(field) : little_endian(field);
  };
  const uint64_t begin = number(4), size = number(kSize);
  if (begin < kHeader) return std::nullopt;
  auto extent = plain_extent(bytes, begin,
                             size == kUnknown || size == 0 ? std::nullopt : std::optional(size));
  if (!extent) return std::nullopt;
  extent->needs_header = !extent->promised;
  extent->size_field = {.at = kSize, .width = 4, .big_endian = highest_first, .besides = 0};
  return extent;
}

// The number behind "name -i " in a header of NIST SPHERE.
std::optional<uint64_t> nist_number(std::string_view header, std::string_view name) {
  const size_t at = header.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  const auto fields = split_blanks(header.substr(at, header.find('\n', at + 1) - at));
  const auto value = fields.size() < 3 ? std::nullopt : parse_integer(fields[2]);
  constexpr int64_t kMost = int64_t{1} << 40;
  return value && *value > 0 && *value < kMost ? std::optional(static_cast<uint64_t>(*value))
                                               : std::nullopt;
}

// Coded samples (shorten) have no such size.
std::optional<DataExtent> nist_extent(Bytes bytes) {
  constexpr size_t kHeader = 1024;
  const std::string_view header = text_of(bytes.first(std::min(kHeader, bytes.size())));
  const auto count = nist_number(header, "\nsample_count ");
  const auto channels = nist_number(header, "\nchannel_count ");
  const auto width = nist_number(header, "\nsample_n_bytes ");
  if (!count || !width || *width > 8 || channels.value_or(1) > 1024) return std::nullopt;
  return plain_extent(bytes, kHeader, *count * channels.value_or(1) * *width);
}

}  // namespace

std::optional<DataExtent> data_extent(Bytes bytes) {
  if (begins(bytes, 0, ".snd") || begins(bytes, 0, "dns.")) return au_extent(bytes);
  if (begins(bytes, 0, "NIST_1A")) return nist_extent(bytes);
  const ChunkForm* const form = chunk_form(bytes);
  const auto samples = form != nullptr ? find_samples(bytes, *form) : std::nullopt;
  if (!samples) return std::nullopt;
  DataExtent extent = extent_of(bytes, *samples, *form);
  if (form->samples == "SSND") heed_comm(bytes, extent);
  return extent;
}

}  // namespace bonafide
