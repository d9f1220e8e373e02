#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "base/json_value.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/conv_layers.h"
#include "checkpoint/ssl_config.h"
#include "checkpoint/ssl_source.h"
#include "checkpoint/weight_folder.h"

namespace {

using namespace bonafide;

// What is refused, as most bytes are, must be refused by an Error.
template <typename Read>
void may_refuse(const Read& read) {
  try {
    read();
  } catch (const Error&) {
  }
}

}  // namespace

// Reads any bytes as what comes with self-supervised encoders: a checkpoint, whose encoder is
// looked for; an index of shards; a configuration; an expression of fairseq's.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  may_refuse([&] {
    StoredWeights stored = read_stored_weights(std::as_bytes(std::span(data, size)), "fuzz");
    know_encoder(stored, "fuzz", "/nowhere");
    if (stored.encoder) tell_encoder(stored, {"encoder.num_attention_heads=2"}, "fuzz");
  });
  may_refuse([&] { (void)read_weight_index(text, "/nowhere", "fuzz"); });
  may_refuse([&] { (void)read_conv_layers(text); });
  may_refuse([&] { (void)huggingface_config(parse_json(text), {}); });
  may_refuse([&] { (void)fairseq_config(parse_json(text)); });
  return 0;
}
