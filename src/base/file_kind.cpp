#include "base/file_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/text.h"

namespace bonafide {

namespace {

using namespace std::string_view_literals;

constexpr size_t kHead = 4096;
constexpr size_t kFewestZeros = 64;

struct Signature {
  size_t offset;
  std::string_view magic;
  FileKind kind;
};

constexpr FileKind archive(std::string_view name) { return {name, "unpack it first"}; }

constexpr FileKind kGitLfs{"a Git LFS pointer", "fetch the file itself with `git lfs pull`"};
constexpr FileKind kGitAnnex{"a git-annex pointer", "fetch the file itself with `git annex get`"};
constexpr FileKind kWebPage{"a saved web page",
                            "download the file itself, not the page that offers it"};
constexpr FileKind kServerError{"the error message of a server", "download the file again"};
constexpr FileKind kZeros{"an unfinished download (it begins with nothing but zeros)",
                          "download the file again"};
constexpr FileKind kPdf{"a PDF document"};
constexpr FileKind kSound{"a sound file"};
constexpr FileKind kUtf16{"text in UTF-16", "save it as UTF-8", true};
constexpr FileKind kText{"text", "", true};

// Of files that hold control bytes within the first 4096, which a list of names has not: "ID3" and
// "FORM" may begin the name of a recording, too.
constexpr Signature kBinary[] = {
    {0, "\x00\x05\x16\x07"sv, {"a companion file of macOS (`._NAME`)", "leave it out"}},
    {0, "\x00\x00\x00\x01\x42ud1"sv, {"a .DS_Store of macOS", "leave it out"}},
    {0, "PK\x03\x04"sv, archive("a zip archive")},
    {0, "PK\x05\x06"sv, {"an empty zip archive"}},
    {257, "ustar"sv, archive("a tar archive")},
    {0, "\x1F\x8B"sv, archive("a gzip archive")},
    {0, "BZh"sv, archive("a bzip2 archive")},
    {0, "\xFD\x37zXZ"sv, archive("an xz archive")},
    {0, "\x28\xB5\x2F\xFD"sv, archive("a Zstandard archive")},
    {0, "7z\xBC\xAF"sv, archive("a 7-Zip archive")},
    {0, "Rar!"sv, archive("a RAR archive")},
    {0, "%PDF"sv, kPdf},
    {0, "\x89PNG"sv, {"a PNG image"}},
    {0, "GIF8"sv, {"a GIF image"}},
    {0, "\xFF\xD8\xFF"sv, {"a JPEG image"}},
    {8, "WEBPVP8"sv, {"a WebP image"}},
    {8, "AVI LIST"sv, {"an AVI video"}},
    {0, "\x7F\x45LF"sv, {"a program"}},
    {0, "\x89HDF\r\n"sv, {"an HDF5 file"}},
    {0, "\x93NUMPY"sv, {"a NumPy array"}},
    {0, "PAR1"sv, {"a Parquet table"}},
    {0, "SQLite format 3"sv, {"an SQLite database"}},
    {0, "\x80\x02"sv, {"a Python pickle"}},
    {0, "\x80\x03"sv, {"a Python pickle"}},
    {0, "\x80\x04\x95"sv, {"a Python pickle"}},
    {0, "\x80\x05\x95"sv, {"a Python pickle"}},
    {8, "{\""sv, {"a safetensors file"}},
    {0, "RIFF"sv, kSound},
    {0, "RF64"sv, kSound},
    {0, "fLaC"sv, kSound},
    {0, "OggS"sv, kSound},
    {0, "ID3"sv, kSound},
    {0, "caff"sv, kSound},
    {0, "FORM"sv, kSound},
    {0, "NIST_1A"sv, kSound},
};

// Of files that may begin with nothing but text.
constexpr Signature kTextual[] = {
    {0, "version https://git-lfs.github.com/spec/"sv, kGitLfs},
    {0, "version https://hawser.github.com/spec/"sv, kGitLfs},
    {0, "/annex/objects/"sv, kGitAnnex},
    {0, "%PDF-1."sv, kPdf},
    {0, "%PDF-2."sv, kPdf},
    {0, "NIST_1A\n   "sv, kSound},
    {0, "\xFF\xFE"sv, kUtf16},
    {0, "\xFE\xFF"sv, kUtf16},
};

bool matches(std::string_view text, const Signature& signature) {
  return text.size() > signature.offset &&
         text.substr(signature.offset).starts_with(signature.magic);
}

bool is_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || byte == '\n' || byte == '\r' || (byte >= 0x20 && byte != 0x7F);
  });
}

std::optional<FileKind> kind_by(std::span<const Signature> signatures, std::string_view head) {
  const auto found = std::find_if(signatures.begin(), signatures.end(),
                                  [&](const auto& known) { return matches(head, known); });
  return found == signatures.end() ? std::nullopt : std::optional(found->kind);
}

std::optional<FileKind> kind_of_markup(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::string begin = lower(trim(text));
  const auto starts = [&](std::string_view mark) { return begin.starts_with(mark); };
  const bool markup = starts("<!--") || starts("<?xml");
  const auto holds = [&](std::string_view mark) { return begin.find(mark) != std::string::npos; };
  if (starts("<!doctype html") || starts("<html") || starts("<head") || starts("<body") ||
      (markup && holds("<html"))) {
    return kWebPage;
  }
  if ((markup && holds("<error")) || starts("{\"error\"") || starts("{\"message\"")) {
    return kServerError;
  }
  return std::nullopt;
}

std::string told(const FileKind& kind, std::string_view wanted) {
  return fmt::format("looks like {}, not {}{}{}", kind.name, wanted,
                     kind.remedy.empty() ? "" : "; ", kind.remedy);
}

// A NUL may end a name, or be half of a character in UTF-16.
bool reads_as_list(std::string_view head) {
  std::string text(head);
  std::erase(text, '\0');
  return !text.empty() && is_text(text);
}

// The first name of a list may be "ID3.wav" or "FORM1", and JSON Lines may begin with "message":
// of what reads as text, only a beginning that no list has tells its kind.
bool is_told_by_words(const FileKind& kind, std::string_view head) {
  return kind.name == kGitLfs.name || kind.name == kGitAnnex.name || kind.name == kWebPage.name ||
         (kind.name == kServerError.name && trim(head).starts_with('<')) ||
         head.starts_with("%PDF-");
}

}  // namespace

std::optional<FileKind> kind_of(std::span<const std::byte> bytes) {
  const std::string_view head(reinterpret_cast<const char*>(bytes.data()),
                              std::min(bytes.size(), kHead));
  if (head.empty()) return FileKind{"an empty file", "download or copy it again"};
  if (const auto kind = kind_by(kTextual, head)) return kind;
  if (is_text(head)) return kind_of_markup(head).value_or(kText);
  if (const auto kind = kind_by(kBinary, head)) return kind;
  if (head.size() >= kFewestZeros && head.find_first_not_of('\0') == std::string_view::npos) {
    return kZeros;
  }
  return kind_of_markup(head);
}

std::string mistaken_for(std::span<const std::byte> bytes, std::string_view wanted) {
  const auto kind = kind_of(bytes);
  if (!kind) return "";
  return told(*kind, wanted);
}

std::string mistaken_for_list(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, kHead);
  const auto kind = kind_of(std::as_bytes(std::span(head)));
  if (head.empty() || !kind || kind->plain_text) return "";
  return !reads_as_list(head) || is_told_by_words(*kind, head) ? told(*kind, "a list") : "";
}

}  // namespace bonafide
