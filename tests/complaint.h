#pragma once

#include <string>

#include "base/error.h"

namespace bonafide {

// The message of the UsageError that `work` throws.
template <typename Work>
std::string complaint(Work work) {
  try {
    work();
  } catch (const UsageError& e) {
    return e.what();
  }
  return "no complaint";
}

}  // namespace bonafide
