#include <array>
#include <string_view>

#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

constexpr std::array<std::string_view, 6> kVocoders = {"diffwave", "melgan",  "parallel_wave_gan",
                                                       "wavegrad", "wavenet", "wavernn"};

// "1034_121119_000001_000001_gen.wav": the speaker's number of LibriTTS comes first.
std::string speaker_of(const std::filesystem::path& path) {
  const std::string name = path.stem().native();
  const std::string speaker = name.substr(0, name.find('_'));
  const bool is_number = speaker.find_first_not_of("0123456789") == std::string::npos;
  return is_number && speaker.size() < name.size() ? speaker : std::string();
}

std::vector<Trial> read(const CorpusRequest& request) {
  check_part("librisevoc", {""}, request.part);
  return trials_in_folder(request, "", [](Trial& trial, const std::vector<std::string>& folders) {
    if (folders.empty()) return false;
    if (folders.front() == "gt") {
      mark_bona_fide(trial);
    } else if (is_one_of(folders.front(), kVocoders)) {
      mark_spoof(trial, folders.front());
    } else {
      return false;
    }
    trial.speaker = speaker_of(trial.path);
    return true;
  });
}

}  // namespace

Corpus describe_librisevoc() {
  return {"librisevoc",
          "LibriSeVoc: LibriTTS through six neural vocoders",
          "ROOT/gt/*.wav: bona fide\n"
          "ROOT/{diffwave,melgan,parallel_wave_gan,wavegrad,wavenet,wavernn}/*.wav: spoofed\n"
          "All of it is one part; other folders and the authors' split lists are not read.",
          {},
          read,
          Knowledge::kSecondHand,
          {{"", 13201, 79206}}};
}

}  // namespace bonafide
