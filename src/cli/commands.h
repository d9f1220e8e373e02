#pragma once

#include "cli/command.h"

namespace bonafide {

// One function per file NAME_command.cpp. Those that need LibTorch: torch_commands.h.
std::function<int()> declare_convert(CLI::App& app);
std::function<int()> declare_data(CLI::App& app);
std::function<int()> declare_data_augment(CLI::App& app);
std::function<int()> declare_data_copysynth(CLI::App& app);
std::function<int()> declare_doctor(CLI::App& app);
std::function<int()> declare_fuse(CLI::App& app);
std::function<int()> declare_metrics(CLI::App& app);
std::function<int()> declare_models(CLI::App& app);
std::function<int()> declare_recipe(CLI::App& app);

}  // namespace bonafide
