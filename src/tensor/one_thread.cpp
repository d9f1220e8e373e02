#include "tensor/one_thread.h"

#include <ATen/Parallel.h>
#include <omp.h>

namespace bonafide {

void keep_to_this_thread() {
  thread_local bool done = false;
  if (done) return;
  // LibTorch sets a thread's number when it first meets the thread; that must not come later. Its
  // own setter would change what threads that it has yet to meet begin with.
  at::internal::lazy_init_num_threads();  // for templates that are compiled here
  at::get_num_threads();                  // and for LibTorch itself, which may have it apart
  omp_set_num_threads(1);
  done = true;
}

}  // namespace bonafide
