#pragma once

#include "cli/command.h"
#include "systems/system.h"

namespace bonafide {

// The main of bonafide-torch, with these systems, which must outlive it.
int run_torch_program(const SystemTable& systems, int argc, char** argv);

// Its commands, one function per file NAME_command.cpp.
std::function<int()> declare_doctor_torch(CLI::App& app);
std::function<int()> declare_evaluate(CLI::App& app, const SystemTable& systems);
std::function<int()> declare_score(CLI::App& app, const SystemTable& systems);
std::function<int()> declare_train(CLI::App& app, const SystemTable& systems);
std::function<int()> declare_wants(CLI::App& app, const SystemTable& systems);

}  // namespace bonafide
