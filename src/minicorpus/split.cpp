#include "minicorpus/split.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace bonafide {

namespace {

constexpr std::string_view kTrain = "train", kDev = "dev", kEval = "eval",
                           kTelephone = kTelephonePartition;

constexpr Share kHumans[] = {
    {kTrain, "en-allison", 240},     {kTrain, "es-allison", 240},   {kTrain, "fr-june", 240},
    {kTrain, "ru-nsh", 400, 400},    {kDev, "it-carlo", 240},       {kEval, "ru-ivr", 240},
    {kEval, "klettres-ar", 12},      {kEval, "klettres-cs", 12},    {kEval, "klettres-da", 12},
    {kEval, "klettres-de", 12},      {kEval, "klettres-en", 12},    {kEval, "klettres-en_GB", 12},
    {kEval, "klettres-es", 12},      {kEval, "klettres-fr", 12},    {kEval, "klettres-he", 12},
    {kEval, "klettres-hu", 12},      {kEval, "klettres-it", 12},    {kEval, "klettres-lt", 12},
    {kEval, "klettres-ml", 12},      {kEval, "klettres-nb", 12},    {kEval, "klettres-nds", 12},
    {kEval, "klettres-nl", 12},      {kEval, "klettres-pt_BR", 12}, {kEval, "klettres-ru", 12},
    {kEval, "klettres-tn", 12},      {kEval, "klettres-uk", 12},    {kTelephone, "it-menardi", 200},
    {kTelephone, "fr-armelle", 120}, {kTelephone, "es-july", 80},
};

constexpr Share kVoices[] = {
    {kTrain, "espeak-ng-en-us", 54},
    {kTrain, "espeak-ng-en-us+f3", 54},
    {kTrain, "espeak-ng-es", 54},
    {kTrain, "espeak-ng-fr", 54},
    {kTrain, "espeak-ng-ru", 54},
    {kTrain, "flite-kal16", 90},
    {kTrain, "flite-awb", 90},
    {kTrain, "festival-ked_diphone", 90},
    {kDev, "flite-rms", 80},
    {kDev, "espeak-ng-it", 60},
    {kDev, "festival-pc_diphone", 50},
    {kEval, "flite-slt", 80},
    {kEval, "festival-cmu_us_slt_arctic_hts", 80},
    {kEval, "festival-msu_ru_nsh_clunits", 80},
    {kEval, "festival-lp_diphone", 60},
    {kEval, "festival-upc_ca_ona_hts", 60},
    {kEval, "festival-czech_dita", 60},
    {kEval, "festival-suo_fi_lj_diphone", 60},
    {kTelephone, "flite-rms", 50},
    {kTelephone, "festival-cmu_us_slt_arctic_hts", 50},
};

constexpr Share kCopies[] = {
    {kTrain, "sptk-mcep24", 340},    {kTrain, "griffin-lim", 240},
    {kDev, "sptk-mcep34", 50},       {kTelephone, "codec2-3200", 80},
    {kTelephone, "codec2-1300", 80}, {kTelephone, "codec2-700C", 80},
    {kTelephone, "lpc10", 60},
};

constexpr std::string_view kPartitions[] = {kTrain, kDev, kEval, kTelephone};

}  // namespace

std::span<const Share> human_shares() { return kHumans; }
std::span<const Share> voice_shares() { return kVoices; }
std::span<const Share> copy_shares() { return kCopies; }
std::span<const std::string_view> mini_partitions() { return kPartitions; }

size_t scaled(const Share& share, double scale) {
  return std::max<size_t>(
      1, static_cast<size_t>(std::lround(scale * static_cast<double>(share.utterances))));
}

}  // namespace bonafide
