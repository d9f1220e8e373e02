#include "audio/sound_source.h"

#include <fmt/format.h>

#include <algorithm>

namespace bonafide {

std::vector<std::string> SoundSource::remarks(size_t got) const {
  std::vector<std::string> said;
  if (!cut_.empty()) said.push_back(fmt::format("truncated: {}; {} samples were read", cut_, got));
  said.insert(said.end(), remarks_.begin(), remarks_.end());
  const bool known_as_cut = std::any_of(said.begin(), said.end(), [](const std::string& remark) {
    return remark.starts_with("truncated");
  });
  if (got < frames() && !known_as_cut) {
    const std::string why = trouble().empty() ? "" : fmt::format(" ({})", trouble());
    said.push_back(fmt::format("truncated: {} samples of the {} that the header promises{}", got,
                               frames(), why));
  } else if (!trouble().empty()) {
    said.push_back("damaged: " + trouble());
  }
  return said;
}

}  // namespace bonafide
