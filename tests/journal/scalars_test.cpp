#include "journal/scalars.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "base/json_value.h"
#include "journal/comet.h"
#include "scratch.h"

namespace bonafide {
namespace {

TEST(Scalars, AreReadBackAsTheyWereWritten) {
  const Scratch scratch;
  {
    Scalars scalars(scratch.path(), 0, 0);
    scalars.by_step("loss", 0.1, 3);
    scalars.by_step("loss", std::nan(""), 4);
    scalars.by_epoch("eer", 12.5, 1);
  }

  const auto read = Scalars::read(scratch.path());

  ASSERT_EQ(read.size(), 2u);  // what is no number stays out
  EXPECT_EQ(read[0].name, "loss");
  EXPECT_EQ(read[0].value, 0.1);
  EXPECT_EQ(read[0].at, 3);
  EXPECT_FALSE(read[0].of_epoch);
  EXPECT_GT(read[0].time, 1'600'000'000'000);
  EXPECT_EQ(read[1].value, 12.5);
  EXPECT_TRUE(read[1].of_epoch);
}

TEST(Scalars, OfALineThatIsNoneAreLeftOut) {
  const Scratch scratch;
  std::ofstream(scratch / "scalars.jsonl")
      << "{\"name\": \"a\", \"value\": 1, \"step\": 2}\nnonsense\n[1]\n"
         "{\"name\": 5, \"value\": 1}\n{\"name\": \"b\", \"value\": \"x\"}\n{\"name\": \"c";

  const auto read = Scalars::read(scratch.path());

  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].at, 2);
  EXPECT_EQ(read[0].time, 0);
}

TEST(Scalars, BecomeMetricsOfComet) {
  EXPECT_EQ(comet_metric({"loss", 0.25, 7, false, 1700000000123}),
            Json::parse(R"({"metricName": "loss", "metricValue": "0.25", "step": 7,
                            "timestamp": 1700000000123})"));
  EXPECT_EQ(comet_metric({"eer", 1e-7, 2, true, 0}),
            Json::parse(R"({"metricName": "eer", "metricValue": "1e-07", "epoch": 2})"));
}

}  // namespace
}  // namespace bonafide
