#include "train/schedule.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace bonafide {
namespace {

TEST(Schedule, GoesDownACosine) {
  const Schedule schedule({{"name", "cosine"}, {"lr_min", 1e-5}}, 1e-3, 100);

  EXPECT_DOUBLE_EQ(schedule.at(0), 1e-3);
  EXPECT_NEAR(schedule.at(50), (1e-3 + 1e-5) / 2, 1e-12);
  EXPECT_NEAR(schedule.at(100), 1e-5, 1e-12);
}

TEST(Schedule, DecaysAsKerasDoes) {
  const Schedule schedule({{"name", "keras_decay"}, {"lr_min", 0.0}}, 1.0, 100);

  EXPECT_DOUBLE_EQ(schedule.at(10000), 0.5);
}

TEST(Schedule, RefusesAnUnknownName) {
  EXPECT_THROW(Schedule({{"name", "cosinus"}, {"lr_min", 0.0}}, 1.0, 100), UsageError);
}

}  // namespace
}  // namespace bonafide
