#include <fmt/format.h>

#include "adapters.h"
#include "features/waveform_norm.h"
#include "models/feature_processors.h"
#include "models/pair_classifiers.h"
#include "models/ssl_encoder.h"
#include "nn/relative_position.h"
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

constexpr const char* kProcessor = "processor/";

// The section model.processor of a case, without the sizes that the features tell.
Json processor_of(Json config) {
  for (const char* key : {"layers", "input_dim", "loss"}) config.erase(key);
  return config;
}

Results run_processor(const Case& golden, torch::Dtype dtype) {
  Json options = processor_of(golden.config());
  options["name"] = golden.component().substr(std::string_view(kProcessor).size());
  const auto features = golden.input("features", dtype).requires_grad_();
  const auto processor = make_feature_processor(options, features.size(0), features.size(3));
  golden.fill(*processor);
  processor->to(dtype);
  processor->train(golden.training());
  without_dropout(*processor);
  Results results = {{"embedding", processor->forward(features)}};
  const auto loss = results["loss"] = probe_loss(golden, results, dtype);
  loss.backward();
  results["grad.features"] = features.grad();
  add_gradients(*processor, results);
  add_state(*processor, results);
  return results;
}

// The section `model` of a classifier, by the names that cases have for its variants.
Json model_of(const std::string& classifier, const Json& config) {
  const std::map<std::string, std::pair<const char*, const char*>> variants = {
      {"rat", {"rat", "matched"}},
      {"rat-zero-reference", {"rat", "zero"}},
      {"rat-self-attention", {"rat", "self"}},
      {"rat-baseline", {"ff", nullptr}}};
  Json model = {{"classifier", classifier}, {"processor", processor_of(config.at("processor"))}};
  const auto variant = variants.find(classifier);
  if (variant == variants.end()) return model;
  model["classifier"] = variant->second.first;
  if (variant->second.second == nullptr) return model;
  model["reference"] = variant->second.second;
  model["attention_heads"] = config.at("attention_heads");
  return model;
}

// Mean over the batch; class 0 is bona fide.
torch::Tensor cross_entropy(const torch::Tensor& logits, const torch::Tensor& label) {
  return torch::nn::functional::cross_entropy(logits, label);
}

Results run_classifier(const Case& golden, torch::Dtype dtype) {
  const std::string name = golden.component().substr(golden.component().find('/') + 1);
  const auto test = golden.input("test", dtype).requires_grad_();
  const auto classifier =
      make_pair_classifier(model_of(name, golden.config()), {test.size(0), test.size(3)});
  golden.fill(*classifier);
  classifier->to(dtype);
  classifier->train(golden.training());
  without_dropout(*classifier);
  torch::Tensor reference;
  if (classifier->compares()) reference = golden.input("reference", dtype).requires_grad_();

  Results results;
  classifier->watch(
      [&](const std::string& of, const torch::Tensor& value) { results[of] = value; });
  const auto logits = results["logits"] =
      classifier
          ->forward(classifier->summary(test),
                    reference.defined() ? classifier->summary(reference) : reference)
          .logits;
  results["probabilities"] = torch::softmax(logits, 1);
  const auto loss = results["loss"] = cross_entropy(logits, golden.input("label", torch::kInt64));
  loss.backward();
  results["grad.test"] = test.grad();
  if (reference.defined()) results["grad.reference"] = reference.grad();
  add_gradients(*classifier, results);
  add_state(*classifier, results);
  return results;
}

}  // namespace

Adapters rat_adapters() {
  Adapters adapters = {
      {"processor/mean", run_processor},
      {"processor/mhfa", run_processor},
      {"processor/sls", run_processor},
      {"processor/aasist", run_processor},
      {"frontend/waveform-normalization", run_normalization},
      {"model/ssl-encoder", run_encoder},
      {"model/wavlm-position-buckets", run_buckets},
  };
  for (const char* name :
       {"ff", "ff-diff", "ff-diff-abs", "ff-diff-quadratic", "ff-concat2", "ff-concat3", "ff-lstm",
        "ff-lstm2", "rat", "rat-zero-reference", "rat-self-attention", "rat-baseline"}) {
    adapters[std::string("classifier/") + name] = run_classifier;
  }
  return adapters;
}

}  // namespace bonafide
