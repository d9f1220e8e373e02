#include "features/waveform_frontend.h"

#include "audio/crop.h"
#include "base/json_value.h"
#include "base/options.h"

namespace bonafide {

namespace {

class WaveformFrontend : public Frontend {
 public:
  WaveformFrontend(size_t samples, bool whole, Filling filling, double pre_emphasis)
      : samples_(samples),
        whole_(whole),
        filling_(whole ? Filling::kNone : filling),
        pre_emphasis_(static_cast<float>(pre_emphasis)) {}

  std::optional<size_t> stretch() const override { return samples_; }

  bool gives_one_size() const override { return filling_ != Filling::kNone; }

  NetworkInput make(std::span<const float> samples, Random*) const override {
    samples = samples.first(std::min(samples.size(), samples_));
    std::vector<float> wave(samples.begin(), samples.end());
    if (pre_emphasis_ != 0) {
      for (size_t i = wave.size(); i-- > 1;) wave[i] -= pre_emphasis_ * wave[i - 1];
    }
    return torch::tensor(filled(std::move(wave), samples_, filling_));
  }

 private:
  size_t samples_;
  bool whole_;
  Filling filling_;
  float pre_emphasis_;
};

}  // namespace

std::unique_ptr<Frontend> make_waveform_frontend(const Json& input, const FrontendUse&) {
  const OptionReader own(input["frontend"], "input.frontend", {"name", "pre_emphasis"});
  double pre_emphasis = 0;
  own.number("pre_emphasis", pre_emphasis, 0.0, 1.0);
  const OptionReader crop(input["crop"], "input.crop", {"stretch", "fill"});
  std::string stretch = "first", fill = "repeat";
  crop.word("stretch", stretch, {"first", "middle", "whole"});
  crop.word("fill", fill, {"repeat", "zeros", "none"});
  const Filling filling = fill == "repeat"  ? Filling::kRepeat
                          : fill == "zeros" ? Filling::kZeros
                                            : Filling::kNone;
  return std::make_unique<WaveformFrontend>(input["samples"].get<size_t>(), stretch == "whole",
                                            filling, pre_emphasis);
}

}  // namespace bonafide
