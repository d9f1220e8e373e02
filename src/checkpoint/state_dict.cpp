#include "checkpoint/state_dict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/pytorch_tensor.h"

namespace bonafide {

namespace {

constexpr std::array<std::string_view, 3> kPlaces = {"state_dict", "model_state_dict", "model"};
constexpr size_t kMaxTensors = 1'000'000;
constexpr size_t kMaxSteps = 20'000'000;
constexpr size_t kMaxNameLength = 1000;  // bytes
constexpr int kMaxModuleDepth = 64;
constexpr size_t kKeysInMessage = 12;

class Gatherer {
 public:
  Gatherer(const PyTorchContainer& container, const std::string& name)
      : container_(container),
        pickle_(container.object),
        name_(printable(name)),
        budget_(container.file_size * kMaxExpansion) {}

  TensorFile gather() {
    for (const std::string_view place : kPlaces) {
      const PickleValue* found = pickle_.entry(pickle_.root(), place);
      if (found != nullptr && gather_from(*found)) return std::move(file_);
    }
    if (gather_from(pickle_.root())) return std::move(file_);
    fail(fmt::format("has no state dict: {}", what_it_is()));
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(fmt::format("{}: {}", name_, why));
  }

  // Modules may share children and dictionaries, so that a walk through few bytes could be endless.
  void count_steps(const PickleValue& dict) {
    steps_ += dict.entries.size() + 1;
    if (steps_ > kMaxSteps) fail("its modules hold one another too often");
  }

  const PickleValue* entry(const PickleValue& dict, std::string_view key) {
    count_steps(dict);
    return pickle_.entry(dict, key);
  }

  // False when there are no tensors.
  bool gather_from(const PickleValue& value) {
    if (is_module(value)) {
      add_module(value, "", 0);
    } else {
      add_tensors(value, "");
    }
    return !file_.tensors.empty();
  }

  void add_tensors(const PickleValue& dict, const std::string& prefix) {
    count_steps(dict);
    for (const auto& [key, ref] : dict.entries) {
      if (pickle_[key].kind != PickleKind::kText || !is_tensor(pickle_, pickle_[ref])) continue;
      add_tensor(prefix + std::string(pickle_[key].text), pickle_[ref]);
    }
  }

  void add_tensor(const std::string& key, const PickleValue& value) {
    const std::string what = fmt::format("{}: tensor \"{}\"", name_, printable(key));
    if (key.size() > kMaxNameLength) throw Error(what + " has too long a name");
    if (!names_.insert(key).second) throw Error(what + " stands twice");
    if (names_.size() > kMaxTensors) fail("has too many tensors");
    const PyTorchTensor tensor = read_tensor(container_, value, what);
    if (tensor.bytes() > budget_) {
      fail(
          fmt::format("its tensors share storages so much that they would expand to more than {} "
                      "times the file",
                      kMaxExpansion));
    }
    budget_ -= tensor.bytes();
    file_.tensors.emplace_back(key, tensor.contiguous());
  }

  bool is_module(const PickleValue& value) {
    return value.kind == PickleKind::kObject &&
           entry(pickle_[value.state], "_parameters") != nullptr;
  }

  // In the order of torch.nn.Module.state_dict: own parameters, own buffers, children.
  void add_module(const PickleValue& module, const std::string& prefix, int depth) {
    if (depth > kMaxModuleDepth) fail("its modules are nested too deeply");
    const PickleValue& state = pickle_[module.state];
    add_tensors(*entry(state, "_parameters"), prefix);
    if (const PickleValue* buffers = entry(state, "_buffers")) {
      add_tensors(*buffers, prefix);
    }
    const PickleValue* children = entry(state, "_modules");
    if (children == nullptr) return;
    count_steps(*children);
    for (const auto& [key, child] : children->entries) {
      if (!is_module(pickle_[child])) continue;
      const std::string inner = prefix + std::string(pickle_[key].text) + ".";
      if (inner.size() > kMaxNameLength) fail("its modules have too long names");
      add_module(pickle_[child], inner, depth + 1);
    }
  }

  std::string what_it_is() const {
    const PickleValue& root = pickle_.root();
    std::vector<std::string> keys;
    for (const auto& [key, value] : root.entries) {
      if (keys.size() == kKeysInMessage) break;
      if (pickle_[key].kind == PickleKind::kText) {
        keys.push_back(printable(pickle_[key].text, 40));
      }
    }
    if (!keys.empty()) {
      return fmt::format("no tensors under the keys {}{}", fmt::join(keys, ", "),
                         root.entries.size() > keys.size() ? ", ..." : "");
    }
    return "expected a dictionary of tensors, or one under \"state_dict\" or \"model\"";
  }

  const PyTorchContainer& container_;
  const Pickle& pickle_;
  std::string name_;
  size_t budget_;  // bytes
  size_t steps_ = 0;
  std::set<std::string> names_;
  TensorFile file_;
};

}  // namespace

TensorFile read_state_dict(const PyTorchContainer& container, const std::string& name) {
  return Gatherer(container, name).gather();
}

}  // namespace bonafide
