#include "augment/augmentation.h"
#include "augment/background.h"
#include "augment/channel.h"
#include "augment/filters.h"
#include "augment/levels.h"
#include "augment/mu_law.h"
#include "augment/noise.h"
#include "augment/parameters.h"
#include "augment/rawboost.h"
#include "augment/speed.h"
#include "augment/vad_trim.h"

namespace bonafide {

const std::vector<AugmentationKind>& augmentations() {
  static const std::vector<AugmentationKind> table = {
      {"rawboost", "RawBoost, algorithms 1 to 8", make_rawboost},
      {"background", "noise, music or babble from recordings", make_background},
      {"reverberation", "rooms from recorded or simulated impulse responses", make_reverberation},
      {"speed", "speed perturbation", make_speed},
      {"codec", "telephone and lossy codecs", make_codec},
      {"packet_loss", "lost packets in bursts", make_packet_loss},
      {"mu_law", "mu-law companding", make_mu_law},
      {"time_mask", "a stretch of silence", make_time_mask},
      {"trim_silence", "silence in front cut off by a voice detector", make_trim_silence},
      {"gain", "a random level", make_gain},
      {"clipping", "the loudest samples flattened", make_clipping},
      {"white_noise", "white noise of a given amplitude", make_white_noise},
      {"white_noise_snr", "white noise at a signal-to-noise ratio", make_white_noise_snr},
      {"colour_noise", "noise that rises or falls with frequency", make_colour_noise},
      {"filter", "band, high, low pass, shelves, peaks", make_filter},
  };
  return table;
}

}  // namespace bonafide
