#include "train/encoder_check.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "models/ssl_encoder.h"

namespace bonafide {

namespace {

// What no tensor's shape shows.
Json workings(const SslEncoderOptions& o) {
  Json shown = {{"conv_stride", o.conv_stride},
                {"num_attention_heads", o.num_attention_heads},
                {"do_stable_layer_norm", o.do_stable_layer_norm},
                {"layer_norm_eps", o.layer_norm_eps}};
  if (o.has_relative_bias()) shown["max_bucket_distance"] = o.max_bucket_distance;
  return shown;
}

}  // namespace

void expect_same_encoder(const StoredEncoder& encoder, const torch::nn::Module& module,
                         const std::string& into, const std::string& from) {
  for (const auto& item : module.named_modules("", /*include_self=*/false)) {
    const auto* ours = item.value()->as<SslEncoderImpl>();
    if (ours == nullptr || !(item.key() + ".").starts_with(into)) continue;
    const Json shown = workings(ours->options());
    for (const auto& [key, value] : shown.items()) {
      const auto told = encoder.config.find(key);
      if (told == encoder.config.end() || *told == value) continue;
      throw Error(fmt::format("init: {}: its encoder has {} {}, the recipe's {}", printable(from),
                              key, printable(told->dump(), 80), value.dump()));
    }
  }
}

}  // namespace bonafide
