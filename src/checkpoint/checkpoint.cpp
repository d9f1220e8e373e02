#include "checkpoint/checkpoint.h"

#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "checkpoint/foreign_file.h"
#include "checkpoint/pytorch_container.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/ssl_source.h"
#include "checkpoint/state_dict.h"
#include "checkpoint/weight_choice.h"
#include "checkpoint/weight_folder.h"
#include "checkpoint/zip.h"

namespace bonafide {

namespace {

StoredWeights stored_in(TensorFile file) {
  StoredWeights stored{{}, std::move(file.metadata), std::move(file.mapped), {}, {}, {}, {}};
  for (auto& [name, tensor] : file.tensors) {
    stored.tensors.push_back({std::move(name), 0, std::move(tensor), {}});
  }
  return stored;
}

constexpr size_t kLengthSize = 8;

bool begins_as_safetensors(std::span<const std::byte> bytes) {
  return bytes.size() > kLengthSize && bytes[kLengthSize] == std::byte{'{'};
}

// Also that the header's length, a little-endian number in front, fits into the file: a length of
// 640 begins as a pickle does.
bool is_safetensors(std::span<const std::byte> bytes) {
  if (!begins_as_safetensors(bytes)) return false;
  uint64_t length = 0;
  for (size_t i = kLengthSize; i-- > 0;) length = length << 8 | std::to_integer<uint64_t>(bytes[i]);
  return length <= bytes.size() - kLengthSize;
}

}  // namespace

StoredWeights read_stored_weights(std::span<const std::byte> bytes, const std::string& name) {
  if (begins_as_zip(bytes)) return read_state_dicts(read_pytorch_zip(bytes, name), name);
  if (is_safetensors(bytes)) return stored_in(read_safetensors(bytes, name));
  if (begins_as_pickle(bytes)) return read_state_dicts(read_legacy_pytorch(bytes, name), name);
  if (begins_as_safetensors(bytes)) return stored_in(read_safetensors(bytes, name));
  const std::string instead = what_instead_of_checkpoint(bytes);
  throw Error(fmt::format(
      "{}: {}", printable(name),
      instead.empty() ? "not a checkpoint that bonafide reads (safetensors, or what PyTorch saves)"
                      : instead));
}

namespace {

namespace fs = std::filesystem;

StoredWeights read_file(const fs::path& path) {
  const auto mapped = std::make_shared<MappedFile>(path);
  mapped->watch();
  StoredWeights stored = read_stored_weights(mapped->bytes(), path.native());
  for (StoredTensor& tensor : stored.tensors) {
    if (tensor.tensor.owner == nullptr) tensor.tensor.owner = mapped;
  }
  stored.mapped = {mapped};
  stored.files = {path};
  return stored;
}

// Of a file only the tensors that the index places there, which it must have.
void take_part(StoredWeights& whole, StoredWeights part, const WeightFolder& folder, size_t file) {
  size_t expected = 0;
  for (const auto& [name, place] : folder.places) expected += place == file ? 1 : 0;
  for (StoredTensor& tensor : part.tensors) {
    const auto place = folder.places.find(tensor.name);
    if (place == folder.places.end() || place->second != file) continue;
    whole.tensors.push_back(std::move(tensor));
    --expected;
  }
  if (expected > 0) {
    throw Error(fmt::format("{}: lacks {} of the tensors that the folder's index says are in it",
                            printable(folder.files[file].native()), expected));
  }
  whole.mapped.insert(whole.mapped.end(), part.mapped.begin(), part.mapped.end());
}

StoredWeights read_folder(const fs::path& path) {
  const WeightFolder folder = find_weight_files(path);
  if (folder.files.empty()) {
    throw Error(fmt::format("{}: {}", printable(path.native()), what_instead_of_checkpoint(path)));
  }
  if (folder.places.empty()) return read_file(folder.files.front());
  StoredWeights whole;
  whole.files = folder.files;
  for (size_t i = 0; i < folder.files.size(); ++i) {
    take_part(whole, read_file(folder.files[i]), folder, i);
  }
  return whole;
}

}  // namespace

StoredWeights read_stored_weights(const fs::path& path) {
  std::error_code unknown;
  const bool is_folder = fs::is_directory(path, unknown);
  StoredWeights stored = is_folder ? read_folder(path) : read_file(path);
  know_encoder(stored, path.native(), is_folder ? path : path.parent_path());
  return stored;
}

TensorFile read_checkpoint(std::span<const std::byte> bytes, const std::string& name) {
  return choose_weights(read_stored_weights(bytes, name), "", name).file;
}

TensorFile read_checkpoint(const std::filesystem::path& path) {
  return choose_weights(read_stored_weights(path), "", path.native()).file;
}

}  // namespace bonafide
