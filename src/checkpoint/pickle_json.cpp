#include "checkpoint/pickle_json.h"

#include <string>

#include "base/json_value.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr size_t kMostValues = 20'000;
constexpr size_t kLongestText = 1024;  // bytes
constexpr int kDeepest = 16;

class Plain {
 public:
  explicit Plain(const Pickle& pickle) : pickle_(pickle) {}

  Json of(const PickleValue& value, int depth) {
    if (depth > kDeepest || ++visited_ > kMostValues) return nullptr;
    switch (value.kind) {
      case PickleKind::kBoolean:
        return value.integer != 0;
      case PickleKind::kInteger:
        return value.integer;
      case PickleKind::kReal:
        return value.real;
      case PickleKind::kText:
        return text(value.text);
      case PickleKind::kList:
      case PickleKind::kTuple:
        return list(value, depth);
      case PickleKind::kDict:
        return dictionary(value, depth);
      case PickleKind::kObject:
        return object(value, depth);
      default:
        return nullptr;
    }
  }

 private:
  static Json text(std::string_view value) {
    const bool stands_for_another = value.find("${") != std::string_view::npos;
    if (value.size() > kLongestText || !is_utf8(value) || stands_for_another) return nullptr;
    return std::string(value);
  }

  Json list(const PickleValue& value, int depth) {
    Json items = Json::array();
    for (const PickleRef item : value.items) {
      if (visited_ > kMostValues) break;
      items.push_back(of(pickle_[item], depth + 1));
    }
    return items;
  }

  Json dictionary(const PickleValue& value, int depth) {
    Json entries = Json::object();
    for (const auto& [key, item] : value.entries) {
      if (visited_ > kMostValues) break;
      const Json name = pickle_[key].kind == PickleKind::kText ? text(pickle_[key].text) : Json();
      if (name.is_string()) entries[name.get<std::string>()] = of(pickle_[item], depth + 1);
    }
    return entries;
  }

  // Namespaces have their attributes as state; an enumerator is made of its value.
  Json object(const PickleValue& value, int depth) {
    const PickleValue& kind = class_of(value);
    const PickleValue& state = pickle_[value.state];
    if (kind.is_global("argparse", "Namespace")) return dictionary(state, depth);
    if (kind.module.starts_with("omegaconf")) return omegaconf(state, depth);
    const PickleValue& arguments = pickle_[value.arguments];
    const PickleValue* only = arguments.items.size() == 1 ? pickle_.item(arguments, 0) : nullptr;
    return only != nullptr && only->kind == PickleKind::kText ? of(*only, depth + 1) : Json();
  }

  // What is called, or what copyreg._reconstructor is told to make.
  const PickleValue& class_of(const PickleValue& value) const {
    const PickleValue& called = pickle_[value.callable];
    const PickleValue* made = pickle_.item(pickle_[value.arguments], 0);
    const bool is_made = called.module == "copyreg" || called.module == "copy_reg";
    return is_made && made != nullptr ? *made : called;
  }

  // Dictionaries of nodes, each with its value.
  Json omegaconf(const PickleValue& state, int depth) {
    visited_ += state.entries.size();
    for (const char* key : {"_content", "_val"}) {
      if (const PickleValue* found = pickle_.entry(state, key)) return of(*found, depth + 1);
    }
    return nullptr;
  }

  const Pickle& pickle_;
  size_t visited_ = 0;
};

}  // namespace

Json plain_json(const Pickle& pickle, const PickleValue& value) {
  return Plain(pickle).of(value, 0);
}

}  // namespace bonafide
