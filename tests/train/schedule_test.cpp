#include "train/schedule.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json_value.h"
#include "recipe/recipe.h"

namespace bonafide {
namespace {

Json options(const char* name, Json more = Json::object()) {
  Json json = Recipe::load("aasist", {}).at("schedule");
  json["name"] = name;
  json.update(more);
  return json;
}

constexpr TrainingLength kTenTimesTen = {10, 10};

TEST(Schedule, GoesDownACosine) {
  const auto schedule = make_schedule(options("cosine", {{"lr_min", 1e-5}}), 1e-3, kTenTimesTen);

  EXPECT_DOUBLE_EQ(schedule->at(0), 1e-3);
  EXPECT_NEAR(schedule->at(50), (1e-3 + 1e-5) / 2, 1e-12);
  EXPECT_NEAR(schedule->at(100), 1e-5, 1e-12);
}

TEST(Schedule, DecaysAsKerasDoes) {
  const auto schedule = make_schedule(options("keras_decay"), 1.0, kTenTimesTen);

  EXPECT_DOUBLE_EQ(schedule->at(10000), 0.5);
}

TEST(Schedule, MultipliesByGammaAfterEachEpoch) {
  const auto schedule = make_schedule(options("exponential", {{"gamma", 0.5}}), 1.0, kTenTimesTen);

  EXPECT_DOUBLE_EQ(schedule->at(9), 1.0);
  EXPECT_DOUBLE_EQ(schedule->at(10), 0.5);
  EXPECT_DOUBLE_EQ(schedule->at(25), 0.25);
}

TEST(Schedule, DropsAtItsMilestones) {
  const auto schedule = make_schedule(
      options("multistep", {{"gamma", 0.1}, {"milestones", {2, 5}}}), 1.0, kTenTimesTen);

  EXPECT_DOUBLE_EQ(schedule->at(19), 1.0);
  EXPECT_DOUBLE_EQ(schedule->at(20), 0.1);
  EXPECT_NEAR(schedule->at(99), 0.01, 1e-15);
}

TEST(Schedule, WarmsUpFromZeroAndEndsAtZero) {
  const auto schedule =
      make_schedule(options("warmup_cosine", {{"warmup", 20}}), 2.0, kTenTimesTen);

  EXPECT_DOUBLE_EQ(schedule->at(0), 0.0);
  EXPECT_DOUBLE_EQ(schedule->at(10), 1.0);
  EXPECT_DOUBLE_EQ(schedule->at(20), 2.0);
  EXPECT_NEAR(schedule->at(60), 1.0, 1e-12);
  EXPECT_NEAR(schedule->at(100), 0.0, 1e-12);
  const auto ended = make_schedule(options("warmup_cosine", {{"warmup", 20}, {"max_steps", 60}}),
                                   2.0, kTenTimesTen);
  EXPECT_NEAR(ended->at(60), 0.0, 1e-12);
  EXPECT_NEAR(ended->at(90), 0.0, 1e-12);  // and does not rise again
}

TEST(Schedule, OfAPlateauBeginsWithItsOwnRateBelowTheLowest) {
  const auto schedule =
      make_schedule(options("plateau", {{"factor", 0.5}, {"lr_min", 0.1}}), 0.01, kTenTimesTen);

  EXPECT_DOUBLE_EQ(schedule->at(0), 0.01);
}

TEST(Schedule, ReducesTheRateOnAPlateauAndRemembersIt) {
  const Json plateau = options("plateau", {{"factor", 0.5}, {"patience", 1}, {"lr_min", 0.1}});
  const auto schedule = make_schedule(plateau, 1.0, kTenTimesTen);

  for (const double eer : {10.0, 9.0, 9.0}) schedule->epoch_done(eer);
  EXPECT_DOUBLE_EQ(schedule->at(0), 1.0);
  schedule->epoch_done(9.5);
  EXPECT_DOUBLE_EQ(schedule->at(0), 0.5);

  const auto resumed = make_schedule(plateau, 1.0, kTenTimesTen);
  resumed->restore(schedule->state());
  for (auto* each : {schedule.get(), resumed.get()}) {
    each->epoch_done(9.5);
    each->epoch_done(9.5);
    EXPECT_DOUBLE_EQ(each->at(0), 0.25);
  }
}

TEST(Schedule, RestartsWithALongerAndLowerCycle) {
  const auto schedule = make_schedule(
      options("restarts",
              {{"cycle", 4}, {"cycle_multiplier", 2.0}, {"gamma", 0.5}, {"lr_min", 0.0}}),
      1.0, kTenTimesTen);

  EXPECT_DOUBLE_EQ(schedule->at(0), 1.0);
  EXPECT_NEAR(schedule->at(20), 0.5, 1e-12);   // half of the first cycle of 4 epochs
  EXPECT_DOUBLE_EQ(schedule->at(40), 0.5);     // the second begins
  EXPECT_NEAR(schedule->at(80), 0.25, 1e-12);  // half of its 8 epochs
}

TEST(Schedule, RefusesWhatMakesNoSense) {
  for (const Json& wrong :
       {options("cosinus"), options("exponential", {{"gamma", 0.0}}),
        options("restarts", {{"cycle", 3}, {"warmup", 3}}),
        options("restarts", {{"stepping", "sideways"}}), options("plateau", {{"factor", 1.5}}),
        options("warmup_cosine", {{"warmup", 100}}),
        options("multistep", {{"milestones", {"a"}}})}) {
    EXPECT_THROW(make_schedule(wrong, 1.0, kTenTimesTen), UsageError) << wrong;
  }
}

}  // namespace
}  // namespace bonafide
