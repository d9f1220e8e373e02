#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "audio/waveform.h"

namespace bonafide {

// Says of one packet after the other whether it got lost. Empty: none does.
using LostPackets = std::function<bool()>;

// A lossy channel: encoded, sent in packets of 20 ms where it is a codec for conversations, and
// decoded again.
struct Codec {
  std::string_view name;       // "amr-nb"
  std::string_view summary;    // for people
  int sample_rate = 0;         // Hz that it works at; 0: any
  std::vector<int> bit_rates;  // bit/s; the first is the default; none: it has no choice
  std::string missing;         // what this build or machine lacks for it; empty: it works
  // By how many samples encoder and decoder make it late, measured on speech. `pass` takes them
  // out.
  int delay = 0;
  // `waveform` has the codec's rate. As long as it, and in time with it.
  Waveform (*pass)(const Waveform& waveform, int bit_rate, const LostPackets& lost);
};

const std::vector<Codec>& codecs();

// Throws UsageError with the nearest name for an unknown one, and Error saying what is missing for
// one that does not work here.
const Codec& find_codec(std::string_view name);

// Resampled to the codec's rate, through it, and back: same rate, same length, no delay. A bit rate
// of 0 is the default; the codec takes the nearest that it has. Throws Error when the codec fails.
Waveform pass_codec(const Waveform& waveform, const Codec& codec, int bit_rate = 0,
                    const LostPackets& lost = {});

// Packets of `packet` samples that got lost, each replaced by the one before it, 6 dB softer each
// time; zeros when none came before.
void repeat_lost_packets(std::vector<float>& samples, size_t packet, const LostPackets& lost);

}  // namespace bonafide
