#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace bonafide {

// What the Error says that `act` throws; "" and a failed test when it throws none.
template <typename Act>
std::string error_text(Act act) {
  try {
    act();
  } catch (const Error& e) {
    return e.what();
  }
  ADD_FAILURE() << "expected an Error";
  return "";
}

}  // namespace bonafide
