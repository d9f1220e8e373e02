#include "metrics/sort_keys.h"

#include <algorithm>

namespace bonafide {

void sort_keys(std::vector<uint64_t>& keys) { std::sort(keys.begin(), keys.end()); }

}  // namespace bonafide
