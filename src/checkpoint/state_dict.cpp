#include "checkpoint/state_dict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/pickle_json.h"
#include "checkpoint/pytorch_tensor.h"

namespace bonafide {

namespace {

constexpr size_t kMaxTensors = 1'000'000;
constexpr size_t kMaxSteps = 20'000'000;
constexpr size_t kMaxNameLength = 1000;  // bytes
constexpr int kMaxDepth = 64;
constexpr size_t kKeysInMessage = 12;
constexpr size_t kNameInMessage = 200;

class Gatherer {
 public:
  Gatherer(const PyTorchContainer& container, const std::string& name)
      : container_(container),
        pickle_(container.object),
        name_(printable(name)),
        budget_(container.file_size * kMaxExpansion) {}

  StoredWeights gather() {
    gather_from(pickle_.root(), "", 0);
    if (weights_.tensors.empty()) {
      fail(weights_.unread.empty() ? fmt::format("has no state dict: {}", what_it_is())
                                   : weights_.unread);
    }
    for (const char* key : kConfigurations) {
      const PickleValue* config = entry(pickle_.root(), key);
      if (config != nullptr) weights_.said[key] = plain_json(pickle_, *config);
    }
    return std::move(weights_);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(fmt::format("{}: {}", name_, why));
  }

  // Modules may share children and dictionaries, so that a walk through few bytes could be endless.
  void count_steps(size_t entries) {
    steps_ += entries + 1;
    if (steps_ > kMaxSteps) fail("its modules hold one another too often");
  }

  const PickleValue* entry(const PickleValue& dict, std::string_view key) {
    count_steps(dict.entries.size());
    return pickle_.entry(dict, key);
  }

  // What lies below a value that is no tensor. `prefix` leads to it.
  void gather_from(const PickleValue& value, const std::string& prefix, int depth) {
    if (prefix.size() > kMaxNameLength || depth > kMaxDepth) return leave_out(prefix);
    if (is_module(value)) return add_module(value, prefix, prefix.size(), 0);
    count_steps(value.entries.size() + value.items.size());
    for (const auto& [key, ref] : value.entries) add(pickle_[ref], prefix, key_of(key), depth);
    for (size_t i = 0; i < value.items.size(); ++i) {
      add(pickle_[value.items[i]], prefix, std::to_string(i), depth);
    }
    // Objects of a training hold one another, and each is looked into once.
    if (value.kind == PickleKind::kObject && objects_.insert(&value).second) {
      gather_from(pickle_[value.state], prefix, depth + 1);
    }
  }

  // Only the first is named: it is seldom of any matter.
  void leave_out(const std::string& prefix) {
    if (!weights_.unread.empty()) return;
    weights_.unread =
        fmt::format("nested too deeply or too long a name, and not looked into: \"{}\"",
                    printable(prefix, kNameInMessage));
  }

  void add(const PickleValue& value, const std::string& prefix, const std::string& key, int depth) {
    if (is_tensor(pickle_, value)) return add_tensor(prefix + key, prefix.size(), value);
    const bool holds = !value.entries.empty() || !value.items.empty() || value.state != 0;
    if (holds) gather_from(value, prefix + key + ".", depth + 1);
  }

  // Optimizers number their parameters. Of a key that is too long comes so much that it shows.
  std::string key_of(PickleRef key) const {
    const PickleValue& value = pickle_[key];
    if (value.kind == PickleKind::kText) {
      return std::string(value.text.substr(0, kMaxNameLength + 1));
    }
    return value.kind == PickleKind::kInteger ? std::to_string(value.integer)
                                              : fmt::format("#{}", key);
  }

  std::string tensor_called(const std::string& key) const {
    return fmt::format("{}: tensor \"{}\"", name_, printable(key, kNameInMessage));
  }

  void add_tensor(const std::string& key, size_t set, const PickleValue& value) {
    StoredTensor& stored = add_entry(key, set);
    if (!stored.trouble.empty()) return;
    try {
      stored.tensor =
          within_budget(read_tensor(container_, value, tensor_called(key))).contiguous();
    } catch (const Error& e) {
      stored.trouble = e.what();
    }
  }

  // An entry without its tensor; in trouble where its name is too long or another's as well.
  StoredTensor& add_entry(const std::string& key, size_t set) {
    if (weights_.tensors.size() == kMaxTensors) fail("has too many tensors");
    StoredTensor stored{key.substr(0, kMaxNameLength), set, {}, {}};
    if (stored.name != key) stored.trouble = tensor_called(key) + " has too long a name";
    const auto [known, is_new] = names_.emplace(stored.name, weights_.tensors.size());
    if (!is_new) keep_apart(weights_.tensors[known->second], stored);
    return weights_.tensors.emplace_back(std::move(stored));
  }

  // Keys that hold dots may make one name of two ways. Neither is surely the one that is meant.
  void keep_apart(StoredTensor& first, StoredTensor& second) {
    for (StoredTensor* one : {&first, &second}) {
      if (one->trouble.empty()) one->trouble = tensor_called(first.name) + " stands twice";
    }
    second.name += fmt::format("#{}", weights_.tensors.size());
    while (!names_.emplace(second.name, weights_.tensors.size()).second) second.name += '#';
  }

  PyTorchTensor within_budget(PyTorchTensor tensor) {
    if (tensor.bytes() > budget_) {
      fail(
          fmt::format("its tensors share storages so much that they would expand to more than {} "
                      "times the file",
                      kMaxExpansion));
    }
    budget_ -= tensor.bytes();
    return tensor;
  }

  bool is_module(const PickleValue& value) {
    return value.kind == PickleKind::kObject &&
           entry(pickle_[value.state], "_parameters") != nullptr;
  }

  void add_tensors(const PickleValue& dict, const std::string& prefix, size_t set) {
    count_steps(dict.entries.size());
    for (const auto& [key, ref] : dict.entries) {
      if (is_tensor(pickle_, pickle_[ref])) add_tensor(prefix + key_of(key), set, pickle_[ref]);
    }
  }

  // In the order of torch.nn.Module.state_dict: own parameters, own buffers, children.
  void add_module(const PickleValue& module, const std::string& prefix, size_t set, int depth) {
    if (depth > kMaxDepth || prefix.size() > kMaxNameLength) return add_lost(prefix, set);
    const PickleValue& state = pickle_[module.state];
    add_tensors(*entry(state, "_parameters"), prefix, set);
    if (const PickleValue* buffers = entry(state, "_buffers")) add_tensors(*buffers, prefix, set);
    const PickleValue* children = entry(state, "_modules");
    if (children == nullptr) return;
    count_steps(children->entries.size());
    for (const auto& [key, child] : children->entries) {
      if (!is_module(pickle_[child])) continue;
      add_module(pickle_[child], prefix + key_of(key) + ".", set, depth + 1);
    }
  }

  // What the module lacks would else be lost without a word.
  void add_lost(const std::string& module, size_t set) {
    StoredTensor& lost = add_entry(module, set);
    if (lost.trouble.empty()) {
      lost.trouble = fmt::format("{}: module \"{}\" is nested too deeply", name_,
                                 printable(module, kNameInMessage));
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
  std::map<std::string, size_t> names_;  // the first tensor of each
  std::set<const PickleValue*> objects_;
  StoredWeights weights_;
};

}  // namespace

StoredWeights read_state_dicts(const PyTorchContainer& container, const std::string& name) {
  return Gatherer(container, name).gather();
}

}  // namespace bonafide
