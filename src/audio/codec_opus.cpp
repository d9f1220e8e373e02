#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "audio/codec_parts.h"
#include "base/error.h"

#ifdef BONAFIDE_OPUS
#include <opus/opus.h>
#endif

namespace bonafide {

namespace {

constexpr int kDelay = 104;  // samples: 6.5 ms, as the library says itself

#ifdef BONAFIDE_OPUS
constexpr const char* kMissing = "";

void require(int status) {
  if (status < 0) throw Error(fmt::format("opus: {}", opus_strerror(status)));
}

Waveform pass_late(const Waveform& waveform, int bit_rate, const LostPackets& lost) {
  const int rate = waveform.sample_rate;
  const auto frame = static_cast<size_t>(rate / 50);
  int status = 0;
  const std::unique_ptr<OpusEncoder, void (*)(OpusEncoder*)> encoder(
      opus_encoder_create(rate, 1, OPUS_APPLICATION_VOIP, &status), opus_encoder_destroy);
  require(status);
  const std::unique_ptr<OpusDecoder, void (*)(OpusDecoder*)> decoder(
      opus_decoder_create(rate, 1, &status), opus_decoder_destroy);
  require(status);
  require(opus_encoder_ctl(encoder.get(), OPUS_SET_BITRATE(bit_rate)));

  const size_t wanted = waveform.samples.size();
  std::vector<float> samples(waveform.samples);
  for (float& sample : samples) sample = from_pcm16(to_pcm16(sample));
  samples.resize((wanted + frame - 1) / frame * frame);
  std::vector<unsigned char> packet(4000);
  for (size_t at = 0; at < samples.size(); at += frame) {
    const int size = opus_encode_float(encoder.get(), &samples[at], static_cast<int>(frame),
                                       packet.data(), static_cast<opus_int32>(packet.size()));
    require(size);
    const bool gone = lost && lost();
    require(opus_decode_float(decoder.get(), gone ? nullptr : packet.data(), gone ? 0 : size,
                              &samples[at], static_cast<int>(frame), /*decode_fec=*/0));
  }
  samples.resize(wanted);
  return {std::move(samples), rate};
}

Waveform pass(const Waveform& waveform, int bit_rate, const LostPackets& lost) {
  return without_delay(waveform, kDelay,
                       [&](const Waveform& longer) { return pass_late(longer, bit_rate, lost); });
}
#else
constexpr const char* kMissing = "this build is without libopus";
constexpr auto* pass = static_cast<decltype(Codec::pass)>(nullptr);
#endif

}  // namespace

Codec opus_codec() {
  return {"opus",   "Opus for conversations, 6 to 64 kbit/s",
          16000,    {16000, 64000, 32000, 24000, 12000, 9000, 6000},
          kMissing, kDelay,
          pass};
}

}  // namespace bonafide
