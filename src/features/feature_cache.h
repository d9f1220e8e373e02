#pragma once

#include <torch/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/file_cache.h"
#include "base/json.h"
#include "features/frontend.h"

namespace bonafide {

// Features of whole utterances, kept in a folder. They are found by the samples themselves and by
// what is made of them, so that the same cache serves training, validation and evaluation, and a
// changed recording or option never meets old features. For features that chance has no part in:
// augmented waveforms are never the same twice and would fill the disk for nothing.
class FeatureCache {
 public:
  // `options` says all that the features depend on. Throws Error when the folder cannot be made.
  FeatureCache(const std::filesystem::path& folder, const Json& options);

  // What was kept for these samples, else what `make` gives: the same to the bit.
  torch::Tensor recall(std::span<const float> samples,
                       const std::function<torch::Tensor()>& make) const;

 private:
  FileCache files_;
  std::string options_;
};

// The cache of what a recipe's section `input` describes, in the folder that `use` names; null for
// none.
std::unique_ptr<FeatureCache> make_feature_cache(const Json& input, const FrontendUse& use);

}  // namespace bonafide
