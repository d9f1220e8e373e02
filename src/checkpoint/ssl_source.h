#pragma once

#include <filesystem>
#include <string>

#include "checkpoint/stored_weights.h"

namespace bonafide {

// The metadata key under which converted encoders have their configuration.
inline constexpr const char* kEncoderKey = "encoder";

// Where the weights are, or hold, a self-supervised speech encoder: spells its names (ssl_names.h)
// and says in `stored.encoder` what is known of it. Its configuration is its file's own, or lies in
// `folder` as config.json. `name` is the file's or folder's, for messages. Throws Error for an
// encoder that is not supported, naming the key that makes it so, and where a configuration
// contradicts the tensors.
void know_encoder(StoredWeights& stored, const std::string& name,
                  const std::filesystem::path& folder);

// Takes what somebody tells of the encoder, "encoder.num_attention_heads=16", and writes all that
// is known into the metadata. Throws UsageError for a key that the file tells otherwise or that is
// none of an encoder's, and where a configuration that cannot be read leaves keys open.
void tell_encoder(StoredWeights& stored, const std::vector<std::string>& words,
                  const std::string& name);

// "fairseq's wav2vec2": what kind of encoder it is, for people.
std::string describe(const StoredEncoder& encoder);

// The keys that nothing tells, each as it is given with convert, with what published encoders of
// this shape have: "encoder.num_attention_heads=16 encoder.do_stable_layer_norm=true".
std::string ask_for_untold(const StoredEncoder& encoder);

}  // namespace bonafide
