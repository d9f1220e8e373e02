#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/say.h"
#include "cli/torch_program.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

// LibTorch's messages go on with a stack trace, of no use to who runs a program.
int complain(const std::string& message, int status) {
  std::fflush(stdout);
  const std::string said = message.substr(0, message.find("\nException raised from"));
  say("bonafide: {}\n", printable(said, 4000));
  return status;
}

// Where standard input, output or error is closed, the next file to be opened would take its place,
// and messages would end in it. What is written there fails instead.
void fill_closed_descriptors() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDONLY));
  }
}

std::string overview(std::span<const Command> commands) {
  std::string text =
      "bonafide: is this voice bona fide or synthetic?\n\n"
      "Usage: bonafide COMMAND [OPTION...]\n\nCommands:\n";
  for (const Command& command : commands) {
    if (command.summary.empty()) continue;
    text += fmt::format("  {:<10} {}\n", command.name, command.summary);
  }
  return text + "\n\"bonafide COMMAND --help\" says more, with examples.\n";
}

// CLI11 takes "[calls]" for a list in brackets, after "--" too, and would open "calls".
std::string unmistakable(const std::string& argument) {
  const bool bracketed = argument.starts_with('[') && argument.ends_with(']');
  std::error_code unknown;
  if (!bracketed || !fs::exists(fs::symlink_status(argument, unknown))) return argument;
  return "./" + argument;
}

void parse(CLI::App& app, std::span<char* const> arguments) {
  std::vector<std::string> reversed;  // as CLI11 wants them
  std::transform(arguments.rbegin(), arguments.rend(), std::back_inserter(reversed), unmistakable);
  app.parse(std::move(reversed));
}

int run(std::span<const Command> commands, int argc, char** argv) {
  const std::string_view word = argc > 1 ? argv[1] : "--help";
  if (word == "--help" || word == "-h" || word == "help") {
    fmt::print("{}", overview(commands));
    return argc > 1 ? 0 : 2;
  }
  if (word == "--version" || word == "-V") {
    fmt::print("bonafide {}\n", kVersion);
    return 0;
  }
  const auto command = std::find_if(commands.begin(), commands.end(),
                                    [&](const Command& c) { return c.name == word; });
  if (command == commands.end()) {
    std::vector<std::string> names;
    for (const Command& c : commands) names.emplace_back(c.name);
    const auto meant = nearest(word, names);
    throw UsageError(fmt::format("{}: no such command{}", word,
                                 meant ? fmt::format(" (did you mean \"{}\"?)", *meant)
                                       : " (\"bonafide --help\" lists them)"));
  }
  if (!command->declare) hand_over(word, argv);

  CLI::App app(std::string(command->summary), fmt::format("bonafide {}", word));
  const auto work = command->declare(app);
  try {
    parse(app, std::span(argv, static_cast<size_t>(argc)).subspan(2));
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& e) {
    throw UsageError(
        fmt::format("{}: {} (\"bonafide {} --help\" says more)", word, e.what(), word));
  }
  watch_for_interrupts();
  return work();
}

}  // namespace

int run_program(std::span<const Command> commands, int argc, char** argv) {
  fill_closed_descriptors();
  try {
    const int status = run(commands, argc, argv);
    // The flag tells of earlier writes, too, and of those through std::cout.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
      return complain("standard output: cannot be written", 1);
    return status;
  } catch (const UsageError& e) {
    return complain(e.what(), 2);
  } catch (const std::bad_alloc&) {
    return complain("out of memory", 1);
  } catch (const std::exception& e) {
    return complain(e.what(), 1);
  }
}

}  // namespace bonafide
