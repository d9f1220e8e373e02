#include "features/feature_cache.h"

#include <optional>

#include "base/digest.h"
#include "base/error.h"
#include "base/json_value.h"
#include "checkpoint/safetensors.h"
#include "tensor/conversion.h"

namespace bonafide {

namespace {

constexpr const char* kName = "features";

std::vector<std::byte> packed(const torch::Tensor& features) {
  return safetensors_bytes({{{kName, from_torch(features)}}, {}});
}

// Nothing for what packed() cannot have made.
std::optional<torch::Tensor> unpacked(std::span<const std::byte> bytes) {
  try {
    const TensorFile file = read_safetensors(bytes, kName);
    if (const Tensor* features = file.find(kName)) return to_torch(*features).clone();
  } catch (const Error&) {
    // As good as absent.
  }
  return std::nullopt;
}

}  // namespace

FeatureCache::FeatureCache(const std::filesystem::path& folder, const Json& options)
    : files_(folder), options_(options.dump()) {}

torch::Tensor FeatureCache::recall(std::span<const float> samples,
                                   const std::function<torch::Tensor()>& make) const {
  const std::string key = "features\n" + options_ + '\n' + sha256(std::as_bytes(samples));
  if (const auto entry = files_.find(key)) {
    auto features = unpacked(entry->bytes);
    if (features && !entry->file.lost()) return std::move(*features);
  }
  torch::Tensor features = make();
  files_.keep(key, packed(features));
  return features;
}

std::unique_ptr<FeatureCache> make_feature_cache(const Json& input, const FrontendUse& use) {
  if (use.kept_features.empty()) return nullptr;
  return std::make_unique<FeatureCache>(use.kept_features,
                                        Json{input.at("frontend"), input.at("sample_rate")});
}

}  // namespace bonafide
