#include <malloc.h>

#include <array>

#include "cli/commands.h"

int main(int argc, char** argv) {
  using namespace bonafide;
  // LibTorch frees and takes back every large activation; glibc would return each to the kernel,
  // and the page faults would cost as much as the arithmetic. The price is that memory once used is
  // kept.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2000000000);
  mallopt(M_TOP_PAD, 256 << 20);

  static constexpr std::array<Command, 5> kCommands = {{
      {"score", "score recordings: bona fide or spoof?", declare_score},
      {"train", "train a system from a recipe", declare_train},
      {"evaluate", "score a labelled set with a checkpoint, and report", declare_evaluate},
      {"check", "whether a model file fits its network", declare_check},
      {"doctor", "what LibTorch gives on this machine", declare_doctor_torch},
  }};
  return run_program(kCommands, argc, argv);
}
