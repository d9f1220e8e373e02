#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bonafide {

// Plain everyday sentences in UTF-8 for the synthesisers of the mini corpus, written for this
// project: any of 20 openings with any of 20 endings. `language`: ca cs en es fi fr it ru.
// Different seeds give them in different orders; after 400 they come again. Throws Error for a
// language that is not there.
std::vector<std::string> mini_sentences(std::string_view language, size_t count, uint64_t seed);

}  // namespace bonafide
