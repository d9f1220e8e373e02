#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bonafide {

// What a walk through a folder met.
struct FoundRecording {
  std::filesystem::path path;
  std::string trouble = {};  // why it is no recording after all; one line without the path
};

// A file that a walk passed over though recordings may be in it.
struct UnreadFile {
  std::filesystem::path path;
  std::string_view kind;  // as unread_kind() says it
};

// Every file in the folder and below whose name is one of a recording, sorted by name; companions
// are passed over. Links to folders are followed, to a folder that two links lead to by both, but
// never into a folder that the walk is in already.
// Between them stand, with their trouble: folders that cannot be read, pipes and devices, folders
// that more than 1000 ways lead to, and links that lead nowhere. Such a link may have led to a
// folder, whatever its name; only those with the extension of another file, such as "notes.txt",
// are passed over.
// `unread`: takes the archives, videos and the like (audio/unread_kind.h), whose recordings are
// none of those given back.
std::vector<FoundRecording> list_recordings(const std::filesystem::path& folder,
                                            std::vector<UnreadFile>* unread = nullptr);

// Whether a file or folder of this name only accompanies others: what macOS ("._x.wav", __MACOSX,
// .DS_Store), Windows (Thumbs.db, desktop.ini), network disks (@eaDir, .AppleDouble, #recycle),
// waste bins (.Trash*) and editors ("x.wav~", ".#x.wav", "#x.wav#", .ipynb_checkpoints) leave
// beside them. Never a recording, whatever its extension.
bool is_companion(std::string_view name);

// The same of a path's last part or any folder before it.
bool has_companion_part(std::string_view path);

}  // namespace bonafide
