#include "corpus/lhotse.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json_value.h"
#include "corpus/json_lines.h"
#include "error_text.h"

namespace bonafide {
namespace {

// A cut as Lhotse's CutSet.to_file writes it (lhotse.readthedocs.io, "Cuts").
Json cut() {
  return Json::parse(R"({"id": "c1", "start": 1.5, "duration": 2.0, "channel": 0,
    "supervisions": [{"id": "s1", "recording_id": "r1", "start": 0.0, "duration": 2.0, "channel": 0,
                      "speaker": "p7", "gender": "f", "language": "fi", "custom": {"label": "spoof"}}],
    "recording": {"id": "r1", "sampling_rate": 16000, "num_samples": 160000, "duration": 10.0,
                  "sources": [{"type": "file", "channels": [0], "source": "talk.wav"}]},
    "custom": {"attack": "A07", "snr": 3}, "type": "MonoCut"})");
}

std::string complaint(const Json& object) {
  return error_text<UsageError>([&] { trial_of_json(object); });
}

TEST(Lhotse, GivesATrialForACut) {
  const Trial trial = trial_of_json(cut());

  EXPECT_EQ(trial.id, "c1");
  EXPECT_EQ(trial.path, "talk.wav");
  EXPECT_EQ(trial.excerpt, (Excerpt{.begin = 1.5, .end = 3.5}));
  EXPECT_EQ(trial.truth, Truth::kSpoof);
  EXPECT_EQ(trial.attack, "A07");
  EXPECT_EQ(trial.speaker, "p7");
  EXPECT_EQ(trial.gender, "f");
  EXPECT_EQ(trial.language, "fi");
}

TEST(Lhotse, TakesACutOfAllForTheWhole) {
  Json whole = cut();
  whole["start"] = 0.0;
  whole["duration"] = 10.0;
  whole["custom"]["start"] = 3;

  EXPECT_EQ(trial_of_json(whole).excerpt, std::nullopt);
  EXPECT_EQ(trial_of_json(whole["recording"]).path, "talk.wav");
}

TEST(Lhotse, NamesWhatIsNotRead) {
  Json command = cut(), mixed = cut(), stereo = cut(), fast = cut(), several = cut();
  command["recording"]["sources"][0]["type"] = "command";
  mixed["type"] = "MultiCut";
  stereo["recording"]["sources"][0]["channels"] = {0, 1};
  fast["recording"]["transforms"] = Json::array({{{"name", "Speed"}}});
  several["supervisions"].push_back(several["supervisions"][0]);

  EXPECT_NE(complaint(command).find("a source of type \"command\""), std::string::npos);
  EXPECT_NE(complaint(mixed).find("MultiCut"), std::string::npos);
  EXPECT_NE(complaint(stereo).find("channels"), std::string::npos);
  EXPECT_NE(complaint(fast).find("transforms"), std::string::npos);
  EXPECT_NE(complaint(several).find("supervisions"), std::string::npos);
  EXPECT_NE(complaint(Json{{"type", "MixedCut"}, {"tracks", 1}}).find("MixedCut"),
            std::string::npos);
}

TEST(Lhotse, LeavesOtherObjectsAlone) {
  EXPECT_FALSE(flat_lhotse(Json{{"path", "a"}, {"type", "x"}, {"recording", "r1"}}));
  EXPECT_FALSE(flat_lhotse(Json(3)));
}

}  // namespace
}  // namespace bonafide
