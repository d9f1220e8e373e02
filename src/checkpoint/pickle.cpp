#include "checkpoint/pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/byte_reader.h"

// Opcodes: Lib/pickletools.py of CPython.
namespace bonafide {

namespace {

constexpr size_t kMaxValues = size_t{1} << 21;
constexpr int kMaxProtocol = 5;
constexpr PickleRef kNoneRef = 0;
constexpr const char* kCutOff = "the file is cut off; download or copy it again";

// The stack machine of the pickle format.
class Machine {
 public:
  Machine(std::span<const std::byte> bytes, const std::string& name)
      : reader_(bytes), name_(printable(name)) {
    values_.emplace_back();  // kNoneRef
  }

  PickleRef run() {
    for (;;) {
      opcode_position_ = reader_.position();
      const auto opcode = number<unsigned char>();
      if (opcode == '.') return pop();
      step(opcode);
    }
  }

  size_t position() const { return reader_.position(); }
  std::vector<PickleValue> take_values() { return std::move(values_); }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(fmt::format("{}: byte {} of its pickle: {}", name_, opcode_position_, why));
  }

  void step(unsigned char opcode) {
    switch (opcode) {
      case 0x80: {  // PROTO
        const int protocol = number<uint8_t>();
        if (protocol > kMaxProtocol) fail(fmt::format("protocol {} is not read", protocol));
        return;
      }
      case 0x95:  // FRAME
        number<uint64_t>();
        return;
      case '(':  // MARK
        return marks_.push_back(stack_.size());
      case '0':  // POP
        return drop();
      case '1':  // POP_MARK
        pop_to_mark();
        return;
      case '2':  // DUP
        return push(top());
      case 'q':  // BINPUT
        return memorise(number<uint8_t>());
      case 'r':  // LONG_BINPUT
        return memorise(number<uint32_t>());
      case 0x94:  // MEMOIZE
        return memorise(static_cast<uint32_t>(memo_.size()));
      case 'h':  // BINGET
        return recall(number<uint8_t>());
      case 'j':  // LONG_BINGET
        return recall(number<uint32_t>());
      default:
        if (!push_scalar(opcode) && !push_text(opcode) && !build_container(opcode) &&
            !build_object(opcode)) {
          fail(fmt::format("opcode 0x{:02x} is not read", opcode));
        }
    }
  }

  bool push_scalar(unsigned char opcode) {
    switch (opcode) {
      case 'N':  // NONE
        push(kNoneRef);
        return true;
      case 0x88:  // NEWTRUE
      case 0x89:  // NEWFALSE
        make({.kind = PickleKind::kBoolean, .integer = opcode == 0x88});
        return true;
      case 'J':  // BININT
        return push_integer(number<int32_t>());
      case 'K':  // BININT1
        return push_integer(number<uint8_t>());
      case 'M':  // BININT2
        return push_integer(number<uint16_t>());
      case 0x8a:  // LONG1
        return push_long(number<uint8_t>());
      case 0x8b:  // LONG4
        return push_long(number<uint32_t>());
      case 'G':  // BINFLOAT, big-endian
        make({.kind = PickleKind::kReal,
              .real = std::bit_cast<double>(__builtin_bswap64(number<uint64_t>()))});
        return true;
      default:
        return false;
    }
  }

  bool push_text(unsigned char opcode) {
    switch (opcode) {
      case 0x8c:  // SHORT_BINUNICODE
      case 'U':   // SHORT_BINSTRING, the text of Python 2
        return push_bytes(PickleKind::kText, number<uint8_t>());
      case 'X':  // BINUNICODE
      case 'T':  // BINSTRING
        return push_bytes(PickleKind::kText, number<uint32_t>());
      case 0x8d:  // BINUNICODE8
        return push_bytes(PickleKind::kText, number<uint64_t>());
      case 'C':  // SHORT_BINBYTES
        return push_bytes(PickleKind::kBytes, number<uint8_t>());
      case 'B':  // BINBYTES
        return push_bytes(PickleKind::kBytes, number<uint32_t>());
      case 0x8e:  // BINBYTES8
      case 0x96:  // BYTEARRAY8
        return push_bytes(PickleKind::kBytes, number<uint64_t>());
      default:
        return false;
    }
  }

  bool build_container(unsigned char opcode) {
    switch (opcode) {
      case ')':  // EMPTY_TUPLE
        make({.kind = PickleKind::kTuple});
        return true;
      case 0x85:  // TUPLE1
      case 0x86:  // TUPLE2
      case 0x87:  // TUPLE3
        return push_items(PickleKind::kTuple, pop_several(opcode - 0x84U));
      case 't':  // TUPLE
        return push_items(PickleKind::kTuple, pop_to_mark());
      case ']':   // EMPTY_LIST
      case 0x8f:  // EMPTY_SET
        make({.kind = PickleKind::kList});
        return true;
      case 'l':   // LIST
      case 0x91:  // FROZENSET
        return push_items(PickleKind::kList, pop_to_mark());
      case 'a':  // APPEND
        return append(pop_several(1));
      case 'e':   // APPENDS
      case 0x90:  // ADDITEMS
        return append(pop_to_mark());
      case '}':  // EMPTY_DICT
        make({.kind = PickleKind::kDict});
        return true;
      case 'd': {  // DICT
        const auto items = pop_to_mark();
        make({.kind = PickleKind::kDict});
        return set_items(items);
      }
      case 's':  // SETITEM
        return set_items(pop_several(2));
      case 'u':  // SETITEMS
        return set_items(pop_to_mark());
      default:
        return false;
    }
  }

  bool build_object(unsigned char opcode) {
    switch (opcode) {
      case 'c': {  // GLOBAL
        const auto module = line();
        const auto name = line();
        make({.kind = PickleKind::kGlobal, .text = name, .module = module});
        return true;
      }
      case 0x93: {  // STACK_GLOBAL
        const auto name = pop_text();
        const auto module = pop_text();
        make({.kind = PickleKind::kGlobal, .text = name, .module = module});
        return true;
      }
      case 0x92:  // NEWOBJ_EX; its keyword arguments are of no interest
        pop();
        [[fallthrough]];
      case 'R':     // REDUCE
      case 0x81: {  // NEWOBJ
        const PickleRef arguments = pop();
        call(pop(), arguments);
        return true;
      }
      case 'b': {  // BUILD
        const PickleRef state = pop();
        PickleValue& object = values_[top()];
        if (object.kind == PickleKind::kObject) object.state = state;
        return true;
      }
      case 'Q': {  // BINPERSID
        const PickleRef id = pop();
        make({.kind = PickleKind::kPersistent, .arguments = id});
        return true;
      }
      default:
        return false;
    }
  }

  void call(PickleRef callable, PickleRef arguments) {
    if (!values_[callable].is_global("collections", "OrderedDict")) {
      make({.kind = PickleKind::kObject, .callable = callable, .arguments = arguments});
      return;
    }
    make({.kind = PickleKind::kDict});
    // Python 2 hands the pairs over as an argument: one list, which may be handed over repeatedly.
    if (values_[arguments].items.size() != 1) return;
    const PickleValue& pairs = values_[values_[arguments].items.front()];
    pairs_copied_ += pairs.items.size();
    if (pairs_copied_ > kMaxValues) fail(fmt::format("more than {} values", kMaxValues));
    for (const PickleRef pair : pairs.items) {
      if (values_[pair].items.size() == 2) set_items(values_[pair].items);
    }
  }

  template <typename Number>
  Number number() {
    const auto value = reader_.number<Number>();
    if (!value) fail(kCutOff);
    return *value;
  }

  std::string_view line() {
    const auto text = reader_.line();
    if (!text) fail(kCutOff);
    return *text;
  }

  std::string_view text_of(size_t size) {
    const auto bytes = reader_.take(size);
    if (!bytes) fail(kCutOff);
    return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
  }

  bool push_integer(int64_t value) {
    make({.kind = PickleKind::kInteger, .integer = value});
    return true;
  }

  // Two's complement, little-endian, of any length.
  bool push_long(size_t size) {
    const std::string_view bytes = text_of(size);
    if (size > sizeof(int64_t)) {
      make({.kind = PickleKind::kBigInteger, .text = bytes});
      return true;
    }
    const bool negative = !bytes.empty() && (bytes.back() & 0x80) != 0;
    uint64_t value = negative ? ~uint64_t{0} : 0;
    for (size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return push_integer(static_cast<int64_t>(value));
  }

  bool push_bytes(PickleKind kind, size_t size) {
    make({.kind = kind, .text = text_of(size)});
    return true;
  }

  bool push_items(PickleKind kind, std::vector<PickleRef> items) {
    make({.kind = kind, .items = std::move(items)});
    return true;
  }

  bool append(const std::vector<PickleRef>& items) {
    PickleValue& list = values_[top()];
    if (list.kind != PickleKind::kList && list.kind != PickleKind::kObject) {
      fail("appends to what is not a list");
    }
    list.items.insert(list.items.end(), items.begin(), items.end());
    return true;
  }

  // `items`: key, value, key, value, ...
  bool set_items(const std::vector<PickleRef>& items) {
    PickleValue& dict = values_[top()];
    if (dict.kind != PickleKind::kDict && dict.kind != PickleKind::kObject) {
      fail("sets an item of what is not a dictionary");
    }
    if (items.size() % 2 != 0) fail("a key without a value");
    for (size_t i = 0; i < items.size(); i += 2) dict.entries.emplace_back(items[i], items[i + 1]);
    return true;
  }

  void make(PickleValue value) {
    if (values_.size() >= kMaxValues) fail(fmt::format("more than {} values", kMaxValues));
    values_.push_back(std::move(value));
    push(static_cast<PickleRef>(values_.size() - 1));
  }

  void push(PickleRef ref) { stack_.push_back(ref); }

  // Values below the last mark are out of reach.
  size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  PickleRef top() const {
    if (stack_.size() <= floor()) fail("takes from an empty stack");
    return stack_.back();
  }

  PickleRef pop() {
    const PickleRef ref = top();
    stack_.pop_back();
    return ref;
  }

  void drop() {
    if (!marks_.empty() && stack_.size() == marks_.back()) {
      marks_.pop_back();
    } else {
      pop();
    }
  }

  std::string_view pop_text() {
    const PickleValue& value = values_[pop()];
    if (value.kind != PickleKind::kText) fail("names a class by what is not a text");
    return value.text;
  }

  std::vector<PickleRef> pop_several(size_t count) {
    if (stack_.size() - floor() < count) fail("takes from an empty stack");
    const auto first = stack_.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<PickleRef> items(first, stack_.end());
    stack_.erase(first, stack_.end());
    return items;
  }

  std::vector<PickleRef> pop_to_mark() {
    if (marks_.empty()) fail("goes back to a mark that is not there");
    auto items = pop_several(stack_.size() - marks_.back());
    marks_.pop_back();
    return items;
  }

  void memorise(uint32_t index) {
    memo_[index] = top();
    if (memo_.size() > kMaxValues) fail(fmt::format("more than {} memorised values", kMaxValues));
  }

  void recall(uint32_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end()) fail(fmt::format("nothing was memorised as {}", index));
    push(found->second);
  }

  ByteReader reader_;
  std::string name_;
  size_t opcode_position_ = 0;
  std::vector<PickleValue> values_;
  size_t pairs_copied_ = 0;
  std::vector<PickleRef> stack_;
  std::vector<size_t> marks_;
  std::map<uint32_t, PickleRef> memo_;
};

}  // namespace

Pickle::Pickle(std::span<const std::byte> bytes, const std::string& name) {
  Machine machine(bytes, name);
  root_ = machine.run();
  size_ = machine.position();
  values_ = machine.take_values();
}

const PickleValue* Pickle::entry(const PickleValue& dict, std::string_view key) const {
  for (const auto& [name, value] : dict.entries) {
    if (values_[name].kind == PickleKind::kText && values_[name].text == key) {
      return &values_[value];
    }
  }
  return nullptr;
}

const PickleValue* Pickle::item(const PickleValue& list, size_t i) const {
  return i < list.items.size() ? &values_[list.items[i]] : nullptr;
}

}  // namespace bonafide
