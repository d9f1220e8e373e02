#pragma once

#include <string>

namespace bonafide {

// The library that answers for matrix products in this process, whatever its name when LibTorch was
// linked: its path, or "" when there is none.
std::string blas_library();

// An OpenBLAS that keeps threads of its own instead of OpenMP's, as Debian's libopenblas0-pthread
// does. While they wait they spin, and so take the cores from LibTorch's.
bool blas_keeps_its_own_threads();

// Sets how many threads a matrix product takes. LibTorch sets OpenMP's number only, which such a
// library never asks for. No effect on other libraries.
void set_blas_threads(int threads);

}  // namespace bonafide
