#include "audio/telephone.h"

#include <fmt/format.h>
#include <spandsp.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>

#include "base/error.h"

namespace bonafide {

namespace {

constexpr int kG722BitRate = 64000;
constexpr size_t kBlock = size_t{1} << 20;  // samples in one call: the library counts in int
constexpr size_t kGsmFrame = 160;           // samples
constexpr size_t kGsmBytes = 33;            // of one packed frame

using G722Encoder = std::unique_ptr<g722_encode_state_t, int (*)(g722_encode_state_t*)>;
using G722Decoder = std::unique_ptr<g722_decode_state_t, int (*)(g722_decode_state_t*)>;
using Gsm = std::unique_ptr<gsm0610_state_t, int (*)(gsm0610_state_t*)>;

Gsm make_gsm() {
  Gsm gsm(gsm0610_init(nullptr, GSM0610_PACKING_VOIP), gsm0610_free);
  if (!gsm) throw std::bad_alloc();
  return gsm;
}

void require_rate(const Waveform& waveform, int rate, const char* codec) {
  if (waveform.sample_rate == rate) return;
  throw Error(
      fmt::format("{} works at {} Hz; the waveform has {} Hz", codec, rate, waveform.sample_rate));
}

int16_t to_int16(float sample) {
  return static_cast<int16_t>(
      std::nearbyint(std::fmax(-32768.0F, std::fmin(32767.0F, sample * 32768))));
}

// Filled up with zeros to a multiple of `multiple`.
std::vector<int16_t> to_int16(const std::vector<float>& samples, size_t multiple) {
  std::vector<int16_t> integers((samples.size() + multiple - 1) / multiple * multiple);
  std::transform(samples.begin(), samples.end(), integers.begin(),
                 [](float sample) { return to_int16(sample); });
  return integers;
}

Waveform to_waveform(const std::vector<int16_t>& integers, size_t length, int sample_rate) {
  Waveform waveform{std::vector<float>(length), sample_rate};
  std::transform(integers.begin(), integers.begin() + static_cast<std::ptrdiff_t>(length),
                 waveform.samples.begin(),
                 [](int16_t sample) { return static_cast<float>(sample) / 32768; });
  return waveform;
}

}  // namespace

std::vector<std::byte> encode_g722(const Waveform& waveform) {
  require_rate(waveform, 16000, "G.722");
  const std::vector<int16_t> samples = to_int16(waveform.samples, 2);
  const G722Encoder encoder(g722_encode_init(nullptr, kG722BitRate, 0), g722_encode_free);
  if (!encoder) throw std::bad_alloc();
  std::vector<std::byte> bytes(samples.size() / 2);
  for (size_t at = 0; at < samples.size(); at += kBlock) {
    const size_t count = std::min(kBlock, samples.size() - at);
    g722_encode(encoder.get(), reinterpret_cast<uint8_t*>(&bytes[at / 2]), &samples[at],
                static_cast<int>(count));
  }
  return bytes;
}

Waveform decode_g722(std::span<const std::byte> bytes) {
  const G722Decoder decoder(g722_decode_init(nullptr, kG722BitRate, 0), g722_decode_free);
  if (!decoder) throw std::bad_alloc();
  std::vector<int16_t> samples(2 * bytes.size());
  for (size_t at = 0; at < bytes.size(); at += kBlock) {
    const size_t count = std::min(kBlock, bytes.size() - at);
    g722_decode(decoder.get(), &samples[2 * at], reinterpret_cast<const uint8_t*>(&bytes[at]),
                static_cast<int>(count));
  }
  return to_waveform(samples, samples.size(), 16000);
}

Waveform through_g722(const Waveform& waveform) {
  Waveform decoded = decode_g722(encode_g722(waveform));
  decoded.samples.resize(waveform.samples.size());
  return decoded;
}

Waveform through_gsm(const Waveform& waveform) {
  require_rate(waveform, 8000, "GSM 06.10");
  std::vector<int16_t> samples = to_int16(waveform.samples, kGsmFrame);
  const Gsm encoder = make_gsm();
  const Gsm decoder = make_gsm();
  uint8_t frame[kGsmBytes];
  for (size_t at = 0; at < samples.size(); at += kGsmFrame) {
    gsm0610_encode(encoder.get(), frame, &samples[at], kGsmFrame);
    gsm0610_decode(decoder.get(), &samples[at], frame, kGsmBytes);
  }
  return to_waveform(samples, waveform.samples.size(), waveform.sample_rate);
}

}  // namespace bonafide
