#include "corpus/kaldi.h"

#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

std::vector<Trial> read(const CorpusRequest& request) {
  const auto folder = request.part.empty() ? request.root : request.root / request.part;
  std::vector<Trial> trials = read_kaldi(folder);
  for (Trial& trial : trials) trial.partition = request.part;
  return trials;
}

}  // namespace

Corpus describe_kaldi() {
  return {
      "kaldi",
      "a data directory of Kaldi",
      "ROOT/PART/wav.scp: utterance and path, relative to it; commands (\"... |\") are refused\n"
      "ROOT/PART/segments: where it is there, utterance, recording of wav.scp, begin and end in "
      "seconds (-1: its end)\n"
      "ROOT/PART/utt2label: utterance and label; utt2spk, utt2lang, utt2attack, spk2gender: "
      "where they are there\n"
      "The part may be empty.",
      {},
      read};
}

}  // namespace bonafide
