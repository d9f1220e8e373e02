#include "base/scratch_folder.h"

#include <stdlib.h>

#include <cerrno>

#include "base/error.h"
#include "base/file.h"

namespace bonafide {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder() {
  std::string name = (fs::temp_directory_path() / "bonafide-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw Error(describe_errno(name, errno));
  path_ = name;
}

ScratchFolder::ScratchFolder(fs::path path) : path_(std::move(path)) {
  fs::create_directories(path_);
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace bonafide
