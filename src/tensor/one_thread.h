#pragma once

namespace bonafide {

// From now on this thread does LibTorch's operations by itself alone. For threads of which there
// are several already: each would otherwise bring as many helpers as there are cores. Other threads
// are not touched. May be called again and again.
void keep_to_this_thread();

}  // namespace bonafide
