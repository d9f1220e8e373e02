#include "minicorpus/sources.h"

#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <array>

#include "base/error.h"

namespace bonafide {

namespace {

constexpr std::string_view kBySa = "CC BY-SA 3.0";
constexpr std::string_view kBy = "CC BY 3.0";

HumanSource asterisk(std::string id, std::string speaker, std::string folder,
                     std::string_view licence) {
  const std::string language = id.substr(0, 2);
  return {.id = std::move(id),
          .speaker = std::move(speaker),
          .language = language,
          .package = fmt::format("asterisk-core-sounds-{}-g722", language),
          .licence = std::string(licence),
          .folder = "asterisk/sounds/" + folder,
          .extension = ".g722",
          .coded = true};
}

HumanSource klettres(std::string language) {
  return {.id = "klettres-" + language,
          .speaker = "klettres-" + language,
          .language = language,
          .package = "klettres-data",
          .licence = "GPL-2+",
          .folder = "klettres/" + language,
          .extension = ".ogg",
          .silence_seconds = 0.1};
}

std::vector<HumanSource> make_sources() {
  std::vector<HumanSource> sources = {
      // One and the same Allison Smith speaks English and Spanish.
      asterisk("en-allison", "allison", "en_US_f_Allison", kBySa),
      asterisk("es-allison", "allison", "es_MX_f_Allison", kBySa),
      asterisk("fr-june", "june", "fr_CA_f_June", kBySa),
      asterisk("it-carlo", "carlo", "it_IT_m_Carlo", kBy),
      asterisk("ru-ivr", "ivr", "ru_RU_f_IvrvoiceRU", kBy),
      {.id = "ru-nsh",
       .speaker = "nsh",
       .language = "ru",
       .package = "festvox-ru",
       .licence = "BSD-like (N. Shmyrev 2005)",
       .folder = "festival/voices/russian/msu_ru_nsh_clunits/wav",
       .extension = ".wav",
       .silence_seconds = 1.0},
      {.id = "it-menardi",
       .speaker = "menardi",
       .language = "it",
       .package = "asterisk-prompt-it-menardi-wav",
       .licence = "CC BY-SA 3.0",
       .folder = "asterisk/sounds/it_IT_f_Menardi",
       .extension = ".wav",
       .telephone = true},
      {.id = "fr-armelle",
       .speaker = "armelle",
       .language = "fr",
       .package = "asterisk-prompt-fr-armelle",
       .licence = "BSD-3-Clause",
       .folder = "asterisk/sounds/fr",
       .extension = ".gsm",
       .telephone = true,
       .coded = true},
      {.id = "es-july",
       .speaker = "july",
       .language = "es",
       .package = "asterisk-prompt-es-co",
       .licence = "GPL-2",
       .folder = "asterisk/sounds/es",
       .extension = ".gsm",
       .telephone = true,
       .coded = true},
  };
  for (const char* language : {"ar", "cs", "da", "de", "en",  "en_GB", "es",    "fr", "he", "hu",
                               "it", "lt", "ml", "nb", "nds", "nl",    "pt_BR", "ru", "tn", "uk"}) {
    sources.push_back(klettres(language));
  }
  return sources;
}

// Silence, tones and jingles among the prompts.
bool is_speech(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 6> kOthers = {
      "beep", "ascending-2tone", "descending-2tone", "tt-monkeys", "confbridge-begin-glorious-",
      "Noise"};
  if (path.parent_path().filename() == "silence") return false;
  const std::string name = path.filename().string();
  return std::none_of(kOthers.begin(), kOthers.end(),
                      [&](std::string_view other) { return name.starts_with(other); });
}

// From the size or the header alone; 0 when it is no sound file.
double seconds_of(const std::filesystem::path& path) {
  const auto bytes = static_cast<double>(std::filesystem::file_size(path));
  if (path.extension() == ".g722") return bytes / 8000;
  if (path.extension() == ".gsm") return bytes / 33 * 0.02;
  SF_INFO info{};
  SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
  if (file == nullptr) return 0;
  sf_close(file);
  return static_cast<double>(info.frames) / info.samplerate;
}

}  // namespace

const std::vector<HumanSource>& human_sources() {
  static const std::vector<HumanSource> sources = make_sources();
  return sources;
}

const HumanSource& find_human_source(std::string_view id) {
  for (const HumanSource& source : human_sources()) {
    if (source.id == id) return source;
  }
  throw Error(fmt::format("no human source called \"{}\"", id));
}

std::vector<Prompt> list_prompts(const HumanSource& source, const std::filesystem::path& share) {
  constexpr double kShortest = 0.15;  // seconds of voice
  const auto folder = share / source.folder;
  std::vector<Prompt> prompts;
  if (!std::filesystem::is_directory(folder)) return prompts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const auto& path = entry.path();
    if (!entry.is_regular_file() || path.extension() != source.extension || !is_speech(path)) {
      continue;
    }
    const double seconds = seconds_of(path) - source.silence_seconds;
    if (seconds >= kShortest) prompts.push_back({path, seconds});
  }
  std::sort(prompts.begin(), prompts.end(),
            [](const Prompt& a, const Prompt& b) { return a.path < b.path; });
  return prompts;
}

}  // namespace bonafide
