#include "audio/chunks.h"

#include <algorithm>

namespace bonafide {

namespace {

constexpr ChunkForm kRiff{12, 4, 4, false, false, 2, "data", 0};
constexpr ChunkForm kRifx{12, 4, 4, true, false, 2, "data", 0};
constexpr ChunkForm kAiff{12, 4, 4, true, false, 2, "SSND", 8};
constexpr ChunkForm kCaf{8, 4, 8, true, false, 1, "data", 4};
constexpr ChunkForm kWave64{40, 16, 8, false, true, 8, "data", 0};

}  // namespace

const ChunkForm* chunk_form(Bytes bytes) {
  const bool wave = begins(bytes, 8, "WAVE");
  if (wave && (begins(bytes, 0, "RIFF") || begins(bytes, 0, "RF64") || begins(bytes, 0, "BW64"))) {
    return &kRiff;
  }
  if (wave && begins(bytes, 0, "RIFX")) return &kRifx;
  if (begins(bytes, 0, "FORM") && (begins(bytes, 8, "AIFF") || begins(bytes, 8, "AIFC"))) {
    return &kAiff;
  }
  if (begins(bytes, 0, "caff")) return &kCaf;
  return begins(bytes, 0, "riff\x2E\x91\xCF\x11") ? &kWave64 : nullptr;
}

std::optional<Chunk> chunk_at(Bytes bytes, uint64_t at, const ChunkForm& form) {
  if (at > bytes.size() || bytes.size() - at < form.head()) return std::nullopt;
  const auto begin = static_cast<size_t>(at);
  const std::string_view id = text_of(bytes.subspan(begin, 4));
  const bool readable =
      std::all_of(id.begin(), id.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (!readable) return std::nullopt;
  const Bytes field = bytes.subspan(begin + form.id, form.size);
  uint64_t size = form.big_endian ? big_endian(field) : little_endian(field);
  if (form.size_of_all) {
    if (size < form.head()) return std::nullopt;
    size -= form.head();
  }
  const size_t body = begin + form.head();
  uint64_t next = 0;
  if (__builtin_add_overflow(body, size, &next)) next = UINT64_MAX - form.alignment;
  next += (form.alignment - next % form.alignment) % form.alignment;
  return Chunk{body, size, next};
}

std::optional<Chunk> find_chunk(Bytes bytes, std::string_view id, const ChunkForm& form) {
  auto chunk = chunk_at(bytes, form.first, form);
  while (chunk && !begins(bytes, chunk->body - form.head(), id)) {
    chunk = chunk_at(bytes, chunk->next, form);
  }
  return chunk;
}

}  // namespace bonafide
