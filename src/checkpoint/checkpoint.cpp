#include "checkpoint/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "checkpoint/pytorch_container.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/state_dict.h"
#include "checkpoint/zip.h"

namespace bonafide {

namespace {

// What DistributedDataParallel and DataParallel put before every name.
constexpr std::string_view kWrapper = "module.";

void strip_wrapper(TensorFile& file) {
  const auto wrapped = [](const auto& named) { return named.first.starts_with(kWrapper); };
  if (!std::all_of(file.tensors.begin(), file.tensors.end(), wrapped)) return;
  for (auto& [name, tensor] : file.tensors) name.erase(0, kWrapper.size());
}

TensorFile read_pytorch(const PyTorchContainer& container, const std::string& name) {
  TensorFile file = read_state_dict(container, name);
  strip_wrapper(file);
  return file;
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

TensorFile read_checkpoint(std::span<const std::byte> bytes, const std::string& name) {
  if (begins_as_zip(bytes)) return read_pytorch(read_pytorch_zip(bytes, name), name);
  if (is_safetensors(bytes)) return read_safetensors(bytes, name);
  if (begins_as_pickle(bytes)) return read_pytorch(read_legacy_pytorch(bytes, name), name);
  if (begins_as_safetensors(bytes)) return read_safetensors(bytes, name);
  throw Error(
      fmt::format("{}: not a checkpoint that bonafide reads (safetensors, or what PyTorch "
                  "saves)",
                  printable(name)));
}

TensorFile read_checkpoint(const std::filesystem::path& path) {
  const auto mapped = std::make_shared<MappedFile>(path);
  mapped->watch();
  TensorFile file = read_checkpoint(mapped->bytes(), path.native());
  for (auto& [name, tensor] : file.tensors) {
    if (tensor.owner == nullptr) tensor.owner = mapped;
  }
  file.mapped = mapped;
  return file;
}

}  // namespace bonafide
