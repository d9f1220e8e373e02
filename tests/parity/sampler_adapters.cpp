#include <fmt/format.h>

#include "adapters.h"
#include "base/json_value.h"
#include "loading/speaker_sampler.h"

namespace bonafide {

namespace {

SpeakerSamplerOptions options_of(const Json& config) {
  SpeakerSamplerOptions options;
  options.utterances_per_speaker = config.at("utterances_per_speaker");
  options.speakers_per_batch = config.at("speakers_per_batch");
  options.max_utterances_per_speaker = config.at("max_utterances_per_speaker");
  if (config.contains("utterances_per_batch")) {
    options.spoof_tuples_per_batch =
        config.at("utterances_per_batch").get<int64_t>() / 2 - options.speakers_per_batch;
    options.repeat_stale_pairs = config.at("repeat_stale_pairs");
  }
  return options;
}

std::vector<int64_t> integers(const torch::Tensor& tensor) {
  const auto flat = tensor.to(torch::kInt64).contiguous();
  return {flat.data_ptr<int64_t>(), flat.data_ptr<int64_t>() + flat.numel()};
}

torch::Tensor table(const std::vector<Tuple>& tuples, int64_t width) {
  std::vector<int64_t> flat;
  for (const Tuple& tuple : tuples) flat.insert(flat.end(), tuple.begin(), tuple.end());
  return torch::tensor(flat, torch::kInt64).view({-1, width});
}

Results run_speaker_sampler(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  const SpeakerSamplerOptions options = options_of(config);
  const auto speakers = integers(golden.input("speakers", dtype));
  std::vector<bool> spoof;
  if (golden.has_input("attacks")) {
    for (const int64_t attack : integers(golden.input("attacks", dtype))) {
      spoof.push_back(attack != 0);
    }
  }
  Results results;
  for (const int64_t epoch : config.at("epochs")) {
    const auto seed = static_cast<uint64_t>(config.at("seed").get<int64_t>() + epoch);
    results[fmt::format("epoch.{}", epoch)] =
        table(golden.has_input("attacks") ? speaker_and_spoof_tuples(speakers, spoof, options, seed)
                                          : speaker_tuples(speakers, options, seed),
              options.utterances_per_speaker);
  }
  return results;
}

}  // namespace

Adapters sampler_adapters() {
  return {
      {"train/sasv-speaker-sampler", run_speaker_sampler},
      {"train/sasv-speaker-spoof-sampler", run_speaker_sampler},
  };
}

}  // namespace bonafide
