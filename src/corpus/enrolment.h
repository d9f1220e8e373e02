#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "corpus/trial.h"

namespace bonafide {

// The enrolments of each speaker, from lists with lines "speaker utt,utt,...". Recordings are
// `audio`/utt.flac. Throws UsageError naming file and line.
std::map<std::string, Enrolments> read_enrolments(const std::vector<std::filesystem::path>& lists,
                                                  const std::filesystem::path& audio);

// Gives the trial the enrolments of its claimed speaker; throws UsageError when there are none.
void enrol(Trial& trial, const std::map<std::string, Enrolments>& enrolments);

}  // namespace bonafide
