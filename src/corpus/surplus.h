#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "audio/location.h"
#include "corpus/leftovers.h"

namespace bonafide {

// Notes the recordings that lie in the folders of a data set's part and are none of those listed,
// and what of the folders cannot be read. These folders are the deepest one that all of the part's
// recordings lie in, with all below it, or for `whole_root` the root itself (of a list: its
// folder); where it lies above the root, as that of a list of several data sets, the recordings'
// own folders. Archives, videos and the like are noted too. One walk; a file under another name
// (through a link) is the same.
void note_surplus(const std::filesystem::path& root, const std::vector<AudioLocation>& part,
                  const std::vector<AudioLocation>& listed, bool whole_root, Leftovers& leftovers);

// Finds what a list may have meant by a file that is not there.
class NearNames {
 public:
  // " (did you mean \"x.wav\"?)", when just one name in the file's folder differs in nothing but
  // case or Unicode form (base/look_alike.h); else "".
  std::string hint(const std::filesystem::path& missing);

 private:
  using Names = std::unordered_multimap<std::string, std::string>;  // by their keys

  const Names& names_in(const std::filesystem::path& folder);

  std::unordered_map<std::string, Names> folders_;
};

}  // namespace bonafide
