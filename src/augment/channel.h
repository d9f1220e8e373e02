#pragma once

#include <memory>

#include "augment/augmentation.h"

namespace bonafide {

// The two-state model of Gilbert: packets get lost in bursts. `share` of all packets, in bursts of
// `burst` packets on average (both as expectations).
class BurstLoss {
 public:
  // share in [0, burst / (1 + burst)], burst >= 1. Keeps the generator.
  BurstLoss(double share, double burst, Random random);

  bool next();

 private:
  Random random_;
  double begin_, end_;  // probability that a burst begins, or ends, at a packet
  bool lost_ = false;
};

// {name: codec, codecs: [alaw, gsm], bit_rates: [...], loss: [0, 0.05], burst: 2}: through one of
// the codecs, drawn, with lost packets. Names as `bonafide doctor` lists them. `bit_rates` are
// drawn from, by default all that the codec has; "default" means the codec's own (codec.h). No more
// packets can get lost than burst / (1 + burst) of all.
std::unique_ptr<Augmentation> make_codec(Parameters& parameters);

// {name: packet_loss, loss: [0, 0.1], burst: 2, packet_ms: 20, conceal: repeat | silence}
std::unique_ptr<Augmentation> make_packet_loss(Parameters& parameters);

}  // namespace bonafide
