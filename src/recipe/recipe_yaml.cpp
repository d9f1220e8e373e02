#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "recipe/recipe.h"

namespace bonafide {

namespace {

constexpr int kMaxDepth = 32;
constexpr size_t kMaxValues = 10000;

// Turns YAML nodes into JSON. Aliases share nodes, so a small file can stand for a huge tree: the
// values are counted.
class TreeReader {
 public:
  TreeReader(const std::string& name, const TextKeys& is_text)
      : name_(printable(name)), is_text_(is_text) {}

  Json read(const YAML::Node& node, const std::string& key) {
    return read(node, key, is_text_ && is_text_(key) ? Reading::kText : Reading::kAny, 0);
  }

 private:
  // What a scalar may be: anything; a text or nothing; a text among others.
  enum class Reading { kAny, kText, kTextInside };

  Json read(const YAML::Node& node, const std::string& path, Reading reading, int depth) {
    if (depth > kMaxDepth) throw UsageError(fmt::format("{}: nested too deeply", name_));
    if (++values_ > kMaxValues) throw UsageError(fmt::format("{}: too many values", name_));
    if (node.IsScalar()) return scalar(node, reading);
    if (node.IsNull() && reading == Reading::kTextInside) return null_word(node);
    const Reading inside = reading == Reading::kAny ? Reading::kAny : Reading::kTextInside;
    if (node.IsSequence()) {
      Json list = Json::array();
      for (const YAML::Node& item : node) list.push_back(read(item, path, inside, depth + 1));
      return list;
    }
    if (!node.IsMap()) return nullptr;
    Json map = Json::object();
    for (const auto& entry : node) {
      const std::string key = key_of(entry.first, map);
      const std::string below = path.empty() ? key : path + "." + key;
      const bool begins = inside == Reading::kAny && is_text_ && is_text_(below);
      map[key] = read(entry.second, below, begins ? Reading::kText : inside, depth + 1);
    }
    return map;
  }

  // yaml-cpp makes single bytes of some escapes ("\_", "\N"; a zero byte escapes, too).
  const std::string& text_of(const YAML::Node& node) const {
    if (is_utf8(node.Scalar())) return node.Scalar();
    throw UsageError(fmt::format("{}: line {}: not UTF-8 text", name_, node.Mark().line + 1));
  }

  // yaml-cpp keeps no text of a null, and "null" is a surname.
  Json null_word(const YAML::Node& node) const {
    throw UsageError(fmt::format(
        "{}: line {}: nothing where a word is expected; quote it if it is the word \"null\"", name_,
        node.Mark().line + 1));
  }

  Json scalar(const YAML::Node& node, Reading reading) const {
    const std::string& text = text_of(node);
    if (node.Tag() == "!") return text;  // quoted
    const std::string word = lower(text);
    if (word.empty() || word == "~" || word == "null") return nullptr;
    if (reading != Reading::kAny) return text;
    if (word == "true") return true;
    if (word == "false") return false;
    if (word == ".inf" || word == "+.inf") return std::numeric_limits<double>::infinity();
    if (word == "-.inf") return -std::numeric_limits<double>::infinity();
    // "inf" and "nan(1)" are words.
    if (text.find_first_not_of("+-.0123456789eE") != std::string::npos) return text;
    if (const auto integer = parse_integer(text)) return *integer;
    if (const auto number = parse_double(text)) return *number;
    return text;
  }

  std::string key_of(const YAML::Node& node, const Json& map) const {
    const int line = node.Mark().line + 1;
    if (!node.IsScalar()) {
      throw UsageError(fmt::format("{}: line {}: a key must be a word", name_, line));
    }
    const std::string& key = text_of(node);
    if (map.contains(key)) {
      throw UsageError(
          fmt::format("{}: line {}: key \"{}\" stands twice", name_, line, printable(key)));
    }
    return key;
  }

  std::string name_;
  const TextKeys& is_text_;
  size_t values_ = 0;
};

bool is_flat(const Json& value) {
  return std::none_of(value.begin(), value.end(),
                      [](const Json& item) { return item.is_object(); });
}

// Whether YAML reads the word back as the same string without quotes.
bool is_plain(const std::string& text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto usual = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/' || c == '.';
  };
  return !text.empty() && (letter(text[0]) || text[0] == '/') &&
         std::all_of(text.begin(), text.end(), usual) && parse_yaml(text, "").is_string();
}

void emit(YAML::Emitter& out, const Json& value) {
  if (value.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [key, item] : value.items()) {
      out << YAML::Key << key << YAML::Value;
      emit(out, item);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    if (is_flat(value)) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const Json& item : value) emit(out, item);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    const std::string text = value.get<std::string>();
    if (!is_plain(text)) out << YAML::DoubleQuoted;
    out << text;
  } else if (value.is_number_float() && std::isinf(value.get<double>())) {
    out << (value.get<double>() > 0 ? ".inf" : "-.inf");
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << value.dump();
  }
}

}  // namespace

Json parse_yaml(std::string_view yaml, const std::string& name, const TextKeys& is_text,
                const std::string& key) {
  if (!is_utf8(yaml)) throw UsageError(fmt::format("{}: not UTF-8 text", printable(name)));
  try {
    return TreeReader(name, is_text).read(YAML::Load(std::string(yaml)), key);
  } catch (const YAML::Exception& e) {
    throw UsageError(
        fmt::format("{}: line {}: {}", printable(name), e.mark.line + 1, printable(e.msg)));
  }
}

std::string Recipe::yaml() const {
  YAML::Emitter out;
  emit(out, values_);
  return std::string(out.c_str()) + "\n";
}

}  // namespace bonafide
