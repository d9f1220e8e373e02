#include "adapters.h"
#include "base/json_value.h"
#include "features/frontend.h"
#include "models/detector_heads.h"
#include "training.h"

namespace bonafide {

namespace {

// A case's configuration as a recipe says it; what a recipe's head has no key for is the same in
// all published weights.
Json head_options(const std::string& name, const Json& config) {
  Json head = {{"name", name}};
  for (const char* key : {"projection_dim", "residual_channels", "attention_channels", "graph_dims",
                          "frames", "maximum_frames", "hidden_dim"}) {
    if (config.contains(key)) head[key] = config[key];
  }
  if (config.contains("maximum_frames")) head["branches"] = config.at("branches");
  for (const auto& [key, third] :
       {std::pair("pool_ratios", "branch"), {"temperatures", "heterogeneous"}}) {
    if (!config.contains(key)) continue;
    const Json& by_name = config[key];
    head[key] = {by_name.at("spectral"), by_name.at("temporal"), by_name.at(third)};
  }
  return head;
}

// The score of a case by its own words.
torch::Tensor score_of(const torch::Tensor& logits, const Json& how) {
  const int64_t index = how.at("index");
  const bool log = how.at("kind") == "log-probability";
  return (log ? torch::log_softmax(logits, 1) : logits).select(1, index);
}

void add_probed_gradients(const Case& golden, const torch::Tensor& features, DetectorHead& head,
                          Results& results) {
  torch::Tensor loss;
  const std::string prefix = "probe.";
  for (const std::string& name : golden.input_names()) {
    if (!name.starts_with(prefix)) continue;
    const auto term =
        (results.at(name.substr(prefix.size())) * golden.input(name, features.scalar_type())).sum();
    loss = loss.defined() ? loss + term : term;
  }
  if (!loss.defined()) return;
  loss.backward();
  results["loss"] = loss;
  results["grad.features"] = features.grad();
  for (const auto& item : head.named_parameters()) {
    if (item.value().grad().defined()) results["grad." + item.key()] = item.value().grad();
  }
}

Results run_head(const Case& golden, torch::Dtype dtype) {
  const std::string component = golden.component();
  const size_t begin = component.find('/') + 1;
  const std::string name = component.substr(begin, component.rfind("-head") - begin);
  const auto features = golden.input("features", dtype).requires_grad_();
  const auto head = make_detector_head(head_options(name, golden.config()), features.size(3));
  golden.fill(*head);
  head->to(dtype);
  head->train(golden.training());
  without_dropout(*head);
  Results results;
  head->watch([&](const std::string& of, const torch::Tensor& value) { results[of] = value; });
  const auto output = head->forward(features);
  results["logits"] = output.logits;
  results["embedding"] = output.embedding;
  results["log_probabilities"] = torch::log_softmax(output.logits, 1);
  results["score"] = score_of(output.logits, golden.config().at("score"));
  const std::map<std::string, std::string> theirs = {{"GAT_layer_S", "graph_spectral"},
                                                     {"GAT_layer_T", "graph_temporal"}};
  for (const auto& [ours, called] : theirs) {
    if (results.contains(ours)) results[called] = results[ours];
  }
  add_probed_gradients(golden, features, *head, results);
  return results;
}

// What a network hears of waveforms: the first samples, or repetitions, pre-emphasised or not.
Results run_input_window(const Case& golden, torch::Dtype) {
  Results results;
  for (const auto& [name, run] : golden.config().at("runs").items()) {
    const auto frontend = make_frontend({{"samples", run.at("samples")},
                                         {"crop", Json::object()},
                                         {"frontend", {{"pre_emphasis", run.at("pre_emphasis")}}}});
    const auto wave =
        golden.input("waveform." + run.at("waveform").get<std::string>(), torch::kFloat32)
            .contiguous();
    results[name] =
        frontend->make({wave.data_ptr<float>(), static_cast<size_t>(wave.numel())}, nullptr).wave;
  }
  return results;
}

}  // namespace

Adapters detector_adapters() {
  Adapters adapters = {{"detector/input-window", run_input_window}};
  for (const char* name : {"sls", "spectra-aasist", "xlsr-aasist"}) {
    adapters[std::string("detector/") + name + "-head"] = run_head;
  }
  return adapters;
}

}  // namespace bonafide
