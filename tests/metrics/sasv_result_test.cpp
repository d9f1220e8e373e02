#include "metrics/sasv_result.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "metrics/detector_trials.h"
#include "metrics/synthetic.h"

namespace bonafide {
namespace {

// Verification trials of 8 speakers: targets high, nontargets low, spoofs between.
Trials trials(double speaker_deviation) {
  const auto noise = normal_scores(1200, 0, 1, 41);
  const auto offset = normal_scores(8, 0, speaker_deviation, 42);
  std::string text = "claim,speaker,filename,attack,sasv-score,asv-label\n";
  for (size_t i = 0; i < noise.size(); ++i) {
    const size_t claim = i % 8;
    const size_t kind = i / 8 % 3;
    const size_t speaker = kind == 1 ? (claim + 1 + i / 24 % 7) % 8 : claim;
    const double mean = kind == 0 ? 2 : kind == 1 ? -2 : 0;
    text += fmt::format("p{},p{},u{},{},{},{}\n", claim, speaker, i,
                        kind == 2 ? (i % 2 == 0 ? "A01" : "A02") : "-",
                        mean + noise[i] + offset[claim] + offset[speaker],
                        kind == 0   ? "target"
                        : kind == 1 ? "nontarget"
                                    : "spoof");
  }
  return labelled_trials(
      TrialTable::parse(text, "trials", {.factors = {"speaker", "claim", "attack"}}));
}

TEST(SasvResult, HasIntervalsAroundItsFigures) {
  const SasvResult result = evaluate_sasv(trials(0), {.resamples = 200});

  ASSERT_TRUE(result.intervals);
  EXPECT_LT(result.intervals->sasv.low, result.eers.sasv);
  EXPECT_GT(result.intervals->sasv.high, result.eers.sasv);
  EXPECT_LT(result.intervals->sv.low, result.eers.sv);
  EXPECT_GT(result.intervals->spf.high, result.eers.spf);
  EXPECT_LT(result.intervals->asvspoof5.low, result.asvspoof5.value);
  EXPECT_GT(result.intervals->paper.high, result.paper.value);
}

TEST(SasvResult, HasWiderIntervalsWhenBothSpeakersAreDrawn) {
  const Trials all = trials(0.8);

  const auto plain = evaluate_sasv(all, {.resamples = 200}).intervals->sasv;
  const auto joint =
      evaluate_sasv(all, {.resamples = 200, .resampling = Resampling::kJoint}).intervals->sasv;

  EXPECT_GT(joint.high - joint.low, 1.5 * (plain.high - plain.low));
}

TEST(SasvResult, IsBrokenDownByAttackWithAllBonaFideTrials) {
  const Trials all = trials(0);

  const auto rows = evaluate_sasv_by(all, all.factor("attack"));

  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].value, "A01");
  EXPECT_EQ(rows[0].result->target, 400u);
  EXPECT_EQ(rows[0].result->spoof + rows[1].result->spoof, 400u);
}

TEST(SasvResult, LeavesAConditionWithoutAClassEmpty) {
  const Trials all = trials(0);

  // Spoofs of the speaker p0 only.
  const auto few =
      all.filter([&](size_t i) { return i < 16 || all.factor("claim").value(i) == "p0"; });
  const auto rows = evaluate_sasv_by(few, few.factor("speaker"));

  ASSERT_EQ(rows[0].value, "p0");
  EXPECT_TRUE(rows[0].result);
  EXPECT_FALSE(rows[1].result);
}

TEST(SpeakersOf, GivesClaimAndSpeakerOneListOfCodes) {
  const Trials few = labelled_trials(TrialTable::parse(
      "claim,speaker,filename,sasv-score,asv-label\na,b,u1,1,nontarget\nb,b,u2,2,target\n",
      "trials", {.factors = {"speaker", "claim"}}));

  const TrialSpeakers speakers = speakers_of(few, std::vector<uint32_t>{0, 1});

  EXPECT_NE(speakers.claims[0], speakers.speakers[0]);
  EXPECT_EQ(speakers.claims[1], speakers.speakers[1]);
}

}  // namespace
}  // namespace bonafide
