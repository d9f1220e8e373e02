#include "minicorpus/copy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "augment/griffin_lim.h"
#include "base/child_process.h"
#include "base/error.h"
#include "base/file.h"

namespace bonafide {

namespace {

constexpr std::string_view kSptk = "/usr/libexec/sptk/bin/";

// Samples of another program's raw file: `Number` in the machine's order.
template <typename Number>
void write_raw(const std::filesystem::path& path, const std::vector<float>& samples, float scale) {
  std::vector<Number> numbers;
  for (const float value : samples) {
    const float x = std::clamp(value * scale, -32768.0f, 32767.0f);
    numbers.push_back(static_cast<Number>(x));
  }
  write_atomically(path, std::string_view(reinterpret_cast<const char*>(numbers.data()),
                                          numbers.size() * sizeof(Number)));
}

template <typename Number>
std::vector<float> read_raw(const std::filesystem::path& path, float scale) {
  const std::string bytes = read_text(path);
  std::vector<Number> numbers(bytes.size() / sizeof(Number));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(Number));
  std::vector<float> samples;
  for (const Number number : numbers) samples.push_back(static_cast<float>(number) / scale);
  return samples;
}

// A mel-cepstral vocoder of SPTK: pitch and mel-cepstrum every 5 ms; pulses or noise through the
// MLSA filter.
Waveform copy_sptk(const Waveform& original, const std::filesystem::path& scratch, int order) {
  // Room for the peaks that the filter makes.
  constexpr float kScale = 0.7f * 32768;
  const auto file = [&](const char* name) { return (scratch / name).string(); };
  const auto sptk = [&](std::string_view tool, std::vector<std::string> arguments,
                        const char* output) {
    arguments.insert(arguments.begin(), fmt::format("{}{}", kSptk, tool));
    run({.arguments = std::move(arguments), .output = scratch / output});
  };
  const std::string m = std::to_string(order);
  write_raw<float>(scratch / "x", original.samples, kScale);
  sptk("pitch", {"-a", "1", "-s", "16", "-p", "80", "-L", "60", "-H", "350", file("x")}, "pitch");
  sptk("frame", {"-l", "400", "-p", "80", file("x")}, "frames");
  sptk("window", {"-l", "400", "-L", "512", file("frames")}, "windowed");
  // -j: three Newton steps, as good as converged; -e: digital silence keeps a finite logarithm.
  sptk("mcep", {"-l", "512", "-m", m, "-a", "0.42", "-j", "3", "-e", "0.001", file("windowed")},
       "mcep");
  sptk("excite", {"-p", "80", file("pitch")}, "excitation");
  sptk("mlsadf", {"-m", m, "-a", "0.42", "-p", "80", file("mcep"), file("excitation")}, "y");
  return {read_raw<float>(scratch / "y", kScale), original.sample_rate};
}

Waveform copy_griffin_lim(const Waveform& original, uint64_t seed) {
  constexpr int kIterations = 24;
  return {griffin_lim(original.samples, kIterations, seed), original.sample_rate};
}

Waveform copy_codec2(const Waveform& original, const std::filesystem::path& scratch,
                     const std::string& mode) {
  const auto file = [&](const char* name) { return (scratch / name).string(); };
  write_raw<int16_t>(scratch / "x", original.samples, 32768);
  run({.arguments = {"c2enc", mode, file("x"), file("bits")}});
  run({.arguments = {"c2dec", mode, file("bits"), file("y")}});
  return {read_raw<int16_t>(scratch / "y", 32768), original.sample_rate};
}

Waveform copy_lpc10(const Waveform& original, const std::filesystem::path& scratch) {
  const auto file = [&](const char* name) { return (scratch / name).string(); };
  const std::vector<std::string> raw = {"-t",     "raw", "-r", "8000", "-e",
                                        "signed", "-b",  "16", "-c",   "1"};
  const std::vector<std::string> coded = {"-t", "lpc10"};
  const auto convert = [&](std::vector<std::string> from, const char* input,
                           const std::vector<std::string>& to, const char* output) {
    // -D: no dither, which would be random; -V1: errors only.
    std::vector<std::string> arguments = {"sox", "-D", "-V1"};
    arguments.insert(arguments.end(), from.begin(), from.end());
    arguments.push_back(file(input));
    arguments.insert(arguments.end(), to.begin(), to.end());
    arguments.push_back(file(output));
    run({.arguments = std::move(arguments)});
  };
  write_raw<int16_t>(scratch / "x", original.samples, 32768);
  convert(raw, "x", coded, "bits");
  convert(coded, "bits", raw, "y");
  return {read_raw<int16_t>(scratch / "y", 32768), original.sample_rate};
}

template <int order>
Waveform sptk(const Waveform& original, const std::filesystem::path& scratch, uint64_t) {
  return copy_sptk(original, scratch, order);
}

}  // namespace

const std::vector<CopySystem>& copy_systems() {
  using Path = std::filesystem::path;
  static const std::string kMcep = std::string(kSptk) + "mcep";
  static const std::vector<CopySystem> table = {
      {"sptk-mcep24", "sptk", kMcep, 16000, sptk<24>},
      {"sptk-mcep34", "sptk", kMcep, 16000, sptk<34>},
      {"griffin-lim", "", "", 16000,
       [](const Waveform& x, const Path&, uint64_t seed) { return copy_griffin_lim(x, seed); }},
      {"codec2-3200", "codec2", "c2enc", 8000,
       [](const Waveform& x, const Path& scratch, uint64_t) {
         return copy_codec2(x, scratch, "3200");
       }},
      {"codec2-1300", "codec2", "c2enc", 8000,
       [](const Waveform& x, const Path& scratch, uint64_t) {
         return copy_codec2(x, scratch, "1300");
       }},
      {"codec2-700C", "codec2", "c2enc", 8000,
       [](const Waveform& x, const Path& scratch, uint64_t) {
         return copy_codec2(x, scratch, "700C");
       }},
      {"lpc10", "sox", "sox", 8000,
       [](const Waveform& x, const Path& scratch, uint64_t) { return copy_lpc10(x, scratch); }},
  };
  return table;
}

const CopySystem& find_copy_system(std::string_view id) {
  for (const CopySystem& system : copy_systems()) {
    if (system.id == id) return system;
  }
  throw Error(fmt::format("no copy synthesis called \"{}\"", id));
}

bool is_installed(const CopySystem& system) {
  return system.program.empty() || program_exists(system.program);
}

}  // namespace bonafide
