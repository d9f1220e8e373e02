#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "base/json_value.h"
#include "base/random.h"
#include "base/text.h"
#include "checkpoint/safetensors.h"
#include "parity/augment_arrays.h"

namespace bonafide {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> golden_folders() {
  std::vector<fs::path> folders;
  if (const char* value = std::getenv("BONAFIDE_GOLDEN"); value != nullptr && *value != '\0') {
    for (const auto part : split(value, ':')) folders.emplace_back(part);
    return folders;
  }
  folders.emplace_back(fs::path(BONAFIDE_SOURCE_DIR) / "../shared/golden");
  return folders;
}

Array array_of(const Tensor& tensor) {
  const bool integers = tensor.dtype != DType::kF64 && tensor.dtype != DType::kF32;
  return {tensor.to_doubles(), tensor.shape, integers};
}

// golden.py's waveform: uniform noise from a name, in float32.
Array golden_waveform(const Json& spec) {
  Array wave{{}, spec.at("shape").get<std::vector<int64_t>>(), false};
  int64_t count = 1;
  for (const int64_t size : wave.shape) count *= size;
  const uint64_t seed = hash(spec.at("waveform").get<std::string>());
  for (int64_t i = 0; i < count; ++i) {
    const double u =
        static_cast<double>(scatter(seed + static_cast<uint64_t>(i)) >> 40) * 0x1.0p-24;
    wave.values.push_back(
        static_cast<double>(static_cast<float>(spec.value("amplitude", 0.1) * (2 * u - 1))));
  }
  return wave;
}

double relative_error(const std::vector<double>& got, const std::vector<double>& want) {
  double difference = 0, scale = 0;
  for (size_t i = 0; i < want.size(); ++i) {
    difference += (got[i] - want[i]) * (got[i] - want[i]);
    scale += want[i] * want[i];
  }
  return std::sqrt(difference) / std::max(std::sqrt(scale), 1e-12);
}

void check_case(const fs::path& path, const TensorFile& file, ArrayAdapter adapter) {
  const auto json = [&](const char* key) { return Json::parse(file.metadata.at(key)); };
  const Json inputs = json("inputs");
  std::vector<std::string> names;
  for (const auto& item : inputs.items()) names.push_back(item.key());
  const auto input = [&](const std::string& name) {
    const Json& spec = inputs.at(name);
    if (spec.contains("waveform")) return golden_waveform(spec);
    return array_of(*file.find(spec.at("tensor").get<std::string>()));
  };
  const Arrays results = adapter(json("config"), names, input);
  const Json outputs = json("outputs");
  for (const auto& [tensor, spec] : outputs.items()) {
    SCOPED_TRACE(path.string() + " " + tensor);
    const Array want = array_of(*file.find(tensor));
    const auto found = results.find(spec.at("of").get<std::string>());
    ASSERT_NE(found, results.end());
    ASSERT_EQ(found->second.shape, want.shape);
    if (want.integers) {
      EXPECT_EQ(found->second.values, want.values);
    } else {
      EXPECT_LE(relative_error(found->second.values, want.values),
                spec.at("tolerance").get<double>());
    }
  }
}

TEST(GoldenAugmentations, AreReproduced) {
  size_t cases = 0;
  for (const fs::path& folder : golden_folders()) {
    if (!fs::is_directory(folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.path().extension() != ".safetensors") continue;
      const TensorFile file = read_safetensors(entry.path());
      const auto component = file.metadata.find("component");
      if (component == file.metadata.end()) continue;
      const ArrayAdapter adapter = find_augment_adapter(component->second);
      if (adapter == nullptr) continue;
      check_case(entry.path(), file, adapter);
      ++cases;
    }
  }
  if (cases == 0) GTEST_SKIP() << "no golden cases of augmentations";
}

}  // namespace
}  // namespace bonafide
