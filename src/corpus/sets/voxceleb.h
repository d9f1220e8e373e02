#pragma once

#include <filesystem>
#include <vector>

#include "corpus/trial.h"

namespace bonafide {

// Lines "1 id10270/a/1.wav id10270/b/1.wav": whether both are of one speaker, enrolment, test.
// Recordings lie below `audio`. All voices are human.
std::vector<Trial> read_voxceleb_trials(const std::filesystem::path& list,
                                        const std::filesystem::path& audio);

// Lines "id00012 id00012/21Uxsk56VDQ/00001.wav", or the columns the other way round.
std::vector<Trial> read_voxceleb_list(const std::filesystem::path& list,
                                      const std::filesystem::path& audio);

// Where the recordings of a copy lie: as wav, or as the m4a of the release.
std::filesystem::path voxceleb_audio(const std::filesystem::path& root);

}  // namespace bonafide
