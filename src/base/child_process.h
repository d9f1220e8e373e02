#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bonafide {

struct ChildProcess {
  std::vector<std::string> arguments;  // the program, found on PATH, and its arguments: no shell
  std::filesystem::path output = {};   // standard output goes here; empty: nowhere
  double timeout_seconds = 60;
};

// Runs the program to its end, with no standard input and its messages dropped. Throws Error when
// it cannot start, fails, or takes longer than the time given (it and its own children are then
// ended).
void run(const ChildProcess& child);

// Whether a program of that name is on PATH (or, with a slash, there).
bool program_exists(const std::string& name);

}  // namespace bonafide
