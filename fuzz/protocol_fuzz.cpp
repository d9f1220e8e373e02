// Any bytes as the lists of a data set, the first of them saying which: trials or one UsageError,
// nothing else.

#include <stdlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "corpus/corpus.h"

namespace {

namespace fs = std::filesystem;

struct Target {
  const char* corpus;
  const char* part;
  std::vector<const char*> lists;  // all get the same bytes
};

const std::vector<Target>& targets() {
  static const std::vector<Target> table = {
      {"asvspoof2015", "train", {"CM_protocol/cm_train.trn"}},
      {"asvspoof2017", "dev", {"protocol_V2/ASVspoof2017_V2_dev.trl.txt"}},
      {"asvspoof2019-la", "dev", {"ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm.dev.trl.txt"}},
      {"asvspoof2019-pa", "dev", {"ASVspoof2019_PA_cm_protocols/ASVspoof2019.PA.cm.dev.trl.txt"}},
      {"asvspoof2019-la-sasv",
       "dev",
       {"ASVspoof2019_LA_asv_protocols/ASVspoof2019.LA.asv.dev.female.trn.txt",
        "ASVspoof2019_LA_asv_protocols/ASVspoof2019.LA.asv.dev.male.trn.txt",
        "ASVspoof2019_LA_asv_protocols/ASVspoof2019.LA.asv.dev.gi.trl.txt"}},
      {"asvspoof2021-la", "eval", {"trial_metadata.txt"}},
      {"asvspoof2021-df", "eval", {"trial_metadata.txt"}},
      {"asvspoof2021-pa", "hidden1", {"trial_metadata.txt"}},
      {"asvspoof5", "dev", {"ASVspoof5.dev.track_1.tsv"}},
      {"asvspoof5-track2",
       "dev",
       {"ASVspoof5.dev.track_2.trial.tsv", "ASVspoof5.dev.track_2.enroll.tsv"}},
      {"in-the-wild", "", {"meta.csv"}},
      {"morphing", "claims", {"protocol.txt"}},
      {"pairs", "pairs.txt", {"pairs.txt"}},
      {"cm-list", "list.txt", {"list.txt"}},
      {"voxceleb1", "o", {"veri_test.txt"}},
      {"voxceleb2", "train", {"train_list.txt"}},
      {"codecfake", "train", {"label/train.txt"}},
      {"add2022", "track3test", {"track3_R1_label.txt"}},
      {"add2023", "train", {"train/label.txt"}},
      {"partialspoof",
       "dev",
       {"protocols/PartialSpoof_LA_cm_protocols/PartialSpoof.LA.cm.dev.trl.txt"}},
      {"habla", "list.txt", {"list.txt"}},
      {"spoofceleb", "train", {"metadata/train.csv"}},
      {"kaldi", "", {"wav.scp", "utt2label", "utt2spk", "spk2gender"}},
      {"kaldi", "", {"wav.scp", "utt2spk"}},
      {"kaldi", "", {"wav.scp", "segments"}},
  };
  return table;
}

// One folder per target, gone at the end of the program.
class Folders {
 public:
  Folders() {
    const fs::path memory = "/dev/shm";  // where there is one, no disk slows us down
    const fs::path parent = fs::is_directory(memory) ? memory : fs::temp_directory_path();
    std::string name = (parent / "bonafide-fuzz-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    for (size_t i = 0; i < targets().size(); ++i) {
      for (const char* list : targets()[i].lists) {
        fs::create_directories((of(i) / list).parent_path());
      }
    }
  }
  ~Folders() { fs::remove_all(path_); }
  fs::path of(size_t target) const { return path_ / std::to_string(target); }

 private:
  fs::path path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Folders folders;
  if (size == 0) return 0;
  const size_t choice = data[0] % targets().size();
  const Target& target = targets()[choice];
  for (const char* list : target.lists) {
    std::ofstream(folders.of(choice) / list, std::ios::binary)
        .write(reinterpret_cast<const char*>(data + 1), static_cast<std::streamsize>(size - 1));
  }
  try {
    bonafide::find_corpus(target.corpus).read({folders.of(choice), target.part});
  } catch (const bonafide::UsageError&) {
  }
  return 0;
}
