#include "audio/ogg_links.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "audio/bytes.h"

namespace bonafide {

namespace {

using namespace std::string_view_literals;

constexpr size_t kPageHeader = 27;
constexpr std::string_view kMark = "OggS";
constexpr unsigned kFirstPage = 2, kLastPage = 4;  // flags
constexpr size_t kMostBadPages = 1000;  // of a file; each costs a search and up to 64 KiB of CRC

struct Codec {
  std::string_view magic;  // begins the first packet
  OggCodec codec;
  const char* name;
};

constexpr Codec kCodecs[] = {
    {"\x01vorbis"sv, OggCodec::kVorbis, "Vorbis"},
    {"OpusHead"sv, OggCodec::kOpus, "Opus"},
    {"\x7F\x46LAC"sv, OggCodec::kFlac, "FLAC"},
    {"Speex   "sv, OggCodec::kOther, "Speex"},
    {"CELT    "sv, OggCodec::kOther, "CELT"},
    {"PCM     "sv, OggCodec::kOther, "PCM"},
    {"\x80theora"sv, OggCodec::kOther, "Theora video"},
    {"OVP80"sv, OggCodec::kOther, "VP8 video"},
    {"BBCD"sv, OggCodec::kOther, "Dirac video"},
    {"\x01video"sv, OggCodec::kOther, "OGM video"},
    {"\x80kate"sv, OggCodec::kOther, "Kate subtitles"},
    {"CMML"sv, OggCodec::kOther, "CMML subtitles"},
    {"fishead"sv, OggCodec::kOther, "Skeleton"},
};

struct Page {
  Bytes bytes;
  unsigned flags = 0;
  uint32_t serial = 0;
  uint32_t number = 0;
  Bytes body;
};

uint32_t number_at(Bytes bytes, size_t at) {
  return static_cast<uint32_t>(little_endian(bytes.subspan(at, 4)));
}

constexpr std::array<uint32_t, 256> crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t value = byte << 24;
    for (int bit = 0; bit < 8; ++bit) {
      value = value << 1 ^ ((value & 0x80000000U) != 0 ? 0x04C11DB7U : 0U);
    }
    table[byte] = value;
  }
  return table;
}

// Of the page as if the field of the sum itself were zero.
bool has_right_sum(Bytes page) {
  static constexpr auto kTable = crc_table();
  constexpr size_t kField = 22;
  uint32_t sum = 0;
  for (size_t i = 0; i < page.size(); ++i) {
    const bool in_field = i >= kField && i < kField + 4;
    const uint32_t byte = in_field ? 0 : std::to_integer<uint32_t>(page[i]);
    sum = sum << 8 ^ kTable[(sum >> 24 ^ byte) & 0xFF];
  }
  return sum == number_at(page, kField);
}

// A page that lies there whole, as far as its header says; its sum is not looked at.
std::optional<Page> page_at(Bytes bytes) {
  if (bytes.size() < kPageHeader || !text_of(bytes).starts_with(kMark)) return std::nullopt;
  const auto segments = std::to_integer<size_t>(bytes[26]);
  if (bytes[4] != std::byte{0} || bytes.size() < kPageHeader + segments) return std::nullopt;
  size_t body = 0;
  for (const std::byte length : bytes.subspan(kPageHeader, segments)) {
    body += std::to_integer<size_t>(length);
  }
  const size_t head = kPageHeader + segments;
  if (bytes.size() - head < body) return std::nullopt;
  return Page{bytes.first(head + body), std::to_integer<unsigned>(bytes[5]), number_at(bytes, 14),
              number_at(bytes, 18), bytes.subspan(head, body)};
}

// Goes from page to page, and passes over what is none. `bad_pages` were met earlier in the file.
class PageWalk {
 public:
  PageWalk(Bytes bytes, size_t bad_pages) : bytes_(bytes), bad_pages_(bad_pages) {}

  size_t position() const { return at_; }  // behind the last page
  size_t passed_over() const { return passed_over_; }
  size_t bad_pages() const { return bad_pages_; }

  std::optional<Page> next() {
    while (at_ < bytes_.size()) {
      auto page = page_at(bytes_.subspan(at_));
      if (page && has_right_sum(page->bytes)) {
        at_ += page->bytes.size();
        return page;
      }
      const bool patient = !page || ++bad_pages_ < kMostBadPages;
      const size_t found = patient ? text_of(bytes_).find(kMark, at_ + 1) : bytes_.size();
      passed_over_ += std::min(found, bytes_.size()) - at_;
      at_ = std::min(found, bytes_.size());
    }
    return std::nullopt;
  }

 private:
  Bytes bytes_;
  size_t at_ = 0;
  size_t passed_over_ = 0;  // bytes
  size_t bad_pages_;
};

OggStream stream_of(const Page& page) {
  OggStream stream;
  stream.serial = page.serial;
  stream.name = "unknown";
  for (const Codec& codec : kCodecs) {
    if (!text_of(page.body).starts_with(codec.magic)) continue;
    stream.codec = codec.codec;
    stream.name = codec.name;
    break;
  }
  return stream;
}

OggStream* find_stream(OggLink& link, uint32_t serial) {
  const auto found = std::find_if(link.streams.begin(), link.streams.end(),
                                  [&](const OggStream& s) { return s.serial == serial; });
  return found == link.streams.end() ? nullptr : &*found;
}

void take(const Page& page, OggStream& stream) {
  if (page.number != stream.next_page) ++stream.missing_places;
  stream.next_page = page.number + 1;
  ++stream.pages;
  stream.ended = stream.ended || (page.flags & kLastPage) != 0;
}

}  // namespace

std::vector<std::byte> OggLink::pages_of(const OggStream& stream) const {
  std::vector<std::byte> pages;
  PageWalk walk(bytes, bad_pages_before);
  while (const auto page = walk.next()) {
    if (page->serial == stream.serial) {
      pages.insert(pages.end(), page->bytes.begin(), page->bytes.end());
    }
  }
  return pages;
}

std::optional<OggLink> OggLinks::next() {
  if (rest_.empty()) return std::nullopt;
  OggLink link;
  link.bad_pages_before = bad_pages_;
  PageWalk walk(rest_, bad_pages_);
  bool beginning = true;  // until a page comes that is not a stream's first
  size_t end = rest_.size();
  while (const auto page = walk.next()) {
    OggStream* stream = find_stream(link, page->serial);
    if ((page->flags & kFirstPage) != 0) {
      if (!beginning || stream != nullptr) {
        end = walk.position() - page->bytes.size();
        break;
      }
      if (link.streams.size() < kMostOggStreams) {
        stream = &link.streams.emplace_back(stream_of(*page));
      }
    } else {
      beginning = link.streams.empty();
    }
    if (stream != nullptr) {
      take(*page, *stream);
    } else {
      link.foreign_bytes += page->bytes.size();
    }
  }
  link.foreign_bytes += walk.passed_over();
  bad_pages_ = walk.bad_pages();
  link.bytes = rest_.first(end);
  rest_ = rest_.subspan(end);
  return link;
}

}  // namespace bonafide
