#pragma once

#include <filesystem>
#include <string>

namespace bonafide {

// A folder for intermediate files, removed with all that is in it.
class ScratchFolder {
 public:
  ScratchFolder();  // below the system's folder for such; throws Error when none can be made
  explicit ScratchFolder(std::filesystem::path path);  // made where it is not there yet
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace bonafide
