#pragma once

#include <cstddef>
#include <span>

namespace bonafide {

// The bytes without the tags that players write before any audio file: ID3v2 and APEv2. A tag that
// claims more than lies there takes all.
std::span<const std::byte> without_tags_before(std::span<const std::byte> bytes);

// The same of those behind: ID3v1, APEv2, and ID3v2 with its mark at the end. Only for formats
// whose samples cannot look like one, or that would notice their loss.
std::span<const std::byte> without_tags_behind(std::span<const std::byte> bytes);

// Whether there is nothing but tags.
bool are_tags(std::span<const std::byte> bytes);

}  // namespace bonafide
