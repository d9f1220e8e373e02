#include "trials/columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace bonafide {
namespace {

using testing::ElementsAre;

// The names of the columns that a header has; "" for what means nothing.
std::vector<std::string> meaning(const std::vector<std::string>& header) {
  std::vector<std::string> names;
  for (const TrialColumn* column : find_trial_columns(header)) {
    names.emplace_back(column == nullptr ? "" : column->name);
  }
  return names;
}

TEST(Columns, AreKnownByTheFieldsWordsInAnySpelling) {
  EXPECT_THAT(meaning({"Utterance_ID", " audio_filepath", "CM-Label", "sex", "tar_spk_anon"}),
              ElementsAre("id", "path", "label", "gender", "claimed_speaker"));
  EXPECT_THAT(meaning({"mood", "part_voice"}), ElementsAre("", ""));
}

TEST(Columns, HaveNoWordInCommon) {
  std::set<std::string> seen;
  for (const TrialColumn& column : trial_columns()) {
    EXPECT_TRUE(seen.insert(column_word(column.name)).second) << column.name;
    for (const auto* words : {&column.aliases, &column.substitutes}) {
      for (const std::string_view word : *words) {
        EXPECT_EQ(column_word(word), word);
        EXPECT_TRUE(seen.insert(column_word(word)).second) << word;
      }
    }
  }
}

TEST(Columns, AreSubstitutedOnlyWhereTheirOwnWordIsMissing) {
  EXPECT_THAT(meaning({"trial", "utt"}), ElementsAre("", "id"));
  EXPECT_THAT(meaning({"trial", "utt", "id"}), ElementsAre("", "", "id"));
  EXPECT_THAT(meaning({"speaker_id", "speaker"}), ElementsAre("", "speaker"));
  EXPECT_THAT(meaning({"filename", "file", "path"}), ElementsAre("", "path", "path"));
}

TEST(Columns, OfVerificationTrialsCallTheClaimedSpeakerSpk) {
  EXPECT_THAT(meaning({"spk", "id", "label"}), ElementsAre("speaker", "id", "label"));
  EXPECT_THAT(meaning({"spk", "id", "asv-label"}), ElementsAre("claimed_speaker", "id", "asv_key"));
  EXPECT_THAT(meaning({"spk", "claim", "asv-label"}),
              ElementsAre("speaker", "claimed_speaker", "asv_key"));
}

}  // namespace
}  // namespace bonafide
