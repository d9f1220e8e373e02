#include "audio/codec.h"

#include <fmt/format.h>
#include <spandsp.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "audio/codec_parts.h"
#include "audio/resample.h"
#include "audio/telephone.h"
#include "base/error.h"
#include "base/text.h"

namespace bonafide {

int16_t to_pcm16(float sample) {
  if (std::isnan(sample)) return 0;
  return static_cast<int16_t>(
      std::nearbyint(std::fmax(-32768.0F, std::fmin(32767.0F, sample * 32768))));
}

float from_pcm16(int16_t sample) { return static_cast<float>(sample) / 32768; }

std::vector<int16_t> to_pcm16(const std::vector<float>& samples, size_t multiple) {
  std::vector<int16_t> integers((samples.size() + multiple - 1) / multiple * multiple);
  std::transform(samples.begin(), samples.end(), integers.begin(),
                 [](float sample) { return to_pcm16(sample); });
  return integers;
}

size_t nearest_rate(const std::vector<int>& rates, int bit_rate) {
  size_t best = 0;
  for (size_t i = 1; i < rates.size(); ++i) {
    if (std::abs(rates[i] - bit_rate) < std::abs(rates[best] - bit_rate)) best = i;
  }
  return best;
}

void repeat_lost_packets(std::vector<float>& samples, size_t packet, const LostPackets& lost) {
  if (!lost || packet == 0) return;
  for (size_t start = 0; start < samples.size(); start += packet) {
    if (!lost()) continue;
    const size_t end = std::min(samples.size(), start + packet);
    for (size_t i = start; i < end; ++i) samples[i] = start == 0 ? 0 : samples[i - packet] / 2;
  }
}

namespace {

constexpr int kPacketsPerSecond = 50;

void conceal(Waveform& waveform, const LostPackets& lost) {
  repeat_lost_packets(waveform.samples,
                      static_cast<size_t>(waveform.sample_rate / kPacketsPerSecond), lost);
}

// Sixteen bits at 8 kHz: what is left of a voice before any telephone codec.
Waveform pass_narrowband(const Waveform& waveform, int, const LostPackets& lost) {
  Waveform copy = waveform;
  for (float& sample : copy.samples) sample = from_pcm16(to_pcm16(sample));
  conceal(copy, lost);
  return copy;
}

Waveform pass_alaw(const Waveform& waveform, int, const LostPackets& lost) {
  Waveform copy = waveform;
  for (float& sample : copy.samples) {
    sample = from_pcm16(alaw_to_linear(linear_to_alaw(to_pcm16(sample))));
  }
  conceal(copy, lost);
  return copy;
}

Waveform pass_mulaw(const Waveform& waveform, int, const LostPackets& lost) {
  Waveform copy = waveform;
  for (float& sample : copy.samples) {
    sample = from_pcm16(ulaw_to_linear(linear_to_ulaw(to_pcm16(sample))));
  }
  conceal(copy, lost);
  return copy;
}

Waveform without_nan(Waveform waveform) {
  for (float& sample : waveform.samples) sample = std::isnan(sample) ? 0 : sample;
  return waveform;
}

constexpr int kG722Delay = 22;  // samples: of its two filter banks

Waveform pass_g722(const Waveform& waveform, int, const LostPackets& lost) {
  return without_delay(without_nan(waveform), kG722Delay, [&](const Waveform& longer) {
    Waveform decoded = through_g722(longer);
    conceal(decoded, lost);
    return decoded;
  });
}

Waveform pass_gsm(const Waveform& waveform, int, const LostPackets& lost) {
  Waveform decoded = through_gsm(without_nan(waveform));
  conceal(decoded, lost);
  return decoded;
}

}  // namespace

const std::vector<Codec>& codecs() {
  static const std::vector<Codec> table = {
      {"narrowband", "8 kHz, 16 bits: the telephone band alone", 8000, {}, "", 0, pass_narrowband},
      {"alaw", "G.711 A-law, 64 kbit/s", 8000, {}, "", 0, pass_alaw},
      {"mulaw", "G.711 mu-law, 64 kbit/s", 8000, {}, "", 0, pass_mulaw},
      {"gsm", "GSM 06.10 full rate, 13 kbit/s", 8000, {}, "", 0, pass_gsm},
      amr_nb_codec(),
      amr_wb_codec(),
      {"g722", "G.722, 64 kbit/s", 16000, {}, "", kG722Delay, pass_g722},
      opus_codec(),
      mp3_codec(),
      vorbis_codec(),
      aac_codec(),
  };
  return table;
}

const Codec& find_codec(std::string_view name) {
  std::vector<std::string> names;
  for (const Codec& codec : codecs()) {
    names.emplace_back(codec.name);
    if (codec.name != name) continue;
    if (codec.missing.empty()) return codec;
    throw Error(fmt::format("codec {}: {}", name, codec.missing));
  }
  const auto meant = nearest(name, names);
  throw UsageError(fmt::format("unknown codec \"{}\" ({}{})", printable(name),
                               meant ? "did you mean " : "there are: ",
                               meant ? *meant : fmt::format("{}", fmt::join(names, ", "))));
}

Waveform pass_codec(const Waveform& waveform, const Codec& codec, int bit_rate,
                    const LostPackets& lost) {
  if (waveform.samples.empty()) return waveform;
  if (bit_rate == 0 && !codec.bit_rates.empty()) bit_rate = codec.bit_rates.front();
  const int rate = codec.sample_rate == 0 ? waveform.sample_rate : codec.sample_rate;
  Waveform decoded =
      resample(codec.pass(resample(waveform, rate), bit_rate, lost), waveform.sample_rate);
  decoded.samples.resize(waveform.samples.size());
  return decoded;
}

}  // namespace bonafide
