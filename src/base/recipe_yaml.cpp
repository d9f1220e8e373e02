#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>

#include "base/recipe.h"

namespace bonafide {

namespace {

bool is_flat(const Json& value) {
  return std::none_of(value.begin(), value.end(), [](const Json& item) { return item.is_object(); });
}

// Whether YAML reads the word back as the same string without quotes.
bool is_plain(const std::string& text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto usual = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/' || c == '.';
  };
  return !text.empty() && (letter(text[0]) || text[0] == '/') &&
         std::all_of(text.begin(), text.end(), usual) &&
         parse_yaml(text, "").is_string();
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

std::string Recipe::yaml() const {
  YAML::Emitter out;
  emit(out, values_);
  return std::string(out.c_str()) + "\n";
}

}  // namespace bonafide
