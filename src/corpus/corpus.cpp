#include "corpus/corpus.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "corpus/asvspoof2019_la.h"
#include "corpus/manifest.h"

namespace bonafide {

const std::vector<Corpus>& corpora() {
  static const std::vector<Corpus> table = {
      {"manifest",
       "any recordings listed in a CSV table",
       "A CSV file with a header: path,label[,id,speaker,attack,partition]; paths are relative to "
       "it.\n"
       "root: its folder, part: its name; or root: the file, part: a partition in it.",
       {},
       read_manifest_corpus},
      {"asvspoof2019-la",
       "ASVspoof 2019 Logical Access",
       "ROOT/ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm.{train.trn,dev.trl,eval.trl}.txt\n"
       "ROOT/ASVspoof2019_LA_{train,dev,eval}/flac/*.flac",
       {"train", "dev", "eval"},
       read_asvspoof2019_la},
      {"minicorpus",
       "the corpus made from Debian packages by \"bonafide data minicorpus\"",
       "ROOT/manifest.csv\nROOT/{train,dev,eval,eval-telephone}/*.flac",
       {"train", "dev", "eval", "eval-telephone"},
       read_minicorpus},
  };
  return table;
}

const Corpus& find_corpus(std::string_view name) {
  std::vector<std::string> names;
  for (const Corpus& corpus : corpora()) {
    if (corpus.name == name) return corpus;
    names.emplace_back(corpus.name);
  }
  const auto meant = nearest(name, names);
  throw UsageError(fmt::format("no corpus called \"{}\" ({})", printable(name),
                               meant ? fmt::format("did you mean \"{}\"?", *meant)
                                     : fmt::format("there are: {}", fmt::join(names, ", "))));
}

}  // namespace bonafide
