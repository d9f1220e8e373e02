#include "checkpoint/checkpoint.h"

#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "checkpoint/foreign_file.h"
#include "checkpoint/pytorch_container.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/state_dict.h"
#include "checkpoint/weight_choice.h"
#include "checkpoint/zip.h"

namespace bonafide {

namespace {

StoredWeights stored_in(TensorFile file) {
  StoredWeights stored{{}, std::move(file.metadata), std::move(file.mapped)};
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

StoredWeights read_stored_weights(const std::filesystem::path& path) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) {
    throw Error(fmt::format("{}: {}", printable(path.native()), what_instead_of_checkpoint(path)));
  }
  const auto mapped = std::make_shared<MappedFile>(path);
  mapped->watch();
  StoredWeights stored = read_stored_weights(mapped->bytes(), path.native());
  for (StoredTensor& tensor : stored.tensors) {
    if (tensor.tensor.owner == nullptr) tensor.tensor.owner = mapped;
  }
  stored.mapped = mapped;
  return stored;
}

TensorFile read_checkpoint(std::span<const std::byte> bytes, const std::string& name) {
  return choose_weights(read_stored_weights(bytes, name), "", name).file;
}

TensorFile read_checkpoint(const std::filesystem::path& path) {
  return choose_weights(read_stored_weights(path), "", path.native()).file;
}

}  // namespace bonafide
