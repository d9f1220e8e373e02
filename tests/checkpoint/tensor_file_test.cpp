#include "checkpoint/tensor_file.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "base/error.h"

namespace bonafide {
namespace {

template <typename T, size_t N>
Tensor raw(DType dtype, const std::array<T, N>& values) {
  Tensor tensor =
      Tensor::from(std::as_bytes(std::span(values)), {static_cast<int64_t>(sizeof(T) * N)});
  tensor.dtype = dtype;
  tensor.shape = {static_cast<int64_t>(N)};
  return tensor;
}

TEST(Tensor, OwnsACopyOfItsValues) {
  std::array<float, 6> values = {1, 2, 3, 4, 5, 6};

  const Tensor tensor = Tensor::from(values, {2, 3});
  values.fill(0);

  EXPECT_EQ(tensor.elements(), 6);
  EXPECT_EQ(tensor.to_doubles(), (std::vector<double>{1, 2, 3, 4, 5, 6}));
}

TEST(Tensor, RefusesAShapeThatDoesNotFitTheValues) {
  const std::array<double, 6> values{};

  EXPECT_THROW(Tensor::from(values, {2, 4}), Error);
}

TEST(Tensor, ReadsHalfFloats) {
  const Tensor tensor =
      raw(DType::kF16, std::array<uint16_t, 6>{0x3C00, 0xC000, 0x7BFF, 0x0001, 0x8000, 0xFC00});

  const std::vector<double> values = tensor.to_doubles();

  EXPECT_EQ(values, (std::vector<double>{1, -2, 65504, 0x1p-24, -0.0,
                                         -std::numeric_limits<double>::infinity()}));
  EXPECT_TRUE(std::signbit(values[4]));
}

TEST(Tensor, ReadsAHalfFloatThatIsNotANumber) {
  EXPECT_TRUE(std::isnan(raw(DType::kF16, std::array<uint16_t, 1>{0x7E00}).to_doubles()[0]));
}

TEST(Tensor, ReadsBFloats) {
  const Tensor tensor = raw(DType::kBF16, std::array<uint16_t, 2>{0x3F80, 0xC049});

  EXPECT_EQ(tensor.to_doubles(), (std::vector<double>{1, -3.140625}));
}

TEST(Tensor, ReadsIntegersAndBooleans) {
  EXPECT_EQ(raw(DType::kI8, std::array<int8_t, 2>{-1, 7}).to_doubles()[0], -1);
  EXPECT_EQ(raw(DType::kU8, std::array<uint8_t, 1>{255}).to_doubles()[0], 255);
  EXPECT_EQ(raw(DType::kI16, std::array<int16_t, 1>{-300}).to_doubles()[0], -300);
  EXPECT_EQ(raw(DType::kI32, std::array<int32_t, 1>{-70000}).to_doubles()[0], -70000);
  EXPECT_EQ(raw(DType::kBool, std::array<uint8_t, 2>{0, 2}).to_doubles()[1], 1);
}

TEST(CountElements, OfAScalarIsOne) { EXPECT_EQ(count_elements({}), 1); }

TEST(CountElements, RefusesNegativeSizesAndOverflow) {
  const std::array<int64_t, 2> negative = {2, -1};
  const std::array<int64_t, 3> large = {int64_t{1} << 31, int64_t{1} << 31, 4};

  EXPECT_EQ(count_elements(negative), std::nullopt);
  EXPECT_EQ(count_elements(large), std::nullopt);
}

TEST(CountElements, IsZeroWhenOneSizeIsZeroHoweverLargeTheOthers) {
  const std::array<int64_t, 4> shape = {int64_t{1} << 40, int64_t{1} << 40, 0, 5};

  EXPECT_EQ(count_elements(shape), 0);
}

}  // namespace
}  // namespace bonafide
