// Any bytes as a tar shard, plain or compressed: trials whose members can be looked up, or one
// UsageError.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "audio/archive_member.h"
#include "audio/archive_window.h"
#include "base/error.h"
#include "corpus/shard.h"

using namespace bonafide;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
  try {
    const auto trials = parse_shard(bytes, "shard.tar");
    std::optional<ArchiveWindow> window;
    if (!compression_of(bytes).empty()) window.emplace(bytes);
    for (const Trial& trial : trials) {
      try {
        if (window) {
          const auto piece = window->member(trial.member);
          member_bytes(piece, location_of(trial), trial.member.offset - kTarHeader);
        } else {
          member_bytes(bytes, location_of(trial));
        }
      } catch (const Error&) {
      }
    }
  } catch (const UsageError&) {
  }
  return 0;
}
