#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

std::vector<Trial> read(const CorpusRequest& request) {
  check_part("rirs-noises", {"smallroom", "mediumroom", "largeroom", "real"}, request.part);
  const std::string folder =
      request.part == "real" ? "real_rirs_isotropic_noises" : "simulated_rirs/" + request.part;
  return trials_in_folder(request, folder, [&](Trial& trial, const std::vector<std::string>&) {
    trial.partition = request.part;
    return true;
  });
}

}  // namespace

Corpus describe_rirs_noises() {
  return {"rirs-noises",
          "RIRS_NOISES: room impulse responses to augment with",
          "ROOT/simulated_rirs/{smallroom,mediumroom,largeroom}/Room###/*.wav\n"
          "ROOT/real_rirs_isotropic_noises/*.wav (several channels)",
          {"smallroom", "mediumroom", "largeroom", "real"},
          read};
}

}  // namespace bonafide
