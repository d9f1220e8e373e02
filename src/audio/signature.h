#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace bonafide {

// What the first bytes of a file that is no readable recording look like, as the rest of a
// sentence: "looks like AMR speech; convert it to wav or flac first". Empty when nothing is
// recognised.
std::string foreign_format(std::span<const std::byte> bytes);

// Whether the bytes begin as a container does, whatever the name says.
bool is_container(std::span<const std::byte> bytes);

// Whether the bytes begin as MPEG audio (mp1, mp2, mp3) does, without a tag.
bool is_mpeg(std::span<const std::byte> bytes);

}  // namespace bonafide
