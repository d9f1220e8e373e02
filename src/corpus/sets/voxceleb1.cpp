#include <map>

#include "corpus/protocol.h"
#include "corpus/sets/sets.h"
#include "corpus/sets/voxceleb.h"

namespace bonafide {

namespace {

// The trial lists by the names that papers give them; any other part is a list's own name.
std::string list_of(const std::string& part) {
  static const std::map<std::string, std::string> lists = {{"o", "veri_test.txt"},
                                                           {"o-cleaned", "veri_test2.txt"},
                                                           {"e", "list_test_all2.txt"},
                                                           {"h", "list_test_hard2.txt"}};
  const auto at = lists.find(part);
  return at == lists.end() ? part : at->second;
}

std::vector<Trial> read(const CorpusRequest& request) {
  auto trials =
      read_voxceleb_trials(request.root / list_of(request.part), voxceleb_audio(request.root));
  for (Trial& trial : trials) trial.partition = request.part;
  return trials;
}

}  // namespace

Corpus describe_voxceleb1() {
  return {"voxceleb1",
          "VoxCeleb1: verification trials of human voices",
          "ROOT/veri_test.txt (part o), veri_test2.txt (o-cleaned), list_test_all2.txt (e), "
          "list_test_hard2.txt (h)\n"
          "or a list of another name, as the part: 0 or 1, enrolment, test\n"
          "ROOT/wav/id1####/VIDEO/*.wav",
          {"o", "o-cleaned", "e", "h"},
          read,
          Knowledge::kFirstHand,
          {{"o", 0, 0, 37720}, {"o-cleaned", 0, 0, 37611}}};
}

}  // namespace bonafide
