#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "augment/augmentation.h"

namespace bonafide {

// The voice activity detector of SoX (effect "vad") as torchaudio has it, which cuts what comes
// before speech. Times in seconds, frequencies in Hz.
struct VadOptions {
  double trigger_level = 7.0;
  double trigger_time = 0.25;
  double search_time = 1.0;
  double allowed_gap = 0.25;
  double pre_trigger_time = 0.0;
  double boot_time = 0.35;
  double noise_up_time = 0.1;
  double noise_down_time = 0.01;
  double noise_reduction_amount = 1.35;
  double measure_frequency = 20.0;
  double measure_duration = 0.1;
  double measure_smooth_time = 0.4;
  double high_pass_frequency = 50.0;
  double low_pass_frequency = 6000.0;
  double high_pass_lifter = 150.0;
  double low_pass_lifter = 2000.0;
  // What to keep when nothing triggers: the published code's last 1.1 s, or (a negative start
  // counted from the end) fewer; else all.
  bool keep_tail_when_silent = false;
};

// Samples kept, counted from the end: at most all, 0 for none.
size_t vad_kept(std::span<const float> samples, int sample_rate, const VadOptions& options);

// {name: trim_silence, when_silent: keep-all | keep-tail}: skipped when nothing would be left.
std::unique_ptr<Augmentation> make_trim_silence(Parameters& parameters);

}  // namespace bonafide
