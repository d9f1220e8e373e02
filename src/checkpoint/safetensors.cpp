#include "checkpoint/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <numeric>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/json_fault.h"
#include "base/json_value.h"
#include "base/text.h"
#include "checkpoint/foreign_file.h"
#include "checkpoint/pytorch_container.h"
#include "checkpoint/zip.h"

namespace bonafide {

namespace {

static_assert(std::endian::native == std::endian::little, "safetensors data is little-endian");

constexpr size_t kLengthSize = 8;
constexpr size_t kAlignment = 8;
constexpr uint64_t kMaxHeader = 100'000'000;  // as in the reference implementation
constexpr int kMaxDepth = 3;                  // header, tensor, shape
constexpr std::string_view kMetadata = "__metadata__";

// Looked up by key as it is built, so it must not be the ordered kind, which looks along its list.
using HeaderJson = nlohmann::json;

// The bytes of one tensor, counted from the start of the data.
struct Range {
  uint64_t begin = 0;
  uint64_t end = 0;
};

class Reader {
 public:
  Reader(std::span<const std::byte> bytes, const std::string& name) : name_(printable(name)) {
    if (bytes.size() < kLengthSize) refuse(bytes, "too short for a safetensors file");
    uint64_t length = 0;
    std::memcpy(&length, bytes.data(), kLengthSize);
    const auto rest = bytes.subspan(kLengthSize);
    if (begins_as_zip(bytes)) refuse_pytorch();
    if (length > kMaxHeader || length > rest.size()) {
      if (begins_as_pickle(bytes)) refuse_pytorch();
      refuse(bytes, fmt::format("not a safetensors file, or cut off (then download or copy it "
                                "again): a header of {} bytes, but {} follow",
                                length, rest.size()));
    }
    header_ = rest.first(length);
    if (length == 0 || header_.front() == std::byte{0}) {
      refuse(bytes,
             fmt::format("no header of a safetensors file, but {}; download or copy it again",
                         length == 0 ? "an empty one" : "zeros"));
    }
    data_ = rest.subspan(length);
  }

  TensorFile read() {
    read_header();
    check_ranges();
    return std::move(file_);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(fmt::format("{}: {}", name_, why));
  }

  [[noreturn]] void refuse_pytorch() const {
    fail("what PyTorch saves, not a safetensors file; `bonafide convert` turns it into one");
  }

  // What the file is instead, where that is known.
  [[noreturn]] void refuse(std::span<const std::byte> bytes, const std::string& otherwise) const {
    const bool named = bytes.size() > kLengthSize && bytes[kLengthSize] == std::byte{'{'};
    const std::string instead = named ? "" : what_instead_of_checkpoint(bytes);
    fail(instead.empty() ? otherwise : instead);
  }

  // Takes each entry as soon as it is parsed, so that the whole header never stands in memory as a
  // tree.
  void read_header() {
    std::string key;
    const auto take = [&](int depth, HeaderJson::parse_event_t event, HeaderJson& parsed) {
      using Event = HeaderJson::parse_event_t;
      if (depth >= kMaxDepth && (event == Event::object_start || event == Event::array_start)) {
        fail("the header is nested too deeply");
      }
      if (depth == 0 && event != Event::object_start && event != Event::object_end) {
        fail("the header is not a JSON object");
      }
      if (depth != 1) return true;
      if (event == Event::key) key = parsed.get<std::string>();
      if (event == Event::value || event == Event::array_start) {
        fail(fmt::format("header entry \"{}\" is not a JSON object", printable(key)));
      }
      if (event != Event::object_end) return true;
      add_entry(key, parsed);
      return false;
    };
    const auto* text = reinterpret_cast<const char*>(header_.data());
    try {
      [[maybe_unused]] const HeaderJson emptied =
          HeaderJson::parse(text, text + header_.size(), take);
    } catch (const HeaderJson::exception& e) {
      fail(fmt::format("the header is not valid JSON ({})", json_fault(e)));
    }
  }

  void add_entry(const std::string& key, const HeaderJson& entry) {
    if (!keys_.insert(key).second) fail(fmt::format("\"{}\" stands twice", printable(key)));
    if (key == kMetadata) {
      for (const auto& [name, text] : entry.items()) {
        if (!text.is_string()) {
          fail(fmt::format("metadata \"{}\" is not a string", printable(name)));
        }
        file_.metadata.emplace(name, text.get<std::string>());
      }
    } else {
      add_tensor(key, entry);
    }
  }

  void add_tensor(const std::string& key, const HeaderJson& entry) {
    const std::string what = fmt::format("tensor \"{}\"", printable(key));
    const auto type = entry.find("dtype");
    if (type == entry.end() || !type->is_string()) fail(what + " has no dtype");
    const auto dtype = dtype_named(type->get_ref<const std::string&>());
    if (!dtype) {
      fail(fmt::format("{} is of dtype {}, which is not read", what,
                       printable(type->get_ref<const std::string&>())));
    }
    std::vector<int64_t> shape;
    for (const uint64_t size : numbers(entry, "shape", what)) {
      if (size > INT64_MAX) fail(what + " has an impossible shape");
      shape.push_back(static_cast<int64_t>(size));
    }
    const std::vector<uint64_t> offsets = numbers(entry, "data_offsets", what);
    if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data_.size()) {
      fail(fmt::format(
          "{} has data_offsets outside the {} bytes of data; where the file is cut off, "
          "download or copy it again",
          what, data_.size()));
    }
    const auto count = count_elements(shape);
    const uint64_t length = offsets[1] - offsets[0];
    if (!count || length % size_of(*dtype) != 0 ||
        length / size_of(*dtype) != static_cast<uint64_t>(*count)) {
      fail(fmt::format("{} has {} bytes, which do not fit its shape", what, length));
    }
    ranges_.push_back({offsets[0], offsets[1]});
    file_.tensors.emplace_back(
        key, Tensor{*dtype, std::move(shape), data_.subspan(offsets[0], length), nullptr});
  }

  std::vector<uint64_t> numbers(const HeaderJson& entry, const char* field,
                                const std::string& what) const {
    const auto list = entry.find(field);
    if (list == entry.end() || !list->is_array()) fail(fmt::format("{} has no {}", what, field));
    std::vector<uint64_t> values;
    for (const HeaderJson& value : *list) {
      if (!value.is_number_unsigned()) {
        fail(fmt::format("{} has a {} that is not a list of whole numbers", what, field));
      }
      values.push_back(value.get<uint64_t>());
    }
    return values;
  }

  // Together the tensors must cover the data, each byte once.
  void check_ranges() {
    std::sort(ranges_.begin(), ranges_.end(), [](const Range& a, const Range& b) {
      return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    uint64_t end = 0;
    for (const Range& range : ranges_) {
      if (range.begin != end) {
        fail(fmt::format("the tensors {} at byte {} of the data",
                         range.begin < end ? "overlap" : "leave a hole", end));
      }
      end = range.end;
    }
    if (end != data_.size()) {
      fail(fmt::format("{} bytes of data belong to no tensor", data_.size() - end));
    }
  }

  std::string name_;
  std::span<const std::byte> header_;
  std::span<const std::byte> data_;
  std::set<std::string> keys_;
  std::vector<Range> ranges_;
  TensorFile file_;
};

// Large elements first, so that every tensor is aligned to its element size.
std::vector<const Tensor*> data_order(const TensorFile& file) {
  std::vector<const Tensor*> order;
  for (const auto& [name, tensor] : file.tensors) order.push_back(&tensor);
  std::stable_sort(order.begin(), order.end(), [](const Tensor* a, const Tensor* b) {
    return size_of(a->dtype) > size_of(b->dtype);
  });
  return order;
}

void check_writable(const TensorFile& file) {
  std::set<std::string_view> names;
  for (const auto& [name, tensor] : file.tensors) {
    if (name == kMetadata || !names.insert(name).second) {
      throw Error(fmt::format("two tensors cannot both be called \"{}\"", printable(name)));
    }
    if (static_cast<size_t>(tensor.elements()) * size_of(tensor.dtype) != tensor.bytes.size()) {
      throw Error(fmt::format("tensor \"{}\" has {} bytes, which do not fit its shape",
                              printable(name), tensor.bytes.size()));
    }
  }
}

std::string header_of(const TensorFile& file, const std::vector<const Tensor*>& order) {
  std::map<const Tensor*, Range> ranges;
  uint64_t end = 0;
  for (const Tensor* tensor : order) {
    ranges[tensor] = {end, end + tensor->bytes.size()};
    end += tensor->bytes.size();
  }
  std::string header = "{";
  const auto add = [&](std::string_view key, const Json& value) {
    if (header.size() > 1) header += ',';
    header += Json(key).dump() + ':' + value.dump();
  };
  if (!file.metadata.empty()) add(kMetadata, file.metadata);
  for (const auto& [name, tensor] : file.tensors) {
    const Range& range = ranges.at(&tensor);
    add(name, {{"dtype", name_of(tensor.dtype)},
               {"shape", tensor.shape},
               {"data_offsets", {range.begin, range.end}}});
  }
  header += '}';
  header.resize((header.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  return header;
}

// What stands in a file, one after another.
struct Layout {
  uint64_t length = 0;
  std::string header;  // `length` bytes
  std::vector<const Tensor*> data;

  std::vector<std::span<const std::byte>> pieces() const {
    std::vector<std::span<const std::byte>> pieces = {std::as_bytes(std::span(&length, 1)),
                                                      std::as_bytes(std::span(header))};
    for (const Tensor* tensor : data) pieces.push_back(tensor->bytes);
    return pieces;
  }
};

// `name` goes into messages.
Layout lay_out(const TensorFile& file, const std::string& name) {
  check_writable(file);
  Layout layout;
  layout.data = data_order(file);
  try {
    layout.header = header_of(file, layout.data);
  } catch (const Json::exception&) {
    throw Error(fmt::format("{}: a name or a text of its metadata is not UTF-8", printable(name)));
  }
  layout.length = layout.header.size();
  return layout;
}

}  // namespace

TensorFile read_safetensors(std::span<const std::byte> bytes, const std::string& name) {
  return Reader(bytes, name).read();
}

TensorFile read_safetensors(const std::filesystem::path& path) {
  const auto mapped = std::make_shared<MappedFile>(path);
  mapped->watch();
  TensorFile file = read_safetensors(mapped->bytes(), path.native());
  for (auto& [name, tensor] : file.tensors) tensor.owner = mapped;
  file.mapped = {mapped};
  return file;
}

void write_safetensors(const std::filesystem::path& path, const TensorFile& file) {
  const Layout layout = lay_out(file, path.native());
  write_atomically(path, [&](std::ostream& stream) {
    for (const auto piece : layout.pieces()) {
      stream.write(reinterpret_cast<const char*>(piece.data()),
                   static_cast<std::streamsize>(piece.size()));
    }
    file.expect_unchanged();
  });
}

std::vector<std::byte> safetensors_bytes(const TensorFile& file) {
  const Layout layout = lay_out(file, "safetensors");
  std::vector<std::byte> bytes;
  for (const auto piece : layout.pieces()) bytes.insert(bytes.end(), piece.begin(), piece.end());
  return bytes;
}

}  // namespace bonafide
