#include "metrics/sasv_result.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/error.h"
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

// Trials with separate scores of a speaker verification system and a countermeasure.
Trials tandem_trials(double cm_noise) {
  const auto asv_noise = normal_scores(1500, 0, 1, 51);
  const auto cm = normal_scores(1500, 0, cm_noise, 52);
  std::string text = "filename,cm-score,asv-score,sasv-score,asv-label\n";
  for (size_t i = 0; i < cm.size(); ++i) {
    const size_t kind = i % 3;
    const double asv = (kind == 0 ? 2 : kind == 1 ? -2 : 1) + asv_noise[i];
    const double cm_score = (kind == 2 ? -1.5 : 1.5) + cm[i];
    text += fmt::format("u{},{},{},{},{}\n", i, cm_score, asv, asv + 2 * cm_score,
                        kind == 0   ? "target"
                        : kind == 1 ? "nontarget"
                                    : "spoof");
  }
  return labelled_trials(TrialTable::parse(text, "trials"));
}

TEST(SasvResult, HasIntervalsAroundTheFiguresOfTheTandem) {
  const SasvResult result = evaluate_sasv(tandem_trials(1), {.resamples = 200});

  ASSERT_TRUE(result.intervals && result.intervals->tandem_eer);
  EXPECT_EQ(result.intervals->tandem_eer->resamples, 200u);
  EXPECT_LT(result.intervals->tandem_eer->low, result.tandem_eer->value);
  EXPECT_GT(result.intervals->tandem_eer->high, result.tandem_eer->value);
  EXPECT_LT(result.intervals->min_tandem_dcf->low, *result.min_tandem_dcf);
  EXPECT_GT(result.intervals->min_tandem_dcf->high, *result.min_tandem_dcf);
}

TEST(SasvResult, HasNarrowerTandemIntervalsForMoreTrials) {
  const Trials all = tandem_trials(1);
  const Trials few = all.filter([](size_t i) { return i < 300; });

  const auto wide = evaluate_sasv(few, {.resamples = 300}).intervals->tandem_eer;
  const auto narrow = evaluate_sasv(all, {.resamples = 300}).intervals->tandem_eer;

  // Five times the trials: the width falls by about the root of five.
  EXPECT_LT(1.5 * (narrow->high - narrow->low), wide->high - wide->low);
}

TEST(CompareSasv, FindsNoDifferenceOfASystemToItself) {
  const Trials all = tandem_trials(1);

  const Comparison comparison = compare_sasv(all, all, {.resamples = 50});

  ASSERT_EQ(comparison.figures.size(), 5u);
  for (const PairedFigure& figure : comparison.figures) {
    EXPECT_EQ(figure.difference.low, 0) << figure.name;
    EXPECT_EQ(figure.difference.high, 0) << figure.name;
    EXPECT_EQ(figure.p_value, 1) << figure.name;
  }
  EXPECT_EQ(comparison.decisions.only_first + comparison.decisions.only_second, 0u);
}

TEST(CompareSasv, FindsTheBetterOfTwoSystems) {
  const Comparison comparison =
      compare_sasv(tandem_trials(0.5), tandem_trials(2), {.resamples = 200});

  const PairedFigure& sasv = comparison.figures[0];
  EXPECT_EQ(sasv.name, "sasv_eer");
  EXPECT_LT(sasv.difference.high, 0);
  EXPECT_LT(sasv.p_value, 0.02);
  EXPECT_GT(comparison.decisions.only_first, comparison.decisions.only_second);
}

TEST(CompareSasv, RefusesOtherTrials) {
  const Trials all = tandem_trials(1);
  const Trials few = all.filter([](size_t i) { return i < 300; });

  EXPECT_THROW(compare_sasv(all, few), Error);
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
