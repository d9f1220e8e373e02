#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace bonafide {

// What the error of this kind says that `act` throws; "" and a failed test when it throws none.
template <typename Kind = Error, typename Act>
std::string error_text(Act act) {
  try {
    act();
  } catch (const Kind& e) {
    return e.what();
  }
  ADD_FAILURE() << "expected an error";
  return "";
}

}  // namespace bonafide
