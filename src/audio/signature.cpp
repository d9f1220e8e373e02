#include "audio/signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace bonafide {

namespace {

using namespace std::string_view_literals;

struct Signature {
  size_t offset;
  std::string_view magic;
  std::string_view name;
};

constexpr Signature kOtherAudio[] = {
    {4, "ftyp"sv, "MPEG-4 audio (m4a, mp4)"},
    {0, "#!AMR"sv, "AMR speech"},
    {0, "#!SILK"sv, "SILK speech"},
    {1, "#!SILK"sv, "SILK speech"},
    {28, "Speex "sv, "Ogg Speex"},
    {0, "\x1A\x45\xDF\xA3"sv, "WebM or Matroska"},
    {0, "\x30\x26\xB2\x75"sv, "Windows Media audio"},
    {0, "\x0B\x77"sv, "AC-3"},
    {0, "\xFF\xF1"sv, "AAC"},
    {0, "\xFF\xF9"sv, "AAC"},
    {0, "wvpk"sv, "WavPack"},
    {0, "MAC "sv, "Monkey's Audio"},
};

constexpr Signature kNoAudio[] = {
    {0, "\x1F\x8B"sv, "a gzip archive"},
    {0, "PK\x03\x04"sv, "a zip archive"},
    {0, "BZh"sv, "a bzip2 archive"},
    {0,
     "\xFD"
     "7zXZ"sv,
     "an xz archive"},
    {0, "7z\xBC\xAF"sv, "a 7-Zip archive"},
    {0, "%PDF"sv, "a PDF document"},
    {0, "\x89PNG"sv, "a PNG image"},
    {0, "\xFF\xD8\xFF"sv, "a JPEG image"},
    {0,
     "\x7F"
     "ELF"sv,
     "a program"},
};

constexpr std::string_view kContainers[] = {"RIFF", "RIFX", "RF64", "fLaC",   "OggS",
                                            "FORM", ".snd", "caff", "NIST_1A"};

std::string_view head(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), std::min<size_t>(bytes.size(), 512)};
}

bool matches(std::string_view text, const Signature& signature) {
  return text.size() > signature.offset &&
         text.substr(signature.offset, signature.magic.size()) == signature.magic;
}

bool is_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || byte == '\n' || byte == '\r' || (byte >= 0x20 && byte != 0x7F);
  });
}

uint32_t little_endian32(std::span<const std::byte> bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | std::to_integer<uint32_t>(bytes[at + i]);
  return value;
}

}  // namespace

std::string foreign_format(std::span<const std::byte> bytes) {
  const std::string_view text = head(bytes);
  for (const Signature& signature : kOtherAudio) {
    if (matches(text, signature)) {
      return fmt::format("looks like {}; convert it to wav or flac first", signature.name);
    }
  }
  for (const Signature& signature : kNoAudio) {
    if (matches(text, signature)) return fmt::format("looks like {}, not audio", signature.name);
  }
  if (is_text(text)) return "looks like text, not audio";
  return "";
}

bool is_container(std::span<const std::byte> bytes) {
  return std::any_of(std::begin(kContainers), std::end(kContainers),
                     [&](std::string_view magic) { return head(bytes).starts_with(magic); });
}

uint64_t missing_wav_bytes(std::span<const std::byte> bytes) {
  constexpr size_t kChunkHeader = 8;
  constexpr uint32_t kStreamed = 0x7FFFF000;  // from here on writers mean "unknown"
  if (!head(bytes).starts_with("RIFF") || head(bytes).substr(8, 4) != "WAVE") return 0;
  size_t at = 12;
  while (at + kChunkHeader <= bytes.size()) {
    const uint32_t size = little_endian32(bytes, at + 4);
    const uint64_t present = bytes.size() - at - kChunkHeader;
    if (head(bytes.subspan(at)).starts_with("data")) {
      return size >= kStreamed || size <= present ? 0 : size - present;
    }
    if (size > present) return 0;
    at += kChunkHeader + size + size % 2;
  }
  return 0;
}

}  // namespace bonafide
