#include "cli/torch_commands.h"

#include <array>

#include "tensor/memory.h"

namespace bonafide {

int run_torch_program(const SystemTable& systems, int argc, char** argv) {
  use_large_pages_for_tensors();
  const auto with_systems = [&](auto declare) {
    return [=, &systems](CLI::App& app) { return declare(app, systems); };
  };
  const std::array<Command, 5> commands = {{
      {"score", "score recordings: bona fide or spoof?", with_systems(declare_score)},
      {"train", "train a system from a recipe", with_systems(declare_train)},
      {"evaluate", "score a labelled set with a checkpoint, and report",
       with_systems(declare_evaluate)},
      {"wants", "", with_systems(declare_wants)},
      {"doctor", "what LibTorch gives on this machine", declare_doctor_torch},
  }};
  return run_program(commands, argc, argv);
}

}  // namespace bonafide
