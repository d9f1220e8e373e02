#include <fmt/format.h>

#include "corpus/protocol.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

const std::vector<std::string_view>& parts() {
  static const std::vector<std::string_view> names = {"train", "dev", "C1", "C2", "C3", "C4",
                                                      "C5",    "C6",  "C7", "A1", "A2", "A3"};
  return names;
}

// "SSB0009_00000001.wav real 0"
std::vector<Trial> read(const CorpusRequest& request) {
  check_part("codecfake", parts(), request.part);
  const bool is_test = request.part != "train" && request.part != "dev";
  const auto audio = request.root / (is_test ? "test/" + request.part : request.part);
  const auto list = request.root / fmt::format("label/{}.txt", request.part);
  return read_file_list(list, ColumnList("id label attack"), [&](Trial& trial) {
    check_below(trial.id);
    trial.path = audio / trial.id;
    trial.partition = request.part;
    return true;
  });
}

}  // namespace

Corpus describe_codecfake() {
  return {"codecfake",
          "Codecfake (Xie and others, 2024): speech of neural codecs",
          "ROOT/label/{train,dev,C1,...,C7,A1,A2,A3}.txt: file real|fake type\n"
          "ROOT/{train,dev}/*.wav, ROOT/test/{C1,...,A3}/*.wav\n"
          "(CodecFake+ of Wu and others is another data set; it is not read.)",
          parts(),
          read,
          Knowledge::kSecondHand};
}

}  // namespace bonafide
