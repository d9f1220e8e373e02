#include "corpus/surplus.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <system_error>
#include <unordered_set>
#include <utility>

#include "audio/recordings.h"
#include "base/look_alike.h"
#include "base/text.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

using Identity = std::pair<dev_t, ino_t>;

constexpr std::string_view kUnlisted = "recordings that nothing lists";

std::optional<Identity> identity_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return Identity{status.st_dev, status.st_ino};
}

bool is_below(const fs::path& path, const fs::path& folder) {
  return std::mismatch(path.begin(), path.end(), folder.begin(), folder.end()).second ==
         folder.end();
}

// Different folders of the recordings, as std::set sorts them: each before those below it.
std::set<fs::path> folders_of(const std::vector<AudioLocation>& recordings) {
  std::set<fs::path> folders;
  fs::path last;
  for (const AudioLocation& location : recordings) {
    fs::path folder = location.path.lexically_normal().parent_path();
    if (!folders.empty() && folder == last) continue;
    folders.insert(folder);
    last = std::move(folder);
  }
  return folders;
}

fs::path common_folder(const std::set<fs::path>& folders) {
  fs::path common = *folders.begin();
  for (const fs::path& folder : folders) {
    const auto end =
        std::mismatch(common.begin(), common.end(), folder.begin(), folder.end()).first;
    fs::path shared;
    for (auto part = common.begin(); part != end; ++part) shared /= *part;
    common = std::move(shared);
  }
  return common;
}

std::vector<fs::path> folders_to_walk(const fs::path& root, const std::vector<AudioLocation>& part,
                                      bool whole_root) {
  const std::set<fs::path> folders = folders_of(part);
  if (folders.empty()) return {};
  std::error_code unknown;
  const fs::path top = fs::is_directory(root, unknown)
                           ? (root / "").lexically_normal().parent_path()
                           : root.lexically_normal().parent_path();
  const fs::path common = common_folder(folders);
  const bool is_whole = top == "." || top.empty() ? common.is_relative() : is_below(common, top);
  if (is_whole && common.is_absolute() == folders.begin()->is_absolute() &&
      common.is_absolute() == folders.rbegin()->is_absolute()) {
    return {whole_root ? top : common};
  }
  std::vector<fs::path> highest;
  for (const fs::path& folder : folders) {
    if (highest.empty() || !is_below(folder, highest.back())) highest.push_back(folder);
  }
  return highest;
}

// By their names first, and only where those differ by what the file system says.
class Listed {
 public:
  explicit Listed(const std::vector<AudioLocation>& listed) : listed_(listed) {
    for (const AudioLocation& location : listed) {
      names_.insert(location.path.lexically_normal().native());
    }
  }

  bool has(const fs::path& path) {
    if (names_.contains(path.native())) return true;
    const auto identity = identity_of(path);
    return identity && identities().contains(*identity);
  }

 private:
  const std::set<Identity>& identities() {
    if (identities_) return *identities_;
    identities_.emplace();
    for (const AudioLocation& location : listed_) {
      if (const auto identity = identity_of(location.path)) identities_->insert(*identity);
    }
    return *identities_;
  }

  const std::vector<AudioLocation>& listed_;
  std::unordered_set<std::string> names_;
  std::optional<std::set<Identity>> identities_;
};

}  // namespace

void note_surplus(const fs::path& root, const std::vector<AudioLocation>& part,
                  const std::vector<AudioLocation>& listed, bool whole_root, Leftovers& leftovers) {
  Listed known(listed);
  for (const fs::path& folder : folders_to_walk(root, part, whole_root)) {
    std::vector<UnreadFile> unread;
    for (const auto& [found, trouble] : list_recordings(folder.empty() ? "." : folder, &unread)) {
      const fs::path path = found.lexically_normal();
      if (known.has(path)) continue;
      if (trouble.empty()) {
        leftovers.add(kUnlisted, path.native());
      } else {
        leftovers.add_trouble(fmt::format("{}: {}", printable(path.native()), trouble));
      }
    }
    for (const UnreadFile& file : unread) {
      const fs::path path = file.path.lexically_normal();
      if (!known.has(path)) leftovers.add(file.kind, path.native());
    }
  }
}

const NearNames::Names& NearNames::names_in(const fs::path& folder) {
  const auto [entry, fresh] = folders_.try_emplace(folder.native());
  if (!fresh) return entry->second;
  std::error_code unreadable;
  for (fs::directory_iterator at(folder.empty() ? "." : folder, unreadable);
       !unreadable && at != fs::directory_iterator(); at.increment(unreadable)) {
    std::string name = at->path().filename().native();
    entry->second.emplace(look_alike_key(name), std::move(name));
  }
  return entry->second;
}

std::string NearNames::hint(const fs::path& missing) {
  const Names& names = names_in(missing.parent_path());
  const auto [first, last] = names.equal_range(look_alike_key(missing.filename().native()));
  if (first == last || std::next(first) != last) return "";
  return fmt::format(" (did you mean \"{}\"?)", printable(first->second));
}

}  // namespace bonafide
