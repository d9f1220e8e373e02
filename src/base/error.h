#pragma once

#include <stdexcept>

namespace bonafide {

// What the caller can put right. The text is one sentence that names the thing, what was found and
// what was wanted: "call.wav: 0 samples; a recording needs at least one".
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The command line, a recipe or a protocol is wrong (exit status 2; other errors: 1).
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace bonafide
