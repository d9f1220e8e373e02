#include "parity/augment_arrays.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "augment/mu_law.h"
#include "augment/rawboost.h"
#include "augment/spec_masks.h"
#include "augment/speed.h"
#include "augment/vad_trim.h"
#include "augment/world.h"
#include "base/error.h"
#include "base/json_value.h"

namespace bonafide {

namespace {

using Names = std::vector<std::string>;

Array vector_of(std::vector<double> values) {
  const auto size = static_cast<int64_t>(values.size());
  return {std::move(values), {size}, false};
}

Array integers_of(std::vector<double> values) {
  Array array = vector_of(std::move(values));
  array.integers = true;
  return array;
}

std::vector<float> floats(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

Arrays run_mu_law(const Json& config, const Names&, const ArrayInputs& input) {
  const int levels = config.at("quantization_channels");
  std::vector<double> codes, decoded;
  for (const float sample : floats(input("waveform").values)) {
    const int32_t code = encode_mu_law(sample, levels);
    codes.push_back(code);
    decoded.push_back(static_cast<double>(decode_mu_law(code, levels)));
  }
  return {{"code", integers_of(codes)}, {"decoded", vector_of(decoded)}};
}

// Per band centre, width and taps, then the gain; taps may come before truncation.
Notch notch_from(std::span<const double> draws, size_t bands) {
  Notch notch;
  for (size_t b = 0; b < bands; ++b) {
    notch.bands.push_back(
        {draws[3 * b], draws[3 * b + 1], static_cast<int>(std::floor(draws[3 * b + 2]))});
  }
  notch.gain_db = draws[3 * bands];
  return notch;
}

std::vector<Impulse> impulses_from(const Array& positions, const Array& u1, const Array& u2) {
  std::vector<Impulse> impulses;
  for (size_t i = 0; i < positions.values.size(); ++i) {
    impulses.push_back(
        {static_cast<size_t>(positions.values[i]), u1.values.at(i), u2.values.at(i)});
  }
  return impulses;
}

Arrays run_rawboost_cores(const Json& config, const Names&, const ArrayInputs& input) {
  const double rate = config.at("sample_rate");
  const size_t bands = config.at("notch_bands");
  const size_t points = config.at("frequency_points");
  const size_t orders = config.at("nonlinear_orders");
  const auto filter = [&](std::span<const double> draws) {
    return notch_filter(notch_from(draws, bands), rate, points);
  };
  const auto x = input("waveform").values;
  const auto notch = filter(input("notch_draws").values);
  const auto lnl_draws = input("lnl_draws").values;
  std::vector<std::vector<double>> filters;
  for (size_t i = 0; i < orders; ++i) {
    filters.push_back(filter(std::span(lnl_draws).subspan(i * (3 * bands + 1), 3 * bands + 1)));
  }
  const auto impulses = impulses_from(input("isd_index"), input("isd_u1"), input("isd_u2"));
  return {
      {"notch_filter", vector_of(notch)},
      {"filtered", vector_of(filter_centred(x, notch))},
      {"lnl", vector_of(convolutive_noise(x, filters))},
      {"isd", vector_of(impulsive_noise(x, impulses, config.at("impulse_gain")))},
      {"ssi",
       vector_of(stationary_noise(x, input("ssi_noise").values, filter(input("ssi_draws").values),
                                  input("ssi_snr").values.at(0)))},
  };
}

// SAME normalises the peak once more after each algorithm.
Array normalised(std::vector<double> y) {
  normalise_peak(y, Peak::kWhenOver);
  return vector_of(std::move(y));
}

Arrays run_rawboost_lnl(const Json& config, const Names&, const ArrayInputs& input) {
  const size_t bands = config.at("bands");
  const auto uniform = input("uniform").values;
  std::vector<std::vector<double>> filters;
  Arrays results;
  for (size_t i = 0; i < config.at("filters").get<size_t>(); ++i) {
    const auto draws = std::span(uniform).subspan(i * (3 * bands + 1), 3 * bands + 1);
    filters.push_back(notch_filter(notch_from(draws, bands), config.at("sample_rate")));
    results["filter_" + std::to_string(i)] = vector_of(filters.back());
  }
  results["y"] = normalised(convolutive_noise(input("x").values, filters));
  return results;
}

Arrays run_rawboost_isd(const Json& config, const Names&, const ArrayInputs& input) {
  const auto impulses = impulses_from(input("positions"), input("factors_0"), input("factors_1"));
  return {{"y", normalised(impulsive_noise(input("x").values, impulses, config.at("gain")))}};
}

Arrays run_rawboost_ssi(const Json& config, const Names&, const ArrayInputs& input) {
  const size_t bands = config.at("bands");
  const auto uniform = input("uniform").values;
  const auto filter = notch_filter(notch_from(uniform, bands), config.at("sample_rate"));
  return {{"filter_0", vector_of(filter)},
          {"y", normalised(stationary_noise(input("x").values, input("noise").values, filter,
                                            uniform.at(3 * bands + 1)))}};
}

Arrays run_vad(const Json& config, const Names& names, const ArrayInputs& input) {
  VadOptions o;
  o.trigger_level = config.at("trigger_level");
  o.trigger_time = config.at("trigger_time");
  o.search_time = config.at("search_time");
  o.allowed_gap = config.at("allowed_gap");
  o.pre_trigger_time = config.at("pre_trigger_time");
  o.boot_time = config.at("boot_time");
  o.noise_up_time = config.at("noise_up_time");
  o.noise_down_time = config.at("noise_down_time");
  o.noise_reduction_amount = config.at("noise_reduction_amount");
  o.measure_frequency = config.at("measure_frequency");
  o.measure_duration = config.at("measure_duration");
  o.measure_smooth_time = config.at("measure_smooth_time");
  o.high_pass_frequency = config.at("high_pass_filter_frequency");
  o.low_pass_frequency = config.at("low_pass_filter_frequency");
  o.high_pass_lifter = config.at("high_pass_lifter_frequency");
  o.low_pass_lifter = config.at("low_pass_lifter_frequency");
  o.keep_tail_when_silent = config.at("untriggered") == "keep-tail";
  Arrays results;
  for (const std::string& name : names) {
    const std::string prefix = "waveform.";
    if (!name.starts_with(prefix)) continue;
    const auto samples = floats(input(name).values);
    const size_t kept = vad_kept(samples, config.at("sample_rate"), o);
    results["length." + name.substr(prefix.size())] = integers_of({static_cast<double>(kept)});
  }
  return results;
}

Arrays run_speed(const Json& config, const Names&, const ArrayInputs& input) {
  const SpeedResampler resampler(config.at("sample_rate"), config.at("new_sample_rate"),
                                 config.at("lowpass_filter_width"), config.at("rolloff"));
  const Array wave = input("wave");
  const size_t length = static_cast<size_t>(wave.shape.back());
  const size_t rows = length == 0 ? 0 : wave.values.size() / length;
  Array out{{}, wave.shape, false};
  for (size_t row = 0; row < rows; ++row) {
    const auto y = resampler.run(std::span(wave.values).subspan(row * length, length));
    out.values.insert(out.values.end(), y.begin(), y.end());
    out.shape.back() = static_cast<int64_t>(y.size());
  }
  const std::vector<double> first(resampler.first_indices().begin(),
                                  resampler.first_indices().end());
  Array weights = vector_of(resampler.weights());
  weights.shape = {static_cast<int64_t>(resampler.phases()),
                   static_cast<int64_t>(resampler.taps())};
  return {{"wave", out}, {"filter_weights", weights}, {"first_indices", integers_of(first)}};
}

Array masks_as_table(const std::vector<std::vector<Mask>>& items, size_t columns) {
  Array table{std::vector<double>(items.size() * columns),
              {static_cast<int64_t>(items.size()), static_cast<int64_t>(columns)},
              true};
  for (size_t item = 0; item < items.size(); ++item) {
    std::vector<float> row(columns, 1);
    for (const Mask& mask : items[item]) mask_columns({row, 1, columns}, mask);
    for (size_t k = 0; k < columns; ++k) table.values[item * columns + k] = row[k] == 0;
  }
  return table;
}

Arrays run_nemo_masks(const Json& config, const Names&, const ArrayInputs& input) {
  const size_t frames = config.at("frames"), bins = config.at("mel_bins");
  const size_t time_masks = config.at("time_masks"), band_masks = config.at("frequency_masks");
  const auto lengths = input("length").values;
  const auto time_width = floats(input("time_width_draws").values);
  const auto time_start = floats(input("time_start_draws").values);
  const auto band_width = floats(input("frequency_width_draws").values);
  const auto band_start = floats(input("frequency_start_draws").values);
  std::vector<std::vector<Mask>> in_time(lengths.size()), in_frequency(lengths.size());
  for (size_t item = 0; item < lengths.size(); ++item) {
    for (size_t m = 0; m < time_masks; ++m) {
      const size_t at = item * time_masks + m;
      in_time[item].push_back(nemo_time_mask(time_width.at(at), time_start.at(at),
                                             static_cast<size_t>(lengths[item]), frames,
                                             config.at("time_width").get<float>()));
    }
    for (size_t m = 0; m < band_masks; ++m) {
      const size_t at = item * band_masks + m;
      in_frequency[item].push_back(nemo_frequency_mask(band_width.at(at), band_start.at(at), bins,
                                                       config.at("frequency_width")));
    }
  }
  return {{"time_masked", masks_as_table(in_time, frames)},
          {"frequency_masked", masks_as_table(in_frequency, bins)}};
}

Array frames_of(const WorldFrames& frames) {
  return {frames.values,
          {static_cast<int64_t>(frames.frames()), static_cast<int64_t>(frames.bins)},
          false};
}

Arrays run_world(const Json& config, const Names&, const ArrayInputs& input) {
  if (config.value("speed", 1) != 1) throw Error("DIO's decimation is not there");
  WorldOptions o;
  o.frame_period_ms = config.at("frame_period_ms");
  o.f0_floor = config.at("f0_floor");
  o.f0_ceiling = config.at("f0_ceiling");
  o.channels_per_octave = config.at("channels_per_octave");
  o.allowed_range = config.at("allowed_range");
  o.smoothing_q1 = config.at("spectral_smoothing_q1");
  o.fft_size = config.at("fft_size");
  o.aperiodicity_threshold = config.at("aperiodicity_threshold");
  const double rate = config.at("sample_rate");
  const auto x = input("wave").values;
  const auto dio = world_dio(x, rate, o);
  const auto f0 = world_stonemask(x, rate, dio, o);
  const auto spectrogram = world_cheaptrick(x, rate, f0, o);
  const auto aperiodicity = world_d4c(x, rate, f0, o);
  Array logarithm = frames_of(spectrogram);
  for (double& value : logarithm.values) value = std::log(value);
  return {{"f0_dio", vector_of(dio)},
          {"f0", vector_of(f0)},
          {"spectrogram", frames_of(spectrogram)},
          {"log_spectrogram", logarithm},
          {"aperiodicity", frames_of(aperiodicity)},
          {"wave", vector_of(world_synthesis(f0, spectrogram, aperiodicity, x.size(), rate, o))}};
}

}  // namespace

const std::map<std::string_view, ArrayAdapter>& array_adapters() {
  static const std::map<std::string_view, ArrayAdapter> table = {
      {"augment/mu-law", run_mu_law},
      {"augment/rawboost-cores", run_rawboost_cores},
      {"augment/rawboost-lnl", run_rawboost_lnl},
      {"augment/rawboost-isd", run_rawboost_isd},
      {"augment/rawboost-ssi", run_rawboost_ssi},
      {"augment/vad-trim", run_vad},
      {"augment/sasv-speed-perturbation", run_speed},
      {"augment/nemo-specaugment", run_nemo_masks},
      {"vocoder/world", run_world},
  };
  return table;
}

ArrayAdapter find_augment_adapter(std::string_view component) {
  const auto found = array_adapters().find(component);
  return found == array_adapters().end() ? nullptr : found->second;
}

}  // namespace bonafide
