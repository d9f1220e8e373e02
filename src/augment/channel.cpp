#include "augment/channel.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "audio/codec.h"
#include "augment/parameters.h"
#include "base/json_value.h"

namespace bonafide {

BurstLoss::BurstLoss(double share, double burst, Random random) : random_(random) {
  end_ = 1 / burst;
  // In equilibrium share = begin / (begin + end).
  begin_ = std::min(1.0, end_ * share / (1 - share));
  lost_ = random_.uniform() < share;
}

bool BurstLoss::next() {
  const bool lost = lost_;
  lost_ = lost_ ? random_.uniform() >= end_ : random_.uniform() < begin_;
  return lost;
}

namespace {

struct LossOptions {
  Range share;
  double burst = 2;

  // Nothing when no packet is to be lost.
  LostPackets draw(Random& random) const {
    const double drawn = share.draw(random);
    auto loss = std::make_shared<BurstLoss>(drawn, burst, Random(random.bits()));
    if (drawn <= 0) return {};
    return [loss] { return loss->next(); };
  }
};

LossOptions read_loss(Parameters& parameters, Range fallback) {
  const LossOptions options = {parameters.range("loss", fallback, 0, 0.99),
                               parameters.number("burst", 2, 1, 1000)};
  // One packet at least comes through between two bursts.
  const double most = options.burst / (1 + options.burst);
  if (options.share.high > most) {
    parameters.refuse("loss",
                      fmt::format("at most {:.3f} in bursts of {:g} packets", most, options.burst));
  }
  return options;
}

class ThroughCodec : public Augmentation {
 public:
  ThroughCodec(std::vector<const Codec*> codecs, std::vector<int64_t> bit_rates, LossOptions loss)
      : codecs_(std::move(codecs)), bit_rates_(std::move(bit_rates)), loss_(loss) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    const Codec& codec = *codecs_[random.below(codecs_.size())];
    int bit_rate = 0;
    if (!bit_rates_.empty()) {
      bit_rate = static_cast<int>(bit_rates_[random.below(bit_rates_.size())]);
    } else if (!codec.bit_rates.empty()) {
      bit_rate = codec.bit_rates[random.below(codec.bit_rates.size())];
    }
    return pass_codec(waveform, codec, bit_rate, loss_.draw(random));
  }

 private:
  std::vector<const Codec*> codecs_;
  std::vector<int64_t> bit_rates_;
  LossOptions loss_;
};

class PacketLoss : public Augmentation {
 public:
  PacketLoss(LossOptions loss, double packet_ms, bool silence)
      : loss_(loss), packet_ms_(packet_ms), silence_(silence) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    const auto packet = static_cast<size_t>(
        std::max(1.0, packet_ms_ * static_cast<double>(waveform.sample_rate) / 1000));
    const LostPackets lost = loss_.draw(random);
    if (!silence_) {
      repeat_lost_packets(waveform.samples, packet, lost);
      return waveform;
    }
    for (size_t start = 0; lost && start < waveform.samples.size(); start += packet) {
      if (!lost()) continue;
      const auto begin = waveform.samples.begin() + static_cast<ptrdiff_t>(start);
      std::fill_n(begin, std::min(packet, waveform.samples.size() - start), 0.0f);
    }
    return waveform;
  }

 private:
  LossOptions loss_;
  double packet_ms_;
  bool silence_;
};

}  // namespace

std::unique_ptr<Augmentation> make_codec(Parameters& parameters) {
  std::vector<const Codec*> list;
  for (const std::string& name : parameters.texts("codecs", {"alaw", "mulaw", "gsm", "g722"})) {
    list.push_back(&find_codec(name));
  }
  std::vector<int64_t> bit_rates;
  const Json given = parameters.raw("bit_rates");
  if (given == "default") {
    bit_rates = {0};
  } else if (!given.is_null()) {
    bit_rates = parameters.integers("bit_rates", {}, 1000, 512000);
  }
  return std::make_unique<ThroughCodec>(std::move(list), std::move(bit_rates),
                                        read_loss(parameters, {0, 0}));
}

std::unique_ptr<Augmentation> make_packet_loss(Parameters& parameters) {
  const LossOptions loss = read_loss(parameters, {0, 0.1});
  const double packet = parameters.number("packet_ms", 20, 1, 1000);
  const bool silence = parameters.choice("conceal", "repeat", {"repeat", "silence"}) == "silence";
  return std::make_unique<PacketLoss>(loss, packet, silence);
}

}  // namespace bonafide
