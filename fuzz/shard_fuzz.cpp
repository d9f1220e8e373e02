// Any bytes as a tar shard, plain or compressed: trials whose members can be looked up, or one
// UsageError.

#include <cstddef>
#include <cstdint>
#include <span>

#include "audio/archive_member.h"
#include "base/error.h"
#include "corpus/shard.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
  try {
    for (const bonafide::Trial& trial : bonafide::parse_shard(bytes, "shard.tar")) {
      try {
        bonafide::member_bytes(bytes, location_of(trial));
      } catch (const bonafide::Error&) {
      }
    }
  } catch (const bonafide::UsageError&) {
  }
  return 0;
}
