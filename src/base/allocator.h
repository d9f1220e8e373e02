#pragma once

namespace bonafide {

// Tells glibc to keep freed memory instead of giving it back to the kernel. LibTorch frees and
// takes back every large activation, and the page faults would cost as much as the arithmetic. The
// price is that memory once used is kept. Call it first thing in main.
void keep_freed_memory();

}  // namespace bonafide
