#pragma once

namespace bonafide {

// From now on LibTorch takes the memory of large tensors on the CPU from a BlockPool. Call it first
// thing in main.
void use_large_pages_for_tensors();

}  // namespace bonafide
