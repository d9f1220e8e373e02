#include <fmt/format.h>

#include "adapters.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/weight_choice.h"
#include "features/waveform_norm.h"
#include "models/ssl_encoder.h"
#include "nn/relative_position.h"
#include "tensor/state.h"
#include "training.h"

namespace bonafide {

namespace {

// `lengths`: undefined where the case has none.
torch::Tensor normalized(const torch::Tensor& waves, const torch::Tensor& lengths,
                         const Json& how) {
  const std::map<std::string, WaveformScope> scopes = {{"none", WaveformScope::kNone},
                                                       {"utterance", WaveformScope::kUtterance},
                                                       {"batch", WaveformScope::kBatch}};
  const bool by_length = how.value("use_lengths", false);
  return normalize_waveforms(waves, by_length ? lengths : torch::Tensor(),
                             scopes.at(how.at("scope")), how.value("epsilon", 1e-5));
}

Results run_normalization(const Case& golden, torch::Dtype dtype) {
  Results results;
  for (const auto& [name, how] : golden.config().at("variants").items()) {
    results[name] = normalized(golden.input("waveform", dtype), golden.input("length", dtype), how);
  }
  return results;
}

Results run_buckets(const Case& golden, torch::Dtype dtype) {
  Results results;
  for (const auto& [name, table] : golden.config().at("tables").items()) {
    results["bucket." + name] =
        relative_position_buckets(golden.input("offset." + name, dtype), table.at("num_buckets"),
                                  table.at("max_bucket_distance"));
  }
  return results;
}

Results results_of(const SslStates& states) {
  Results results = {{"conv", states.conv},      {"proj", states.projected},
                     {"pos", states.positional}, {"layer_in", states.layer_in},
                     {"last", states.last},      {"position_bias", states.position_bias}};
  for (size_t i = 0; i < states.layers.size(); ++i) {
    results[fmt::format("layer.{}", i)] = states.layers[i];
  }
  return results;
}

// `probe_mean` or `probe_sum` over the inputs probe.X and the outputs X.
torch::Tensor probe_loss(const Case& golden, const Results& results, torch::Dtype dtype) {
  const std::string prefix = "probe.";
  const bool mean = golden.config().at("loss") == "probe_mean";
  auto loss = torch::zeros({}, dtype);
  for (const auto& name : golden.input_names()) {
    if (!name.starts_with(prefix)) continue;
    const auto product = results.at(name.substr(prefix.size())) * golden.input(name, dtype);
    loss = loss + (mean ? product.mean() : product.sum());
  }
  return loss;
}

Results run_encoder(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  SslEncoder encoder(SslEncoderOptions::from_json(config.at("encoder")));
  golden.fill(*encoder);
  encoder->to(dtype);
  encoder->train(golden.training());
  without_dropout(*encoder);
  const auto waves = golden.input("waveform", dtype).requires_grad_();
  Results results =
      results_of(encoder->forward(normalized(waves, {}, config.at("waveform_normalization"))));
  const auto loss = results["loss"] = probe_loss(golden, results, dtype);
  loss.backward();
  results["grad.waveform"] = waves.grad();
  add_gradients(*encoder, results);
  return results;
}

// The encoder of a published file, which mostly says how it is made.
Results run_import(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  auto path = golden.path().parent_path() / config.at("file").get<std::string>();
  if (config.contains("weight_file")) path /= config["weight_file"].get<std::string>();
  const StoredWeights stored = read_stored_weights(path);
  SslEncoder encoder(
      SslEncoderOptions::from_json(config.value("encoder", stored.encoder.value().config)));
  const WeightChoice choice = choose_weights(stored, wanted_by(*encoder), "", path.native());
  load_state(*encoder, choice.file, path.native());
  encoder->to(dtype);
  encoder->eval();
  const auto waves = golden.input("waveform", dtype);
  return results_of(encoder->forward(normalized(waves, {}, config.at("waveform_normalization"))));
}

}  // namespace

Adapters rat_adapters() {
  return {
      {"import/ssl-encoder", run_import},
      {"frontend/waveform-normalization", run_normalization},
      {"model/ssl-encoder", run_encoder},
      {"model/wavlm-position-buckets", run_buckets},
  };
}

}  // namespace bonafide
