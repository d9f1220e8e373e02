#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bonafide {

// A value's place in its Pickle.
using PickleRef = uint32_t;

enum class PickleKind {
  kNone,
  kBoolean,
  kInteger,
  kBigInteger,  // beyond 64 bits
  kReal,
  kText,
  kBytes,
  kList,  // also sets
  kTuple,
  kDict,        // also collections.OrderedDict
  kGlobal,      // a class or function, named and never looked up
  kObject,      // what calling a global would have made
  kPersistent,  // what a persistent id stands for
};

// Views point into the bytes that the pickle was read from.
struct PickleValue {
  PickleKind kind = PickleKind::kNone;
  int64_t integer = 0;           // kInteger, kBoolean
  double real = 0;               // kReal
  std::string_view text = {};    // kText, kBytes, kBigInteger (little-endian), kGlobal: the name
  std::string_view module = {};  // kGlobal

  std::vector<PickleRef> items = {};  // kList, kTuple; appended to a kObject
  std::vector<std::pair<PickleRef, PickleRef>> entries = {};  // kDict; set on a kObject
  PickleRef callable = 0;                                     // kObject
  PickleRef arguments = 0;  // kObject: a tuple; kPersistent: the id
  PickleRef state = 0;      // kObject: what BUILD was given, or None

  bool is_global(std::string_view in_module, std::string_view name) const {
    return kind == PickleKind::kGlobal && module == in_module && text == name;
  }
};

// One Python pickle (protocols 2 to 5), read as data: classes and functions stay names, calls stay
// records, and nothing is ever executed. Values may be shared and may even contain themselves, so
// whoever walks them must bound the walk.
//
// At most 2^21 values are read and as many memorised, some 350 MB; a checkpoint has a few thousand.
// Throws Error naming the file, also for the opcodes of protocols 0 and 1.
class Pickle {
 public:
  // Reads the pickle at the start of `bytes`, which must outlive this. `name` goes into messages.
  Pickle(std::span<const std::byte> bytes, const std::string& name);

  size_t size() const { return size_; }  // bytes that the pickle took

  const PickleValue& root() const { return values_[root_]; }
  const PickleValue& operator[](PickleRef ref) const { return values_[ref]; }
  const std::vector<PickleValue>& values() const { return values_; }

  // The value under a text key of a kDict or kObject; null when there is none.
  const PickleValue* entry(const PickleValue& dict, std::string_view key) const;
  // The i-th element of a kList or kTuple; null when there are fewer.
  const PickleValue* item(const PickleValue& list, size_t i) const;

 private:
  std::vector<PickleValue> values_;
  PickleRef root_ = 0;
  size_t size_ = 0;
};

}  // namespace bonafide
