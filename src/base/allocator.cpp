#include "base/allocator.h"

#include <malloc.h>

namespace bonafide {

void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2000000000);
  mallopt(M_TOP_PAD, 256 << 20);
}

}  // namespace bonafide
