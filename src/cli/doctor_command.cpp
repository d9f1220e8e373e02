#include <fmt/format.h>
#include <sndfile.h>
#include <soxr.h>
#include <spandsp/version.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "audio/codec.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/commands.h"
#include "cli/doctor.h"
#include "cli/torch_program.h"

namespace bonafide {

namespace {

// The value of the first line "key : value" of a file of /proc; "" when there is none.
std::string proc_value(const char* path, std::string_view key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(':');
    if (colon != std::string::npos && trim(line.substr(0, colon)) == key) {
      return std::string(trim(line.substr(colon + 1)));
    }
  }
  return "";
}

std::string processor() {
  const std::string model = proc_value("/proc/cpuinfo", "model name");
  return fmt::format("{}, {} threads usable", model.empty() ? "unknown" : printable(model),
                     std::thread::hardware_concurrency());
}

std::string memory() {
  const auto gibibytes = [](std::string_view key) {
    const std::string value = proc_value("/proc/meminfo", key);  // "24689068 kB"
    const auto kibibytes = parse_double(std::string_view(value).substr(0, value.find(' ')));
    return kibibytes.value_or(0) / (1 << 20);
  };
  return fmt::format("{:.1f} GiB, {:.1f} GiB available", gibibytes("MemTotal"),
                     gibibytes("MemAvailable"));
}

std::string allocator() {
  std::vector<std::string> settings;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    for (const std::string_view prefix : {"MALLOC_", "GLIBC_TUNABLES=", "LD_PRELOAD="}) {
      if (text.substr(0, prefix.size()) == prefix) settings.push_back(printable(text));
    }
  }
  if (settings.empty()) return "as bonafide-torch sets it; nothing in the environment";
  return fmt::format("environment: {}", fmt::join(settings, " "));
}

std::string sound_formats() {
  struct Format {
    std::string_view name;
    int code;
  };
  static constexpr std::array<Format, 5> kFormats = {{
      {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16},
      {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16},
      {"ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS},
      {"opus", SF_FORMAT_OGG | SF_FORMAT_OPUS},
      {"mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III},
  }};
  std::vector<std::string_view> found;
  std::vector<std::string_view> lacking;
  for (const Format& format : kFormats) {
    SF_INFO info{};
    info.samplerate = 48000;
    info.channels = 1;
    info.format = format.code;
    (sf_format_check(&info) != 0 ? found : lacking).push_back(format.name);
  }
  std::string text = fmt::format("{}: {}", sf_version_string(), fmt::join(found, " "));
  if (!lacking.empty()) text += fmt::format("; LACKS {}", fmt::join(lacking, " "));
  return text;
}

std::string lossy_codecs() {
  std::vector<std::string> found, lacking;
  for (const Codec& codec : codecs()) {
    const std::string name(codec.name);
    if (codec.missing.empty()) {
      found.push_back(name);
    } else {
      lacking.push_back(fmt::format("{} ({})", name, codec.missing));
    }
  }
  std::string text = fmt::format("{}", fmt::join(found, " "));
  if (!lacking.empty()) text += fmt::format("; LACKS {}", fmt::join(lacking, ", "));
  return text;
}

int examine() {
  print_fact("bonafide", kVersion);
  print_fact("processor", processor());
  print_fact("memory", memory());
  print_fact("allocator", allocator());
  print_fact("audio files", sound_formats());
  print_fact("resampling", soxr_version());
  print_fact("codecs", lossy_codecs());
  print_fact("telephone",
             fmt::format("spandsp {}: G.722, GSM 06.10, A-law, mu-law", SPANDSP_RELEASE_DATE));
  if (::access(torch_program().c_str(), X_OK) != 0) {
    print_fact("LibTorch", fmt::format("none: there is no {}; training, scoring and evaluation "
                                       "need a build with BONAFIDE_TORCH=ON",
                                       printable(torch_program().native())));
    return 0;
  }
  std::string program = "bonafide";
  std::string command = "doctor";
  const std::array<char*, 3> arguments = {program.data(), command.data(), nullptr};
  hand_over(command, arguments.data());
}

}  // namespace

std::function<int()> declare_doctor(CLI::App& app) {
  app.footer("Example:\n  bonafide doctor");
  return examine;
}

}  // namespace bonafide
