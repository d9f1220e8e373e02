#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "audio/bytes.h"

namespace bonafide {

// How a family of sound files is made of chunks: an id, a size, a body.
struct ChunkForm {
  size_t first;     // byte of the first chunk
  size_t id, size;  // bytes of these fields
  bool big_endian;
  bool size_of_all;          // counts id and size too
  size_t alignment;          // of what follows
  std::string_view samples;  // the id of the samples begins so
  size_t prefix;             // bytes of the body before the samples

  size_t head() const { return id + size; }
};

// Of the file that begins there: WAV (RIFF, RIFX, RF64, BW64), Wave64, AIFF or CAF; null for
// others.
const ChunkForm* chunk_form(Bytes bytes);

struct Chunk {
  size_t body;    // its first byte
  uint64_t size;  // of the body, as claimed
  uint64_t next;  // where the next one would begin
};

// Nothing where none begins. The claim may go beyond the bytes.
std::optional<Chunk> chunk_at(Bytes bytes, uint64_t at, const ChunkForm& form);

// The first whose id begins so.
std::optional<Chunk> find_chunk(Bytes bytes, std::string_view id, const ChunkForm& form);

}  // namespace bonafide
