#include <array>

#include "cli/commands.h"
#include "tensor/memory.h"

int main(int argc, char** argv) {
  using namespace bonafide;
  use_large_pages_for_tensors();

  static constexpr std::array<Command, 5> kCommands = {{
      {"score", "score recordings: bona fide or spoof?", declare_score},
      {"train", "train a system from a recipe", declare_train},
      {"evaluate", "score a labelled set with a checkpoint, and report", declare_evaluate},
      {"wants", "", declare_wants},
      {"doctor", "what LibTorch gives on this machine", declare_doctor_torch},
  }};
  return run_program(kCommands, argc, argv);
}
