#include "audio/unread_kind.h"

#include <algorithm>
#include <span>
#include <string>

#include "audio/decode.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr std::string_view kArchives[] = {".zip",  ".tar", ".tgz", ".tbz",     ".tbz2", ".txz",
                                          ".tzst", ".7z",  ".rar", ".parquet", ".arrow"};
constexpr std::string_view kVideos[] = {".mp4", ".m4v",  ".mov", ".avi", ".mkv",  ".mpg", ".mpeg",
                                        ".wmv", ".flv",  ".3g2", ".ogv", ".vob",  ".mts", ".m2ts",
                                        ".asf", ".rmvb", ".rm",  ".f4v", ".divx", ".mxf"};
constexpr std::string_view kPackings[] = {".gz", ".bz2", ".xz", ".zst", ".lz4", ".lzma", ".z"};
constexpr std::string_view kRests[] = {".part", ".partial",    ".filepart", ".crdownload",
                                       ".tmp",  ".temp",       ".download", ".opdownload",
                                       ".!qb",  ".incomplete", ".aria2"};

bool is_one_of(std::string_view extension, std::span<const std::string_view> extensions) {
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

bool is_number(std::string_view extension) {
  return extension.size() > 1 && extension.size() < 5 &&
         extension.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

}  // namespace

std::string_view unread_kind(const std::filesystem::path& path) {
  const std::string extension = lower(path.extension().native());
  if (is_one_of(extension, kArchives)) return "archives";
  if (is_one_of(extension, kVideos)) return "videos";
  const bool is_packed = is_one_of(extension, kPackings);
  if (!is_packed && !is_number(extension) && !is_one_of(extension, kRests)) return "";
  const std::filesystem::path inner = path.stem();
  if (is_packed && lower(inner.extension().native()) == ".tar") return "archives";
  if (!has_audio_extension(inner)) return "";
  return is_packed ? "compressed recordings" : "copies or parts of recordings";
}

}  // namespace bonafide
