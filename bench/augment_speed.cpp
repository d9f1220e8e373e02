// Augments a 4 s recording on one thread, over and over, with each augmentation that needs no
// folder and with the pipeline RawBoost 5 + telephone codec, and prints milliseconds of processor
// time for an utterance: augment_speed [SECONDS PER LINE]
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "audio/codec.h"
#include "augment/chain.h"
#include "augment/vocoder.h"
#include "recipe/recipe.h"

namespace bonafide {
namespace {

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

Waveform make_voice() {
  Waveform voice{std::vector<float>(64600), 16000};
  Random random(1);
  for (size_t i = 0; i < voice.samples.size(); ++i) {
    const double t = static_cast<double>(i) / 16000;
    double sum = 0.01 * random.normal();
    for (int h = 1; h <= 12; ++h) sum += 0.1 / h * std::sin(6.2832 * 140 * h * t);
    voice.samples[i] = static_cast<float>(sum * (0.6 + 0.4 * std::sin(20 * t)));
  }
  return voice;
}

template <typename Work>
void time_it(const std::string& name, double seconds, const Work& work) {
  uint64_t count = 0;
  const double began = processor_seconds();
  double took = 0;
  while (count == 0 || took < seconds) {
    work(count++);
    took = processor_seconds() - began;
  }
  std::printf("%-28s %9.2f ms\n", name.c_str(), 1000 * took / static_cast<double>(count));
  std::fflush(stdout);
}

void run(double seconds) {
  const Waveform voice = make_voice();
  const auto step = [&](const std::string& name, const std::string& yaml) {
    const auto chain = make_chain(parse_yaml(yaml, name), name);
    time_it(name, seconds, [&](uint64_t i) {
      Random random(i);
      chain->apply(voice, random);
    });
  };
  for (int algorithm = 1; algorithm <= 8; ++algorithm) {
    const std::string number = std::to_string(algorithm);
    step("rawboost " + number, "[{name: rawboost, algorithm: " + number + "}]");
  }
  step("rawboost 5 + telephone codec",
       "[{name: rawboost, algorithm: 5}, {name: codec, codecs: [alaw, mulaw, gsm, g722]}]");
  step("rat", "[rat]");
  for (const AugmentationKind& kind : augmentations()) {
    const std::string name(kind.name);
    if (name == "background" || name == "reverberation" || name == "rawboost") continue;
    step(name, "[" + name + "]");
  }
  for (const Codec& codec : codecs()) {
    // AAC's work is done by other processes, which this clock does not see.
    if (!codec.missing.empty() || codec.name == "aac") continue;
    time_it("codec " + std::string(codec.name), seconds,
            [&](uint64_t) { pass_codec(voice, codec); });
  }
  for (const Vocoder& vocoder : vocoders()) {
    time_it("vocoder " + std::string(vocoder.name), seconds,
            [&](uint64_t i) { copy_synthesis(voice, vocoder, i); });
  }
}

}  // namespace
}  // namespace bonafide

int main(int argc, char** argv) { bonafide::run(argc > 1 ? std::atof(argv[1]) : 1.0); }
