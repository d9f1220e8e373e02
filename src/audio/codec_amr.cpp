#include <memory>
#include <new>

#include "audio/codec_parts.h"

#ifdef BONAFIDE_AMR_NB
#include <opencore-amrnb/interf_dec.h>
#include <opencore-amrnb/interf_enc.h>
#endif
#ifdef BONAFIDE_AMR_WB
#include <opencore-amrwb/dec_if.h>
#include <vo-amrwbenc/enc_if.h>
#endif

namespace bonafide {

namespace {

// Samples: both encoders look 5 ms ahead; the wideband one resamples to 12.8 kHz besides.
constexpr int kNarrowDelay = 40;
constexpr int kWideDelay = 95;

#if defined(BONAFIDE_AMR_NB) || defined(BONAFIDE_AMR_WB)
constexpr size_t kMostBytes = 64;        // of one frame in storage form: 61 at 23.85 kbit/s
constexpr unsigned char kNoData = 0x7C;  // a frame of type 15: nothing came

using State = std::unique_ptr<void, void (*)(void*)>;

State hold(void* state, void (*free)(void*)) {
  if (state == nullptr) throw std::bad_alloc();
  return {state, free};
}

struct Frames {
  size_t length;  // samples
  int delay;      // samples, of what comes out
};

// Frame by frame: encode(samples, bytes), then decode(bytes, samples, lost).
template <typename Encode, typename Decode>
Waveform pass_frames(const Waveform& waveform, Frames frames, const LostPackets& lost,
                     const Encode& encode, const Decode& decode) {
  return without_delay(waveform, frames.delay, [&](const Waveform& longer) {
    std::vector<int16_t> samples = to_pcm16(longer.samples, frames.length);
    for (size_t at = 0; at < samples.size(); at += frames.length) {
      unsigned char bytes[kMostBytes] = {};
      encode(&samples[at], bytes);
      const bool gone = lost && lost();
      if (gone) bytes[0] = kNoData;
      decode(bytes, &samples[at], gone ? 1 : 0);
    }
    Waveform decoded{{}, longer.sample_rate};
    decoded.samples.reserve(longer.samples.size());
    for (size_t i = 0; i < longer.samples.size(); ++i) {
      decoded.samples.push_back(from_pcm16(samples[i]));
    }
    return decoded;
  });
}
#endif

const std::vector<int> kNarrow = {12200, 10200, 7950, 7400, 6700, 5900, 5150, 4750};
const std::vector<int> kWide = {12650, 23850, 23050, 19850, 18250, 15850, 14250, 8850, 6600};

#ifdef BONAFIDE_AMR_NB
constexpr const char* kNarrowMissing = "";

Waveform pass_narrow(const Waveform& waveform, int bit_rate, const LostPackets& lost) {
  // The library's modes are in rising order.
  const auto mode = static_cast<Mode>(kNarrow.size() - 1 - nearest_rate(kNarrow, bit_rate));
  const State encoder = hold(Encoder_Interface_init(/*dtx=*/0), Encoder_Interface_exit);
  const State decoder = hold(Decoder_Interface_init(), Decoder_Interface_exit);
  return pass_frames(
      waveform, {160, kNarrowDelay}, lost,
      [&](const int16_t* samples, unsigned char* bytes) {
        Encoder_Interface_Encode(encoder.get(), mode, samples, bytes, /*forceSpeech=*/1);
      },
      [&](const unsigned char* bytes, int16_t* samples, int bad) {
        Decoder_Interface_Decode(decoder.get(), bytes, samples, bad);
      });
}
#else
constexpr const char* kNarrowMissing = "this build is without libopencore-amrnb";
constexpr auto* pass_narrow = static_cast<decltype(Codec::pass)>(nullptr);
#endif

#ifdef BONAFIDE_AMR_WB
constexpr const char* kWideMissing = "";

Waveform pass_wide(const Waveform& waveform, int bit_rate, const LostPackets& lost) {
  static const std::vector<int> kModes = {6600,  8850,  12650, 14250, 15850,
                                          18250, 19850, 23050, 23850};
  const int mode = static_cast<int>(nearest_rate(kModes, bit_rate));
  const State encoder = hold(E_IF_init(), E_IF_exit);
  const State decoder = hold(D_IF_init(), D_IF_exit);
  return pass_frames(
      waveform, {320, kWideDelay}, lost,
      [&](const int16_t* samples, unsigned char* bytes) {
        E_IF_encode(encoder.get(), mode, samples, bytes, /*dtx=*/0);
      },
      [&](const unsigned char* bytes, int16_t* samples, int bad) {
        D_IF_decode(decoder.get(), bytes, samples, bad);
      });
}
#else
constexpr const char* kWideMissing = "this build is without libvo-amrwbenc or libopencore-amrwb";
constexpr auto* pass_wide = static_cast<decltype(Codec::pass)>(nullptr);
#endif

}  // namespace

Codec amr_nb_codec() {
  return {"amr-nb",       "AMR narrowband, 4.75 to 12.2 kbit/s",
          8000,           kNarrow,
          kNarrowMissing, kNarrowDelay,
          pass_narrow};
}

Codec amr_wb_codec() {
  return {"amr-wb", "AMR wideband, 6.6 to 23.85 kbit/s", 16000, kWide, kWideMissing, kWideDelay,
          pass_wide};
}

}  // namespace bonafide
