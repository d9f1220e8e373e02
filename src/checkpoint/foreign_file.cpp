#include "checkpoint/foreign_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/file_kind.h"
#include "base/text.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

constexpr size_t kMostEntries = 10'000;  // of a folder that are looked at

std::string_view text_of(std::span<const std::byte> bytes, size_t most) {
  return {reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), most)};
}

// A protocol buffer that begins with its version and, soon after, the name of its maker or the
// domain of its operators.
bool is_onnx(std::string_view head) {
  if (head.size() < 4 || head[0] != '\x08' || head[1] < 1 || head[1] > 32) return false;
  return head[2] == '\x12' || head[2] == ':' || head.find("onnx") != std::string_view::npos;
}

// The names in a folder, a few of them where there are very many.
std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code unreadable;
  for (fs::directory_iterator entry(folder, unreadable), end; !unreadable && entry != end;
       entry.increment(unreadable)) {
    if (names.size() == kMostEntries) break;
    names.insert(entry->path().filename().native());
  }
  return names;
}

// The folder that holds data.pkl: this one, or the only one in it.
fs::path unpacked_root(const fs::path& folder, const std::set<std::string>& names) {
  if (names.contains("data.pkl")) return folder;
  for (const std::string& name : names) {
    std::error_code unknown;
    if (fs::exists(folder / name / "data.pkl", unknown)) return folder / name;
  }
  return {};
}

std::string zip_again(const fs::path& root) {
  const fs::path whole = fs::absolute(root).lexically_normal();
  const fs::path named = whole.has_filename() ? whole : whole.parent_path();
  return fmt::format(
      "a PyTorch file that was unpacked; pack it again: (cd '{}' && zip -0 -r ../checkpoint.pth "
      "'{}')",
      printable(named.parent_path().native()), printable(named.filename().native()));
}

}  // namespace

std::string what_instead_of_checkpoint(std::span<const std::byte> bytes) {
  const std::string_view head = text_of(bytes, 4096);
  if (head.substr(0, 8).substr(std::min<size_t>(4, head.size())) == "TFL3") {
    return "looks like a TensorFlow Lite model, which is not read";
  }
  if (head.starts_with("\x89HDF\r\n"sv)) {
    return "looks like an HDF5 file, as Keras writes; only safetensors and PyTorch's files are "
           "read";
  }
  if (is_onnx(head)) {
    return "looks like an ONNX model, a network and not a state dict; convert the PyTorch "
           "checkpoint that it was exported from";
  }
  return mistaken_for(bytes, "a checkpoint");
}

std::string what_instead_of_checkpoint(const fs::path& folder) {
  const std::set<std::string> names = names_in(folder);
  if (const fs::path root = unpacked_root(folder, names); !root.empty()) return zip_again(root);
  if (names.contains("saved_model.pb") || names.contains("keras_metadata.pb")) {
    return "a folder of TensorFlow (SavedModel), which is not read";
  }
  if (const char* name = "consolidated.00.pth"; names.contains(name)) {
    return fmt::format("a folder; name the file in it: {}", printable((folder / name).native()));
  }
  return "is a folder without weights of Hugging Face (model.safetensors, pytorch_model.bin); name "
         "the file in it";
}

}  // namespace bonafide
