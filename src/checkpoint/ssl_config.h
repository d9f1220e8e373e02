#pragma once

#include <string>
#include <vector>

#include "base/json_value.h"
#include "checkpoint/stored_weights.h"

namespace bonafide {

// Configurations of self-supervised speech encoders, whoever wrote them, under the keys of a
// Hugging Face config.json; "do_normalize" stands among them (preprocessor_config.json).

// Why the encoder of such a configuration is not one of models/ssl_encoder.h, naming the key and
// its value: `hidden_act: "relu" is not supported; only "gelu" is`; or which value is no number or
// flag. "" when it is one. Sizes are not checked.
std::string unsupported_encoder(const Json& config);

// What a configuration says. `untold`: keys that it has, but not as a value that can be read.
struct EncoderConfig {
  Json values = Json::object();
  std::vector<std::string> untold;
  std::string form;  // "Hugging Face", "fairseq", "Microsoft"; "" where it says nothing of encoders
};

// Of config.json and preprocessor_config.json (null: there is none), with the defaults of what they
// leave out. Throws Error naming the key of what is not supported.
EncoderConfig huggingface_config(const Json& config, const Json& preprocessor);

// Of what a PyTorch file says beside its tensors (StoredWeights::said): fairseq's "cfg" and "args",
// of pre-training and of what was fine-tuned for CTC, s3prl's "model_cfg", Microsoft's "cfg".
// Throws Error likewise.
EncoderConfig fairseq_config(const Json& said);

// What the encoder's tensors themselves tell, whose names are spelled as Hugging Face's behind
// `prefix`: widths, kernels, layers, norms; the heads of WavLM.
Json config_of_tensors(const StoredWeights& stored, const std::string& prefix);

}  // namespace bonafide
