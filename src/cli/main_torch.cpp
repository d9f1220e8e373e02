#include "cli/torch_commands.h"

int main(int argc, char** argv) {
  return bonafide::run_torch_program(bonafide::builtin_systems(), argc, argv);
}
