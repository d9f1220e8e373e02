#pragma once

#include <memory>

#include "base/progress.h"

namespace bonafide {

// A progress line on stderr; silent when stderr is not a terminal.
std::unique_ptr<Progress> terminal_progress();

}  // namespace bonafide
