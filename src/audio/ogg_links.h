#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bonafide {

enum class OggCodec { kVorbis, kOpus, kFlac, kOther };

// A logical stream of an Ogg file, as its pages tell without decoding.
struct OggStream {
  uint32_t serial = 0;
  OggCodec codec = OggCodec::kOther;
  std::string name;  // "Vorbis", "Theora video"
  size_t pages = 0;
  uint32_t next_page = 0;     // the number that its next page should have
  size_t missing_places = 0;  // where page numbers jump: something was lost there
  bool ended = false;         // its last page says that it is the last
};

// The streams that begin together, up to where others begin: one link of a chain.
struct OggLink {
  std::span<const std::byte> bytes;
  std::vector<OggStream> streams;  // in the order of their first pages; at most kMostOggStreams
  size_t foreign_bytes = 0;        // that belong to no whole page of these streams
  size_t bad_pages_before = 0;     // in the file; with too many of them the walk gives up

  // Only the pages of that stream.
  std::vector<std::byte> pages_of(const OggStream& stream) const;
};

inline constexpr size_t kMostOggStreams = 64;

// Walks the pages of an Ogg file link by link. Pages are checked by their CRC, and what is none is
// passed over; behind a thousand that only look like pages all is. Takes time and memory in
// proportion to the bytes, whatever they say.
class OggLinks {
 public:
  explicit OggLinks(std::span<const std::byte> bytes) : rest_(bytes) {}

  // Nothing at the end.
  std::optional<OggLink> next();

 private:
  std::span<const std::byte> rest_;
  size_t bad_pages_ = 0;
};

}  // namespace bonafide
