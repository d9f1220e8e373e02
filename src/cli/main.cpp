#include <array>

#include "cli/commands.h"

int main(int argc, char** argv) {
  using namespace bonafide;
  const std::array<Command, 10> commands = {{
      {"score", "score recordings: bona fide or spoof?", nullptr},
      {"train", "train a system from a recipe", nullptr},
      {"evaluate", "score a labelled set with a checkpoint, and report", nullptr},
      {"metrics", "EER, minDCF and more from score files", declare_metrics},
      {"fuse", "fit and apply calibrations and score fusions", declare_fuse},
      {"convert", "published checkpoints to self-describing safetensors", declare_convert},
      {"data", "list, check and make corpora", declare_data},
      {"models", "list, show and fetch models", declare_models},
      {"recipe", "show a recipe after defaults and overrides", declare_recipe},
      {"doctor", "what this machine gives", declare_doctor},
  }};
  return run_program(commands, argc, argv);
}
