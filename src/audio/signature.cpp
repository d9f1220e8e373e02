#include "audio/signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/file_kind.h"

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
    {8, "AVI "sv, "an AVI video"},
    {0, "\x1A\x45\xDF\xA3"sv, "WebM or Matroska"},
    {0, "\x30\x26\xB2\x75"sv, "Windows Media audio"},
    {0, "\x0B\x77"sv, "AC-3"},
    {0, "\xFF\xF1"sv, "AAC"},
    {0, "\xFF\xF9"sv, "AAC"},
    {0, "wvpk"sv, "WavPack"},
    {0, "MAC "sv, "Monkey's Audio"},
};

constexpr std::string_view kContainers[] = {"RIFF", "RIFX", "RF64", "BW64", "riff",   "fLaC",
                                            "OggS", "FORM", ".snd", "caff", "NIST_1A"};

std::string_view head(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), std::min<size_t>(bytes.size(), 512)};
}

bool matches(std::string_view text, const Signature& signature) {
  return text.size() > signature.offset &&
         text.substr(signature.offset, signature.magic.size()) == signature.magic;
}

}  // namespace

std::string foreign_format(std::span<const std::byte> bytes) {
  const std::string_view text = head(bytes);
  for (const Signature& signature : kOtherAudio) {
    if (matches(text, signature)) {
      return fmt::format("looks like {}; convert it to wav or flac first", signature.name);
    }
  }
  return is_container(bytes) ? "" : mistaken_for(bytes, "audio");
}

bool is_container(std::span<const std::byte> bytes) {
  return std::any_of(std::begin(kContainers), std::end(kContainers),
                     [&](std::string_view magic) { return head(bytes).starts_with(magic); });
}

bool is_mpeg(std::span<const std::byte> bytes) {
  if (bytes.size() < 4) return false;
  const auto second = std::to_integer<unsigned>(bytes[1]);
  const bool is_sync = bytes[0] == std::byte{0xFF} && (second & 0xE0) == 0xE0;
  const bool has_layer = (second & 0x06) != 0;  // AAC streams have none
  return is_sync && has_layer;
}

}  // namespace bonafide
