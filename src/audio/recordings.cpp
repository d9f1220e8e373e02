#include "audio/recordings.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <system_error>
#include <utility>

#include "audio/decode.h"
#include "audio/unread_kind.h"
#include "base/text.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr size_t kMostWays = 1000;  // to one folder; links to links make them without bound

// Of files that often lie beside recordings, and hardly of a folder.
constexpr std::string_view kOtherExtensions[] = {
    ".bz2",  ".cfg", ".ckpt",   ".conf",  ".csv",  ".ctm",      ".doc",  ".docx",
    ".gif",  ".gz",  ".h5",     ".hdf5",  ".htm",  ".html",     ".ini",  ".ipynb",
    ".jpeg", ".jpg", ".json",   ".jsonl", ".lab",  ".list",     ".log",  ".lst",
    ".md",   ".md5", ".ndjson", ".npy",   ".npz",  ".parquet",  ".pdf",  ".pkl",
    ".png",  ".pt",  ".pth",    ".py",    ".rar",  ".rst",      ".rttm", ".safetensors",
    ".scp",  ".sh",  ".sha256", ".svg",   ".tar",  ".textgrid", ".tgz",  ".toml",
    ".trn",  ".tsv", ".txt",    ".xls",   ".xlsx", ".xml",      ".xz",   ".yaml",
    ".yml",  ".zip", ".7z",     ".zst"};

bool has_other_extension(const fs::path& path) {
  const std::string extension = lower(path.extension().native());
  return std::find(std::begin(kOtherExtensions), std::end(kOtherExtensions), extension) !=
         std::end(kOtherExtensions);
}

class Walk {
 public:
  std::vector<FoundRecording> found;
  std::vector<UnreadFile> unread;

  void enter(const fs::path& folder) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) return add_trouble(folder, std::strerror(errno));
    const Identity identity{status.st_dev, status.st_ino};
    if (std::find(inside_.begin(), inside_.end(), identity) != inside_.end()) return;
    const size_t ways = ++ways_[identity];
    if (ways == kMostWays + 1) {
      add_trouble(folder, fmt::format("more than {} links lead here", kMostWays));
    }
    if (ways > kMostWays) return;
    inside_.push_back(identity);
    list(folder);
    inside_.pop_back();
  }

 private:
  using Identity = std::pair<dev_t, ino_t>;

  void list(const fs::path& folder) {
    std::error_code code;
    std::vector<std::pair<std::string, fs::directory_entry>> entries;
    for (fs::directory_iterator at(folder, code); !code && at != fs::directory_iterator();
         at.increment(code)) {
      entries.emplace_back(at->path().filename().native(), *at);
    }
    if (code) add_trouble(folder, code.message());
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [name, entry] : entries) {
      if (!is_companion(name)) look_at(entry);
    }
  }

  void look_at(const fs::directory_entry& entry) {
    std::error_code code;
    const auto status = entry.status(code);
    const bool is_recording = has_audio_extension(entry.path());
    if (fs::is_directory(status)) {
      enter(entry.path());
    } else if (!fs::exists(status)) {
      // What lies behind such a link may have been a folder of recordings, "speaker.01" as well.
      if (!has_other_extension(entry.path())) add_trouble(entry.path(), lost(entry, code));
    } else if (is_recording && !fs::is_regular_file(status)) {
      add_trouble(entry.path(), "not a regular file");
    } else if (is_recording) {
      found.push_back({entry.path()});
    } else if (const auto kind = unread_kind(entry.path()); !kind.empty()) {
      unread.push_back({entry.path(), kind});
    }
  }

  static std::string lost(const fs::directory_entry& entry, std::error_code code) {
    std::error_code none;
    const fs::path target = fs::read_symlink(entry.path(), none);
    if (none) return code ? code.message() : "gone while the folder was read";
    return fmt::format("a link to {}, which {}", printable(target.native()),
                       code && code != std::errc::no_such_file_or_directory
                           ? "cannot be followed (" + code.message() + ")"
                           : "is not there");
  }

  void add_trouble(const fs::path& path, std::string why) {
    found.push_back({path, std::move(why)});
  }

  std::vector<Identity> inside_;  // the folders from the first to the one being read
  std::map<Identity, size_t> ways_;
};

}  // namespace

std::vector<FoundRecording> list_recordings(const fs::path& folder,
                                            std::vector<UnreadFile>* unread) {
  Walk walk;
  walk.enter(folder);
  if (unread) *unread = std::move(walk.unread);
  return std::move(walk.found);
}

bool is_companion(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "__macosx", ".ds_store",    "thumbs.db",         "desktop.ini",
      "@eadir",   ".appledouble", ".spotlight-v100",   ".fseventsd",
      ".trashes", "lost+found",   "$recycle.bin",      "system volume information",
      "#recycle", "@recycle",     ".ipynb_checkpoints"};
  if (name.starts_with("._") || name.starts_with(".#") || name.starts_with(".Trash")) return true;
  if (name.ends_with('~') || (name.size() > 1 && name.starts_with('#') && name.ends_with('#'))) {
    return true;
  }
  const std::string word = lower(name);
  return std::find(std::begin(kNames), std::end(kNames), word) != std::end(kNames);
}

bool has_companion_part(std::string_view path) {
  const auto parts = split(path, '/');
  return std::any_of(parts.begin(), parts.end(), is_companion);
}

}  // namespace bonafide
