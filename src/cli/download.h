#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/progress.h"

namespace bonafide {

// A file on the web whose content is known beforehand.
struct Download {
  std::string address;  // http or https
  std::filesystem::path to;
  size_t bytes = 0;
  std::string sha256;
};

// Fetches it into a file beside `to`, and renames that when length and SHA-256 are right; otherwise
// nothing is left behind. Follows redirects; gives up when nothing comes for half a minute, and
// when interrupted. Throws Error naming the address.
void download(const Download& wanted, Progress& progress);

}  // namespace bonafide
