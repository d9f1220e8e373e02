#include "scoring/named_pipes.h"

#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/pipe.h"

namespace bonafide {

namespace {

using Identity = std::pair<dev_t, ino_t>;

// The same for all names of a pipe.
Identity identity_of(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? Identity(status.st_dev, status.st_ino) : Identity();
}

}  // namespace

void mark_pipes(const std::vector<std::string>& arguments, std::vector<Input>& listed) {
  const std::set<std::string> named(arguments.begin(), arguments.end());
  std::set<Identity> read;
  if (named.contains("-")) read.insert(identity_of("/dev/stdin"));
  for (Input& input : listed) {
    const auto& path = input.location.path;
    // What is no whole file is decoded like one, and so refused: a pipe has no stretches.
    const bool whole = input.location == AudioLocation(path);
    if (!input.trouble.empty() || !whole || !named.contains(path.native()) || !is_pipe(path))
      continue;
    input.is_pipe = true;
    if (!read.insert(identity_of(path)).second) {
      input.trouble = "nothing is left of this pipe, which was read before";
    }
  }
}

}  // namespace bonafide
