#pragma once

#include <memory>
#include <string>

#include "base/json.h"
#include "systems/system.h"

namespace bonafide {

// How a TorchScript network is asked and understood.
struct TorchScriptOptions {
  std::string file;
  std::string input = "wave";   // wave | features | both: what its forward takes, in this order
  int64_t output = 0;           // which element, when it answers with a tuple
  std::string rule = "column";  // column (score.logit of its logits) | difference (that column
                                // less the other one) | value (one number for each row)
  bool turned = false;          // its numbers are higher for spoofed speech
  int64_t score_logit = 1;

  // From the recipe sections `model` and `score`. Throws UsageError.
  static TorchScriptOptions from_json(const Json& recipe);
};

// A network from a TorchScript file. It is scored and evaluated, not trained. TorchScript is a
// program: load only what you trust. Throws Error for a file that LibTorch does not load.
std::unique_ptr<System> make_torchscript(const Json& recipe);

}  // namespace bonafide
