#include "losses/ramp.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json_value.h"

namespace bonafide {
namespace {

Ramp ramp(const char* json) { return Ramp::of(Json::parse(json), "loss.margin", 0, 10); }

double at_step(const Ramp& ramp, int64_t step) { return ramp.at({step, 0}); }

TEST(Ramp, OfANumberStaysThere) {
  EXPECT_EQ(at_step(ramp("4"), 0), 4);
  EXPECT_EQ(at_step(ramp("4"), 1000000), 4);
}

TEST(Ramp, GoesAlongALineBetweenItsEnds) {
  // SAME's adaptive margin with 5000 steps: 0.7 up to step 1000, then to 0.9.
  const Ramp r = ramp(R"({"from": 0.7, "to": 0.9, "begin": 1000, "end": 5000})");

  for (const auto& [step, value] : {std::pair{0, 0.7},
                                    {999, 0.7},
                                    {1000, 0.7},
                                    {2000, 0.75},
                                    {3000, 0.8},
                                    {5000, 0.9},
                                    {9999, 0.9}}) {
    EXPECT_NEAR(at_step(r, step), value, 1e-15) << step;
  }
}

TEST(Ramp, GoesDownHalfACosineByEpochs) {
  const Ramp r = ramp(R"({"from": 1, "to": 0, "end": 4, "unit": "epoch", "shape": "cosine"})");

  EXPECT_NEAR(r.at({12345, 0.0}), 1, 1e-15);
  EXPECT_NEAR(r.at({0, 1.0}), 0.853553390593274, 1e-12);  // (1 + cos(pi / 4)) / 2
  EXPECT_NEAR(r.at({0, 2.0}), 0.5, 1e-15);
  EXPECT_NEAR(r.at({0, 4.5}), 0, 1e-15);
}

TEST(Ramp, RefusesWhatMakesNoSense) {
  for (const char* json :
       {"11", "-1", "\"x\"", "null", "[1, 2]", "{}", R"({"from": 1, "to": 2})",
        R"({"from": 1, "to": 11, "end": 5})", R"({"from": 1, "to": 2, "end": 0})",
        R"({"from": 1, "to": 2, "begin": 5, "end": 5})",
        R"({"from": 1, "to": 2, "end": 5, "x": 1})",
        R"({"from": 1, "to": 2, "end": 5, "unit": "week"})",
        R"({"from": 1, "to": 2, "end": 5, "shape": "sine"})",
        R"({"from": "1", "to": 2, "end": 5})"}) {
    EXPECT_THROW(ramp(json), UsageError) << json;
  }
}

}  // namespace
}  // namespace bonafide
