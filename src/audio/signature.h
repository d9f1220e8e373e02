#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace bonafide {

// What the first bytes of a file that is no readable recording look like, as the rest of a
// sentence: "looks like AMR speech; convert it to wav or flac first". Empty when nothing is
// recognised.
std::string foreign_format(std::span<const std::byte> bytes);

// Whether the bytes begin as a container does, whatever the name says.
bool is_container(std::span<const std::byte> bytes);

// How many bytes of samples a WAV header promises beyond those present; 0 for a whole file, for a
// stream whose writer could not know its length, and for what is no WAV.
uint64_t missing_wav_bytes(std::span<const std::byte> bytes);

}  // namespace bonafide
