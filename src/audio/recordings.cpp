#include "audio/recordings.h"

#include <algorithm>
#include <system_error>

#include "audio/decode.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

void walk(const fs::path& folder, std::vector<fs::path>& files) {
  std::error_code code;
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator at(folder, code); !code && at != fs::directory_iterator();
       at.increment(code)) {
    entries.push_back(*at);
  }
  if (code) files.push_back(folder);
  std::sort(entries.begin(), entries.end());
  for (const fs::directory_entry& entry : entries) {
    std::error_code ignored;
    if (entry.is_directory(ignored)) {
      if (!entry.is_symlink(ignored)) walk(entry.path(), files);
    } else if (has_audio_extension(entry.path())) {
      files.push_back(entry.path());
    }
  }
}

}  // namespace

std::vector<fs::path> list_recordings(const fs::path& folder) {
  std::vector<fs::path> files;
  walk(folder, files);
  return files;
}

}  // namespace bonafide
