#include "models/detector.h"

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "features/waveform_norm.h"

namespace bonafide {

namespace {

class Detector : public Network {
 public:
  Detector(SslEncoder encoder, std::shared_ptr<DetectorHead> head, bool normalizes)
      : encoder_(std::move(encoder)), head_(std::move(head)), normalizes_(normalizes) {
    register_module("extractor", encoder_);
    // The head's parts stand at the top, as in the published state dicts.
    for (const auto& item : head_->named_parameters(/*recurse=*/false)) {
      register_parameter(item.key(), item.value());
    }
    for (const auto& item : head_->named_children()) register_module(item.key(), item.value());
  }

  bool takes_lengths() const override { return true; }

  NetworkOutput forward(const NetworkInput& input) override {
    const auto waves = normalize_waveforms(
        input.wave, input.length, normalizes_ ? WaveformScope::kUtterance : WaveformScope::kNone);
    const bool learns = torch::GradMode::is_enabled() && encoder_learns();
    const auto states = [&] {
      const torch::AutoGradMode gradients(learns);
      const SslStates all = encoder_->forward(waves);
      return head_->looks_at_all_layers() ? torch::stack(all.layers) : all.last.unsqueeze(0);
    }();
    return head_->forward(states);
  }

 private:
  bool encoder_learns() const {
    for (const auto& parameter : encoder_->parameters()) {
      if (parameter.requires_grad()) return true;
    }
    return false;
  }

  SslEncoder encoder_;
  std::shared_ptr<DetectorHead> head_;
  bool normalizes_;
};

}  // namespace

std::shared_ptr<Network> make_detector_network(const Json& model) {
  const OptionReader read(model, "model",
                          {"architecture", "encoder", "head", "waveform_normalization"});
  std::string normalization = "utterance";
  read.word("waveform_normalization", normalization, {"utterance", "none"});
  const auto encoder = SslEncoderOptions::from_json(model.value("encoder", Json::object()));
  auto head = make_detector_head(model.value("head", Json::object()), encoder.hidden_size);
  return std::make_shared<Detector>(SslEncoder(encoder), std::move(head),
                                    normalization == "utterance");
}

}  // namespace bonafide
