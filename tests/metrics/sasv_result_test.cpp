#include "metrics/sasv_result.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/json_value.h"
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

Interval interval_of(const SasvResult& result, std::string_view figure) {
  return result.find(figure)->interval.value();
}

TEST(SasvResult, HasIntervalsAroundItsFigures) {
  const SasvResult result = evaluate_sasv(trials(0), {.resamples = 200});

  ASSERT_EQ(result.figures.size(), 7u);
  for (const SasvFigure& figure : result.figures) {
    ASSERT_TRUE(figure.value && figure.interval) << figure.name;
    EXPECT_LT(figure.interval->low, *figure.value) << figure.name;
    EXPECT_GT(figure.interval->high, *figure.value) << figure.name;
  }
}

TEST(SasvResult, HasWiderIntervalsWhenBothSpeakersAreDrawn) {
  const Trials all = trials(0.8);

  const auto plain = interval_of(evaluate_sasv(all, {.resamples = 200}), "sasv_eer");
  const auto joint = interval_of(
      evaluate_sasv(all, {.resamples = 200, .resampling = Resampling::kJoint}), "sasv_eer");

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

  EXPECT_EQ(interval_of(result, "t_eer").resamples, 200u);
  for (const char* name : {"t_eer", "min_tdcf_revised"}) {
    EXPECT_LT(interval_of(result, name).low, *result.find(name)->value) << name;
    EXPECT_GT(interval_of(result, name).high, *result.find(name)->value) << name;
  }
}

TEST(SasvResult, HasNarrowerTandemIntervalsForMoreTrials) {
  const Trials all = tandem_trials(1);
  const Trials few = all.filter([](size_t i) { return i < 300; });

  const Interval wide = interval_of(evaluate_sasv(few, {.resamples = 300}), "t_eer");
  const Interval narrow = interval_of(evaluate_sasv(all, {.resamples = 300}), "t_eer");

  // Five times the trials: the width falls by about the root of five.
  EXPECT_LT(1.5 * (narrow.high - narrow.low), wide.high - wide.low);
}

TEST(CompareSasv, FindsNoDifferenceOfASystemToItself) {
  const Trials all = tandem_trials(1);

  const Comparison comparison = compare_sasv(all, all, {.resamples = 50});

  ASSERT_EQ(comparison.figures.size(), 7u);
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
  EXPECT_EQ(rows[0].result.target, 400u);
  EXPECT_EQ(rows[0].result.spoof + rows[1].result.spoof, 400u);
}

TEST(SasvResult, ComputesForAConditionWithoutSpoofsWhatNeedsNone) {
  const Trials all = trials(0);

  // Spoofs of the speaker p0 only.
  const auto few =
      all.filter([&](size_t i) { return i < 16 || all.factor("claim").value(i) == "p0"; });
  const auto rows = evaluate_sasv_by(few, few.factor("speaker"));

  ASSERT_EQ(rows[0].value, "p0");
  EXPECT_TRUE(rows[0].result.find("sasv_eer")->value);
  EXPECT_FALSE(rows[1].result.find("sasv_eer")->value);
  EXPECT_EQ(rows[1].result.find("spf_eer")->reason, "no spoof trials");
}

Trials of_classes(const Trials& trials, std::initializer_list<Truth> classes) {
  return trials.filter([&](size_t i) {
    return std::find(classes.begin(), classes.end(), trials.classes[i]) != classes.end();
  });
}

// The figures that need no spoofs are those of the same targets and nontargets with spoofs beside
// them; the others say why they are missing.
TEST(SasvResult, HasTheFiguresOfTheClassesThatAreThere) {
  const Trials all = tandem_trials(1);
  const std::map<Truth, std::set<std::string_view>> with = {
      {Truth::kNontarget, {"sv_eer", "sv_min_dcf_p05", "sv_min_dcf_p01"}},
      {Truth::kSpoof, {"spf_eer", "min_tdcf_revised"}}};
  const SasvResult whole = evaluate_sasv(all);

  for (const auto& [other, names] : with) {
    const SasvResult part = evaluate_sasv(of_classes(all, {Truth::kTarget, other}));

    ASSERT_EQ(part.figures.size(), whole.figures.size());
    for (const SasvFigure& figure : part.figures) {
      EXPECT_EQ(figure.value.has_value(), names.contains(figure.name)) << figure.name;
      EXPECT_EQ(figure.reason.empty(), figure.value.has_value()) << figure.name;
      if (!figure.value || figure.name == "min_tdcf_revised") continue;
      EXPECT_EQ(*figure.value, *whole.find(figure.name)->value) << figure.name;
    }
  }
}

TEST(SasvResult, SaysInJsonWhyAFigureIsNull) {
  const Json json = evaluate_sasv(of_classes(tandem_trials(1), {Truth::kTarget, Truth::kNontarget}),
                                  {.resamples = 20})
                        .to_json();

  EXPECT_TRUE(json.at("sasv_eer").is_null());
  EXPECT_EQ(json.at("reasons").at("sasv_eer"), "no spoof trials");
  EXPECT_EQ(json.at("reasons").at("t_eer"), "no spoof trials");
  EXPECT_EQ(json.at("sv_min_dcf_p05").at("target_prior"), 0.05);
  EXPECT_FALSE(json.at("reasons").contains("sv_eer"));
  EXPECT_TRUE(json.at("intervals").contains("sv_eer"));
  EXPECT_FALSE(json.at("intervals").contains("sasv_eer"));
}

TEST(SasvResult, HasACostWhereTheVariantOfTheEerTakesNoInfiniteScores) {
  const SasvResult result = evaluate_sasv(labelled_trials(TrialTable::parse(
      "id,score,label\na,inf,target\nb,-inf,nontarget\nc,1,target\nd,2,impostor\n", "trials")));

  EXPECT_NE(result.find("sv_eer")->reason.find("infinity"), std::string::npos);
  EXPECT_EQ(result.find("sv_min_dcf_p05")->value, 0.5);
}

TEST(Conditions, KeepEveryValueOfTrialsWithoutSpoofs) {
  const Trials trials = labelled_trials(
      TrialTable::parse("id,score,label,codec\na,1,target,-\nb,0,nontarget,-\nc,1,target,gsm\n",
                        "trials", {.factors = {"codec"}}));

  const auto rows = evaluate_sasv_by(trials, trials.factor("codec"));

  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].value, "-");
  EXPECT_EQ(rows[0].result.nontarget, 1u);
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
