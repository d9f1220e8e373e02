#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

namespace bonafide {

// What one source gives to one partition of the mini corpus at scale 1.
struct Share {
  std::string_view partition;
  std::string_view
      source;  // a human source, a voice, or a copy synthesis of the partition's humans
  size_t utterances = 0;
  size_t most_files = std::numeric_limits<size_t>::max();  // the source's first files only
};

// No human speaker, voice or copy system is in two partitions, except: the voice
// msu_ru_nsh_clunits (eval) is cut from recordings of the training speaker nsh, the case of a known
// target; and the telephone set repeats flite-rms (dev) and cmu_us_slt_arctic_hts (eval), to show
// what the telephone does to them.
std::span<const Share> human_shares();
std::span<const Share> voice_shares();
// At least half of the training spoofs.
std::span<const Share> copy_shares();

// Partitions in the order of use.
std::span<const std::string_view> mini_partitions();
inline constexpr std::string_view kTelephonePartition = "eval-telephone";

// At least one utterance of every share.
size_t scaled(const Share& share, double scale);

}  // namespace bonafide
