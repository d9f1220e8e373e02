#include "checkpoint/pytorch_writer.h"

#include <fmt/format.h>

#include <limits>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "checkpoint/zip_writer.h"

namespace bonafide {

namespace {

std::string_view storage_class(DType dtype) {
  switch (dtype) {
    case DType::kF64:
      return "DoubleStorage";
    case DType::kF32:
      return "FloatStorage";
    case DType::kF16:
      return "HalfStorage";
    case DType::kBF16:
      return "BFloat16Storage";
    case DType::kI64:
      return "LongStorage";
    case DType::kI32:
      return "IntStorage";
    case DType::kI16:
      return "ShortStorage";
    case DType::kI8:
      return "CharStorage";
    case DType::kU8:
      return "ByteStorage";
    case DType::kBool:
      return "BoolStorage";
  }
  throw Error("a tensor of a type that PyTorch does not have");
}

// The opcodes of pickle protocol 2 that a state dict needs.
class Pickler {
 public:
  std::string state_dict(const TensorFile& file) {
    text_ = "\x80\x02";  // PROTO 2
    ordered_dict();
    text_ += '(';  // MARK
    for (size_t i = 0; i < file.tensors.size(); ++i) {
      const auto& [name, tensor] = file.tensors[i];
      unicode(name);
      add(tensor, std::to_string(i));
    }
    text_ += "u.";  // SETITEMS, STOP
    return std::move(text_);
  }

 private:
  void global(std::string_view module, std::string_view name) {
    text_ += fmt::format("c{}\n{}\n", module, name);
  }

  void ordered_dict() {
    global("collections", "OrderedDict");
    text_ += ")R";  // EMPTY_TUPLE, REDUCE
  }

  void unicode(std::string_view value) {
    text_ += 'X';  // BINUNICODE
    little_endian(value.size(), 4);
    text_ += value;
  }

  void integer(int64_t value) {
    if (value <= std::numeric_limits<int32_t>::max()) {
      text_ += 'J';  // BININT
      little_endian(static_cast<uint64_t>(value), 4);
    } else {
      text_ += "\x8a\x08";  // LONG1 of eight bytes
      little_endian(static_cast<uint64_t>(value), 8);
    }
  }

  void tuple(const std::vector<int64_t>& values) {
    text_ += '(';
    for (const int64_t value : values) integer(value);
    text_ += 't';
  }

  // _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)
  void add(const Tensor& tensor, const std::string& key) {
    global("torch._utils", "_rebuild_tensor_v2");
    text_ += "((";
    unicode("storage");
    global("torch", storage_class(tensor.dtype));
    unicode(key);
    unicode("cpu");
    integer(tensor.elements());
    text_ += "tQ";  // TUPLE, BINPERSID
    integer(0);
    tuple(tensor.shape);
    tuple(strides(tensor.shape));
    text_ += '\x89';  // NEWFALSE
    ordered_dict();
    text_ += "tR";
  }

  static std::vector<int64_t> strides(const std::vector<int64_t>& shape) {
    std::vector<int64_t> result(shape.size(), 1);
    for (size_t i = shape.size(); i-- > 1;) {
      result[i - 1] = result[i] * std::max<int64_t>(shape[i], 1);
    }
    return result;
  }

  void little_endian(uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) text_ += static_cast<char>(value >> (8 * i) & 0xFF);
  }

  std::string text_;
};

void check_names(const TensorFile& file, const std::string& path) {
  std::set<std::string_view> names;
  for (const auto& [name, tensor] : file.tensors) {
    if (!is_utf8(name) || !names.insert(name).second) {
      throw Error(fmt::format("{}: a tensor cannot be called \"{}\": {}", printable(path),
                              printable(name), is_utf8(name) ? "it is taken" : "not UTF-8"));
    }
  }
}

}  // namespace

void write_pytorch(const std::filesystem::path& path, const TensorFile& file) {
  check_names(file, path.native());
  const std::string pickle = Pickler().state_dict(file);
  write_atomically(path, [&](std::ostream& stream) {
    ZipWriter zip(stream);
    zip.add("archive/data.pkl", std::as_bytes(std::span(pickle)));
    for (size_t i = 0; i < file.tensors.size(); ++i) {
      zip.add(fmt::format("archive/data/{}", i), file.tensors[i].second.bytes);
    }
    constexpr std::string_view kContainerVersion = "3\n";
    zip.add("archive/version", std::as_bytes(std::span(kContainerVersion)));
    zip.finish();
    file.expect_unchanged();
  });
}

}  // namespace bonafide
