#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "audio/location.h"

namespace bonafide {

// The stretch of the archive's bytes that is the member. Throws Error when it lies outside, or when
// the tar header before it does not announce a member of that size: another archive than the one
// that was listed.
// `archive` may also be a piece of it that begins at byte `begin`.
std::span<const std::byte> member_bytes(std::span<const std::byte> archive,
                                        const AudioLocation& location, uint64_t begin = 0);

inline constexpr uint64_t kTarHeader = 512;  // bytes before a member

}  // namespace bonafide
