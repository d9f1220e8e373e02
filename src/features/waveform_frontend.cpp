#include "features/waveform_frontend.h"

#include "audio/crop.h"
#include "base/json_value.h"
#include "base/options.h"

namespace bonafide {

namespace {

class WaveformFrontend : public Frontend {
 public:
  WaveformFrontend(size_t samples, bool whole, Filling filling)
      : samples_(samples), whole_(whole), filling_(whole ? Filling::kNone : filling) {}

  std::optional<size_t> stretch() const override { return samples_; }

  bool gives_one_size() const override { return filling_ != Filling::kNone; }

  NetworkInput make(std::span<const float> samples, Random*) const override {
    samples = samples.first(std::min(samples.size(), samples_));
    return torch::tensor(filled({samples.begin(), samples.end()}, samples_, filling_));
  }

 private:
  size_t samples_;
  bool whole_;
  Filling filling_;
};

}  // namespace

std::unique_ptr<Frontend> make_waveform_frontend(const Json& input, const FrontendUse&) {
  const OptionReader known(input["frontend"], "input.frontend", {"name"});
  const OptionReader crop(input["crop"], "input.crop", {"stretch", "fill"});
  std::string stretch = "first", fill = "repeat";
  crop.word("stretch", stretch, {"first", "middle", "whole"});
  crop.word("fill", fill, {"repeat", "zeros", "none"});
  const Filling filling = fill == "repeat"  ? Filling::kRepeat
                          : fill == "zeros" ? Filling::kZeros
                                            : Filling::kNone;
  return std::make_unique<WaveformFrontend>(input["samples"].get<size_t>(), stretch == "whole",
                                            filling);
}

}  // namespace bonafide
