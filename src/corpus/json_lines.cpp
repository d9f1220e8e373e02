#include "corpus/json_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/error.h"
#include "base/json_value.h"
#include "base/stretch.h"
#include "base/text.h"
#include "corpus/lhotse.h"
#include "corpus/protocol_line.h"
#include "corpus/trial_fields.h"

namespace bonafide {

namespace {

constexpr size_t kMostBytes = size_t{1} << 20;
constexpr int kMostLevels = 32;
constexpr double kMostExact = 1e15;  // of numbers that may be names

std::string text_of(std::string_view key, const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float() && std::abs(value.get<double>()) >= kMostExact) {
    throw UsageError(fmt::format(
        "\"{}\" is a number too long to be read exactly; write it as a text", printable(key)));
  }
  if (value.is_number()) return value.dump();
  throw UsageError(fmt::format("\"{}\" is neither a text nor a number", printable(key)));
}

std::vector<std::filesystem::path> paths_of(const Json& list) {
  std::vector<std::filesystem::path> paths;
  for (const Json& path : list) paths.emplace_back(text_of("enrolments", path));
  return paths;
}

void set_field(Trial& trial, const TrialField& field, std::string_view key, const Json& value) {
  if (value.is_null()) return;
  if (field.name == "enrolments" && value.is_array()) {
    trial.enrolments = std::make_shared<const std::vector<std::filesystem::path>>(paths_of(value));
    return;
  }
  const std::string text = text_of(key, value);
  if (!is_missing(text)) set_once(trial, field, text);
}

// The stretch that the object's own keys mean.
std::optional<Excerpt> excerpt_of(const Json& object) {
  std::vector<std::string> keys, values;
  for (auto at = object.begin(); at != object.end(); ++at) {
    if (!is_stretch_column(at.key())) continue;
    keys.push_back(at.key());
    values.push_back(at->is_string() ? at->get<std::string>() : at->dump());
  }
  return keys.empty() ? std::nullopt : StretchColumns(keys).read(values);
}

// {"start": 1, "end": 2}, [1, 2] or several of them, which no key says the recording of.
void refuse_inner_stretches(std::string_view key, const Json& value) {
  const bool is_pair =
      value.is_array() && value.size() == 2 && value[0].is_number() && value[1].is_number();
  if (is_pair || (value.is_object() && excerpt_of(value))) {
    throw UsageError(
        fmt::format("\"{}\": {} means a stretch of the recording, which is read from keys of the "
                    "row itself (\"start\", \"end\") only",
                    key, printable(value.dump(), 80)));
  }
  if (!value.is_array()) return;
  for (const Json& inner : value) refuse_inner_stretches(key, inner);
}

// Bounds the levels of JSON while it is parsed, and refuses a key that an object has twice: the
// parser would keep the last value only.
class KeyWatch {
 public:
  bool see(int depth, Json::parse_event_t event, const Json& value) {
    if (depth > kMostLevels) throw UsageError("JSON of too many levels");
    const auto level = static_cast<size_t>(depth);
    if (event == Json::parse_event_t::object_start) keys_[level + 1].clear();
    if (event == Json::parse_event_t::key) enter(keys_[level], value.get<std::string>());
    return true;
  }

 private:
  static void enter(std::set<std::string>& keys, const std::string& key) {
    if (keys.insert(key).second) return;
    throw UsageError(fmt::format("the key \"{}\" twice", printable(key, 80)));
  }

  std::array<std::set<std::string>, kMostLevels + 2> keys_;  // of the object open at each level
};

const std::string& utf8(const std::string& text) {
  if (is_utf8(text)) return text;
  throw Error(fmt::format("{}: no UTF-8, which JSON needs; write a .csv", printable(text)));
}

}  // namespace

Json parse_small_json(std::string_view text) {
  if (text.size() > kMostBytes) {
    throw UsageError(fmt::format("{} bytes of JSON; at most {} are read", text.size(), kMostBytes));
  }
  KeyWatch watch;
  const auto see = [&](int depth, Json::parse_event_t event, Json& value) {
    return watch.see(depth, event, value);
  };
  const Json value = Json::parse(text.begin(), text.end(), see, /*allow_exceptions=*/false);
  if (value.is_discarded()) throw UsageError("not JSON");
  return value;
}

Trial trial_of_json(const Json& object) {
  if (!object.is_object()) throw UsageError("not a JSON object");
  if (const auto flat = flat_lhotse(object)) return trial_of_json(*flat);
  for (const char* key : {"segment", "segments", "custom"}) {
    const auto at = object.find(key);
    if (at != object.end()) refuse_inner_stretches(key, *at);
  }
  Trial trial;
  std::vector<std::string> keys;
  for (auto at = object.begin(); at != object.end(); ++at) keys.push_back(at.key());
  const auto fields = find_trial_fields(keys);
  for (size_t i = 0; i < keys.size(); ++i) {
    if (fields[i] != nullptr) set_field(trial, *fields[i], keys[i], object[keys[i]]);
  }
  trial.excerpt = excerpt_of(object);
  return trial;
}

std::vector<Trial> parse_json_lines(std::string_view text, const std::filesystem::path& path,
                                    bool labels_needed) {
  std::vector<Trial> trials;
  IdLedger ids(path);
  size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (trim(line).empty()) continue;
    try {
      Trial trial = trial_of_json(parse_small_json(line));
      complete_trial(trial, path.parent_path());
      if (labels_needed && trial.truth == Truth::kUnknown) throw UsageError("no label");
      trials.push_back(std::move(trial));
    } catch (const UsageError& e) {
      refuse_line(path, number, e.what());
    }
    ids.enter(trials.back(), number);
  }
  if (trials.empty())
    throw UsageError(fmt::format("{}: lists no recordings", printable(path.native())));
  return trials;
}

std::string json_line(const Trial& trial) {
  Json object = Json::object();
  for (const TrialField& field : trial_fields()) {
    if (field.name == "enrolments") continue;
    const std::string text = field.get(trial);
    if (!text.empty()) object[field.name] = utf8(text);
  }
  if (trial.enrolments) {
    Json& list = object["enrolments"] = Json::array();
    for (const auto& path : *trial.enrolments) list.push_back(utf8(path.native()));
  }
  return object.dump() + '\n';
}

}  // namespace bonafide
