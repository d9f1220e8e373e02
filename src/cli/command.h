#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <span>
#include <string_view>

namespace bonafide {

// One command of the command line. `declare` adds its options to `app` and returns the work to do
// once they are parsed; the work returns the exit status:
// 0 all done, 1 nothing could be done, 2 the command line, a recipe or a protocol is wrong,
// 3 some inputs failed and the rest were done. Errors that the work throws become one line on
// stderr and status 1 (UsageError: 2).
struct Command {
  std::string_view name;
  std::string_view summary;
  std::function<std::function<int()>(CLI::App& app)> declare;  // empty: bonafide-torch has it
};

// Parses the command line and runs the command it names. A command without `declare` is handed over
// to the program bonafide-torch, which lies beside this one.
int run_program(std::span<const Command> commands, int argc, char** argv);

}  // namespace bonafide
