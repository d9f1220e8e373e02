#include <fmt/format.h>

#include <cmath>
#include <tuple>

#include "adapters.h"
#include "base/json_value.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/weight_choice.h"
#include "features/waveform_norm.h"
#include "metrics/detection_cost.h"
#include "metrics/eer.h"
#include "models/feature_processors.h"
#include "models/pair_classifiers.h"
#include "models/ssl_encoder.h"
#include "nn/relative_position.h"
#include "scoring/reference_sound.h"
#include "systems/pair.h"
#include "systems/reference_sensitivity.h"
#include "tensor/state.h"
#include "train/optimizer.h"
#include "train/parameter_names.h"
#include "train/schedule.h"
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

// The system of a case, filled if that is wanted: encoder and classifier under names of their own.
std::unique_ptr<PairSystem> system_of(const Case& golden, const std::string& classifier,
                                      torch::Dtype dtype, bool filled = true) {
  const Json& config = golden.config();
  const auto options = SslEncoderOptions::from_json(config.at("encoder"));
  SslEncoder encoder(options);
  const auto head = make_pair_classifier(model_of(classifier, config),
                                         {options.num_hidden_layers, options.hidden_size});
  if (filled) golden.fill(*encoder);
  if (filled) golden.fill(*head);
  const bool by_batch = config.at("waveform_normalization").at("scope") == "batch";
  PairOptions pair;
  pair.normalization = by_batch ? WaveformScope::kBatch : WaveformScope::kNone;
  auto system = std::make_unique<PairSystem>(encoder, head, pair);
  system->module().to(dtype);
  without_dropout(system->module());
  system->module().train(golden.training());
  return system;
}

std::vector<torch::Tensor> cut(const torch::Tensor& padded, const torch::Tensor& lengths) {
  std::vector<torch::Tensor> rows;
  for (int64_t i = 0; i < padded.size(0); ++i) {
    rows.push_back(padded[i].narrow(0, 0, lengths[i].item<int64_t>()));
  }
  return rows;
}

template <typename Real>
torch::Tensor degraded(const torch::Tensor& reference, const torch::Tensor& noise, int rate,
                       const ReferenceSound& sound) {
  const auto span = [](const torch::Tensor& wave) {
    return std::span<const Real>(wave.data_ptr<Real>(), static_cast<size_t>(wave.numel()));
  };
  const auto changed = degrade<Real>(span(reference), rate, sound, span(noise));
  return torch::tensor(changed, reference.options());
}

ReferenceSound sound_of(const Json& run) {
  using Kind = ReferenceSound::Kind;
  const std::string how = run.at("reference");
  if (how == "silence") return {.kind = Kind::kSilence};
  if (how == "shortened") return {.seconds = run.at("duration_seconds")};
  if (how == "noise-only") return {.kind = Kind::kNoise};
  if (how == "noisy") return {.kind = Kind::kNoisy, .snr = run.at("snr_db")};
  return {};
}

// The reference of item i in a run.
torch::Tensor reference_of(const Case& golden, const Json& run, size_t i, torch::Dtype dtype) {
  const auto lengths = golden.input("reference_length", torch::kInt64);
  const auto references = cut(golden.input("reference", dtype), lengths);
  if (run.at("reference") == "next-item") return references.at((i + 1) % references.size());
  const auto own = references.at(i).contiguous();
  const auto noise = cut(golden.input("noise", dtype), lengths).at(i).contiguous();
  const auto change = dtype == torch::kFloat64 ? degraded<double> : degraded<float>;
  return change(own, noise, golden.config().at("sample_rate"), sound_of(run));
}

// What a run answers, in batches of so many pairs.
std::pair<torch::Tensor, torch::Tensor> run_pairs(const Case& golden, const Json& run,
                                                  torch::Dtype dtype) {
  const auto system = system_of(golden, run.at("classifier"), dtype);
  const auto tests = cut(golden.input("test", dtype), golden.input("test_length", torch::kInt64));
  const size_t width = run.at("batching") == "together" ? tests.size() : 1;
  std::vector<torch::Tensor> logits, scores;
  for (size_t begin = 0; begin < tests.size(); begin += width) {
    std::vector<NetworkInput> inputs, references;
    for (size_t i = begin; i < std::min(begin + width, tests.size()); ++i) {
      inputs.emplace_back(tests[i]);
      references.emplace_back(reference_of(golden, run, i, dtype));
    }
    Batch batch = {stack(inputs), {}};
    if (run.at("reference") != "none") batch.reference = stack(references);
    logits.push_back(system->run(batch).logits);
    scores.push_back(system->answer(batch).score);
  }
  return {torch::cat(logits), torch::cat(scores)};
}

Results run_pair_scorer(const Case& golden, torch::Dtype dtype) {
  const torch::NoGradGuard no_grad;
  Results results;
  for (const auto& [name, run] : golden.config().at("runs").items()) {
    std::tie(results["logits." + name], results["score." + name]) = run_pairs(golden, run, dtype);
  }
  return results;
}

// What a system answers in training mode; its buffers stay as they are.
torch::Tensor logits_now(PairSystem& system, const Batch& batch) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> kept;
  for (const torch::Tensor& buffer : system.module().buffers()) kept.push_back(buffer.clone());
  const auto logits = system.run(batch).logits;
  const auto buffers = system.module().buffers();
  for (size_t i = 0; i < kept.size(); ++i) buffers[i].copy_(kept[i]);
  return logits;
}

// Without the prefix of the encoder, which cases do not have.
Results as_cases_name(const Results& results) {
  const std::string prefix = "extractor.";
  Results renamed;
  for (const auto& [name, value] : results) {
    const size_t at = name.find(prefix);
    renamed[at == std::string::npos ? name : name.substr(0, at) + name.substr(at + prefix.size())] =
        value;
  }
  return renamed;
}

Json optimizer_of(const Json& config) {
  return {{"name", config.at("name")},
          {"lr", config.at("learning_rate")},
          {"betas", config.at("betas")},
          {"eps", config.at("epsilon")},
          {"weight_decay", config.at("weight_decay")}};
}

Results run_training(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  const auto system = system_of(golden, config.at("classifier"), dtype);
  if (!config.at("finetune_encoder")) set_learning(system->module(), {"extractor.*"}, false, "");
  const Recipe recipe = Recipe::from_json(
      {{"optimizer", optimizer_of(config.at("optimizer"))}, {"schedule", {{"name", "constant"}}}},
      "case");
  Optimizer optimizer(recipe.at("optimizer"), system->module());
  const int64_t steps = config.at("steps");
  const auto schedule =
      make_schedule(recipe.at("schedule"), recipe.number("optimizer.lr"), {1, steps});
  // Cases have 0 for bona fide.
  Batch batch = {golden.input("test", dtype), 1 - golden.input("label", torch::kInt64)};
  batch.reference = golden.input("reference", dtype);

  std::vector<double> losses;
  std::vector<torch::Tensor> logits = {logits_now(*system, batch)};
  Results results =
      train_on({*system, optimizer, *schedule, batch, steps, steps}, [&](const UpdateResult& step) {
        losses.push_back(step.loss);
        logits.push_back(logits_now(*system, batch));
      });
  results = as_cases_name(results);
  for (int64_t step = 0; step < steps; ++step) {
    results[fmt::format("logits.step{}", step)] = logits[static_cast<size_t>(step)];
  }
  results["losses"] = torch::tensor(losses, torch::kFloat64);
  return results;
}

Results run_sensitivity(const Case& golden, torch::Dtype dtype) {
  const auto test = golden.input("test", dtype);
  const auto classifier = make_pair_classifier(
      model_of(golden.config().at("classifier"), golden.config()), {test.size(0), test.size(3)});
  golden.fill(*classifier);
  classifier->to(dtype);
  const SensitivityStates states = {test, golden.input("reference", dtype),
                                    golden.input("reference_noise", dtype),
                                    golden.input("reference_silence", dtype)};
  const auto measured =
      measure_sensitivity(*classifier, states, golden.input("label", torch::kInt64));
  Results results = {{"grad_rms_ref", torch::tensor(measured.gradient_reference)},
                     {"grad_rms_test", torch::tensor(measured.gradient_test)},
                     {"attn_mlp_ratio", torch::tensor(measured.branch_ratio)}};
  const Json figures = measured.to_json();
  for (const auto& [name, value] : figures.items()) {
    if (value.is_number_float()) results[name] = torch::tensor({value.get<double>()});
  }
  return results;
}

Results run_eer_and_cost(const Case& golden, torch::Dtype) {
  const Json& config = golden.config();
  const auto scores = golden.input("score", torch::kFloat64);
  const auto labels = golden.input("label", torch::kInt64);
  std::vector<double> bona_fide, spoof;
  for (int64_t i = 0; i < scores.size(0); ++i) {
    const bool is_bona_fide = labels[i].item<int64_t>() == config.at("bonafide_label");
    (is_bona_fide ? bona_fide : spoof).push_back(scores[i].item<double>());
  }
  const Ranking ranking(bona_fide, spoof);
  const DetectionCosts costs = {1 - config.at("bonafide_prior").get<double>(),
                                config.at("miss_cost"), config.at("false_alarm_cost")};
  const double eer = equal_error_rate(EerVariant::kDetCurve, ranking).value;
  return {{"eer", torch::tensor({eer}, torch::kFloat64)},
          {"min_dcf", torch::tensor({min_dcf(ranking, costs).value}, torch::kFloat64)}};
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

// A checkpoint of RAT's own training, encoder and all.
Results run_rat_import(const Case& golden, torch::Dtype dtype) {
  const torch::NoGradGuard no_grad;
  const auto path = golden.path().parent_path() / golden.config().at("file").get<std::string>();
  const auto system = system_of(golden, golden.config().at("classifier"), torch::kFloat32, false);
  const WeightChoice choice =
      choose_weights(read_stored_weights(path), wanted_by(system->module()), "", path.native());
  load_state(system->module(), choice.file, path.native());
  system->module().to(dtype);
  Batch batch = {golden.input("test", dtype), {}};
  batch.reference = golden.input("reference", dtype);
  return {{"logits", system->run(batch).logits}, {"score", system->answer(batch).score}};
}

}  // namespace

Adapters rat_adapters() {
  Adapters adapters = {
      {"metric/eer-min-dcf", run_eer_and_cost},
      {"metric/rat-sensitivity", run_sensitivity},
      {"system/pair-scorer", run_pair_scorer},
      {"train/rat", run_training},
      {"processor/mean", run_processor},
      {"processor/mhfa", run_processor},
      {"processor/sls", run_processor},
      {"processor/aasist", run_processor},
      {"import/ssl-encoder", run_import},
      {"import/rat-checkpoint", run_rat_import},
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
