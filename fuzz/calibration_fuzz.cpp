#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "base/json_value.h"
#include "metrics/score_map.h"
#include "scoring/calibration.h"

// Files of fitted maps: whatever the bytes, a map that gives a number or one Error.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bonafide;
  const Json json = Json::parse(data, data + size, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return 0;
  try {
    Calibration::from_json(json).probability(0.5);
  } catch (const Error&) {
  }
  try {
    const ScoreMap map = ScoreMap::from_json(json);
    map(std::vector<double>(map.inputs(), 0.5));
  } catch (const Error&) {
  }
  return 0;
}
