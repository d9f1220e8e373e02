#pragma once

#include <cstdint>
#include <string>

namespace bonafide {

// Bytes that this process may still take: what the machine has free or can free, with its swap;
// less where its control group or `ulimit -v` says so. The largest number where the system does not
// tell.
uint64_t memory_left();

// Throws Error where `what` ("an encoder of 2.2 billion parameters") needs more than is left,
// saying how many bytes of each.
void expect_memory(uint64_t bytes, const std::string& what);

}  // namespace bonafide
