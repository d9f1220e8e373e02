#include "audio/resample.h"

#include <fmt/format.h>
#include <soxr.h>

#include <cmath>

#include "base/error.h"

namespace bonafide {

Waveform resample(const Waveform& waveform, int sample_rate) {
  if (waveform.sample_rate <= 0 || sample_rate <= 0) {
    throw Error(fmt::format("cannot resample from {} Hz to {} Hz; both must be positive",
                            waveform.sample_rate, sample_rate));
  }
  if (waveform.sample_rate == sample_rate) return waveform;
  const double ratio = static_cast<double>(sample_rate) / waveform.sample_rate;
  Waveform result{{}, sample_rate};
  if (waveform.samples.empty()) return result;
  result.samples.resize(
      static_cast<size_t>(std::ceil(static_cast<double>(waveform.samples.size()) * ratio)));

  const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(/*num_threads=*/1);
  size_t written = 0;
  const soxr_error_t error =
      soxr_oneshot(waveform.sample_rate, sample_rate, /*num_channels=*/1, waveform.samples.data(),
                   waveform.samples.size(), nullptr, result.samples.data(), result.samples.size(),
                   &written, &io, &quality, &runtime);
  if (error != nullptr) throw Error(fmt::format("cannot resample: {}", error));
  result.samples.resize(written);
  return result;
}

}  // namespace bonafide
