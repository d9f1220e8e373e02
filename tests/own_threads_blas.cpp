// Stands before the real library (LD_PRELOAD): an OpenBLAS that keeps threads of its own.
#include <cstdio>

extern "C" {

int openblas_get_parallel() { return 1; }

void openblas_set_num_threads(int threads) { std::fprintf(stderr, "%d BLAS threads\n", threads); }

}  // extern "C"
