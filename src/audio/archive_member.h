#pragma once

#include <cstddef>
#include <span>

#include "audio/location.h"

namespace bonafide {

// The stretch of the archive's bytes that is the member. Throws Error when it lies outside, or when
// the tar header before it does not announce a member of that size: another archive than the one
// that was listed.
std::span<const std::byte> member_bytes(std::span<const std::byte> archive,
                                        const AudioLocation& location);

}  // namespace bonafide
