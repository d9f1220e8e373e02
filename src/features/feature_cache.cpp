#include "features/feature_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>

#include "base/digest.h"
#include "base/error.h"

namespace bonafide {

namespace {

constexpr uint32_t kSingle = 1;
constexpr uint32_t kDouble = 2;
constexpr uint32_t kMostAxes = 4;

struct Head {
  uint32_t type = 0;
  uint32_t axes = 0;
  int64_t sizes[kMostAxes] = {};
};

std::vector<std::byte> packed(const torch::Tensor& tensor) {
  Head head;
  head.type = tensor.scalar_type() == torch::kFloat64 ? kDouble : kSingle;
  head.axes = static_cast<uint32_t>(tensor.dim());
  for (int64_t i = 0; i < tensor.dim(); ++i) head.sizes[i] = tensor.size(i);
  std::vector<std::byte> bytes(sizeof head + tensor.nbytes());
  std::memcpy(bytes.data(), &head, sizeof head);
  std::memcpy(bytes.data() + sizeof head, tensor.data_ptr(), tensor.nbytes());
  return bytes;
}

// Nothing for what packed() cannot have made.
std::optional<torch::Tensor> unpacked(std::span<const std::byte> bytes) {
  Head head;
  if (bytes.size() < sizeof head) return std::nullopt;
  std::memcpy(&head, bytes.data(), sizeof head);
  bytes = bytes.subspan(sizeof head);
  if ((head.type != kSingle && head.type != kDouble) || head.axes > kMostAxes) return std::nullopt;
  uint64_t count = head.type == kDouble ? sizeof(double) : sizeof(float);
  for (uint32_t i = 0; i < head.axes; ++i) {
    if (head.sizes[i] < 1 ||
        __builtin_mul_overflow(count, static_cast<uint64_t>(head.sizes[i]), &count)) {
      return std::nullopt;
    }
  }
  if (count != bytes.size()) return std::nullopt;
  const auto tensor = torch::empty(torch::IntArrayRef(head.sizes, head.axes),
                                   head.type == kDouble ? torch::kFloat64 : torch::kFloat32);
  std::memcpy(tensor.data_ptr(), bytes.data(), bytes.size());
  return tensor;
}

}  // namespace

FeatureCache::FeatureCache(const std::filesystem::path& folder, const Json& options)
    : files_(folder), options_(options.dump()) {}

torch::Tensor FeatureCache::recall(std::span<const float> samples,
                                   const std::function<torch::Tensor()>& make) const {
  const std::string key = "features\n" + options_ + '\n' + sha256(std::as_bytes(samples));
  if (const auto entry = files_.find(key)) {
    if (auto features = unpacked(entry->bytes)) return std::move(*features);
  }
  const torch::Tensor features = make().contiguous();
  if (features.dim() <= kMostAxes && features.numel() > 0 &&
      (features.scalar_type() == torch::kFloat32 || features.scalar_type() == torch::kFloat64)) {
    files_.keep(key, packed(features));
  }
  return features;
}

std::unique_ptr<FeatureCache> make_feature_cache(const Json& recipe) {
  const auto loader = recipe.find("loader");
  if (loader == recipe.end() || !loader->is_object()) return nullptr;
  const Json folder = loader->value("features", Json());
  if (folder.is_null()) return nullptr;
  if (!folder.is_string()) throw UsageError("loader.features: wants a folder, or ~");
  return std::make_unique<FeatureCache>(
      folder.get<std::string>(),
      Json{recipe.at("input").at("frontend"), recipe.at("input").at("sample_rate")});
}

bool trains_on_plain_waveforms(const Json& recipe) {
  const auto augment = recipe.find("augment");
  return augment == recipe.end() || augment->value("steps", Json::array()).empty();
}

}  // namespace bonafide
