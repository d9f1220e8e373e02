// Any bytes, under a name that the last of them chooses: a Recording of finite samples, or an
// Error. The same of a stretch, and of an excerpt, whose place the byte before chooses.
#include <cmath>
#include <cstdlib>

#include "audio/decode.h"
#include "base/error.h"

// libsndfile 1.2.0 forgets it when the headers of a Vorbis stream are broken.
extern "C" const char* __lsan_default_suppressions() { return "leak:vorbis_info_init\n"; }

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bonafide;
  static constexpr const char* kNames[] = {"a.wav", "a.g722", "a.alaw", "a.ulaw", "a.gsm"};
  const char* name = kNames[size > 0 ? data[size - 1] % std::size(kNames) : 0];
  const size_t start = size > 1 ? data[size - 2] * size_t{16} : 0;
  try {
    const Waveform stretch = decode_stretch_of_bytes(std::as_bytes(std::span(data, size)), name,
                                                     16000, {1000, [=](size_t) { return start; }});
    if (stretch.samples.empty() || stretch.samples.size() > 1000) std::abort();
    for (const float sample : stretch.samples) {
      if (!std::isfinite(sample)) std::abort();
    }
  } catch (const Error&) {
  }
  try {
    const double begin = static_cast<double>(start);
    const Excerpt excerpt = {.begin = begin, .end = begin + 500, .unit = Excerpt::Unit::kSamples};
    const auto part = decode_bytes(std::as_bytes(std::span(data, size)), name,
                                   {.sample_rate = 0, .excerpt = excerpt});
    if (part.waveform.samples.empty() || part.waveform.samples.size() > 500) std::abort();
  } catch (const Error&) {
  }
  try {
    const Recording recording =
        decode_bytes(std::as_bytes(std::span(data, size)), name, {.max_seconds = 5});
    if (recording.waveform.samples.empty()) std::abort();
    for (const float sample : recording.waveform.samples) {
      if (!std::isfinite(sample)) std::abort();
    }
  } catch (const Error&) {
  }
  return 0;
}
