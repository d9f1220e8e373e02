#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "corpus/protocol.h"
#include "corpus/protocol_line.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

constexpr std::array<std::string_view, 4> kColumns = {"FILE", "LABEL", "SPEAKER_ID1",
                                                      "SPEAKER_ID2"};

// The list's header names the columns in any order; they become the words of a ColumnList.
ColumnList columns_of(std::string_view header, const std::filesystem::path& list) {
  static constexpr std::array<std::string_view, 4> kWords = {"id", "label", "speaker",
                                                             "second-speaker"};
  std::string words;
  size_t known = 0;
  for (const std::string_view name : split_blanks(header)) {
    const auto at = std::find(kColumns.begin(), kColumns.end(), name);
    if (at != kColumns.end()) ++known;
    words += at == kColumns.end()
                 ? "- "
                 : fmt::format("{} ", kWords[static_cast<size_t>(at - kColumns.begin())]);
  }
  if (known != kColumns.size()) {
    refuse_line(list, 1, "the header needs the columns FILE LABEL SPEAKER_ID1 SPEAKER_ID2");
  }
  return ColumnList(words);
}

// A morph is of two voices: it claims to be the one, and then the other.
std::vector<Trial> claims_of(const std::vector<Trial>& recordings) {
  std::vector<Trial> claims;
  for (const Trial& recording : recordings) {
    for (const std::string_view speaker :
         {std::string_view(recording.speaker), condition(recording, "second-speaker")}) {
      if (speaker.empty()) continue;
      claims.push_back(recording);
      claims.back().claimed_speaker = speaker;
    }
  }
  return claims;
}

std::vector<Trial> read(const CorpusRequest& request) {
  if (!request.part.empty()) check_part("morphing", {"claims"}, request.part);
  const auto list = request.root / "protocol.txt";
  const std::string text = read_list(list);
  const std::string_view header = std::string_view(text).substr(0, text.find('\n'));
  const ColumnList columns = columns_of(header, list);
  std::vector<Trial> trials =
      parse_protocol(text, list, {columns}, /*lines_before=*/1, [&](Trial& trial) {
        check_below(trial.id);
        trial.path = request.root / trial.id;
        if (trial.truth == Truth::kSpoof) trial.attack = "morph";
        return true;
      });
  return request.part == "claims" ? claims_of(trials) : trials;
}

}  // namespace

Corpus describe_morphing() {
  return {"morphing",
          "voice morphs of two speakers each (made from the examples of Voice-morphing-RelGAN)",
          "ROOT/protocol.txt with a header: FILE LABEL SPEAKER_ID1 SPEAKER_ID2; label bonafide or "
          "morph\n"
          "ROOT/FILE\n"
          "The part \"claims\" tries each morph against both of its speakers.",
          {},
          read};
}

}  // namespace bonafide
