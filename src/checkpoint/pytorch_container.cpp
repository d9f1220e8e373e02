#include "checkpoint/pytorch_container.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/byte_reader.h"
#include "checkpoint/pytorch_storage.h"
#include "checkpoint/zip.h"

namespace bonafide {

namespace {

using Bytes = std::span<const std::byte>;

constexpr std::string_view kObject = "data.pkl";
constexpr auto kPickleStart = std::byte{0x80};
// 0x1950a86a20f9469cfc6c as a pickled integer.
constexpr std::string_view kLegacyMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
constexpr int64_t kLegacyProtocol = 1001;

[[noreturn]] void fail(const std::string& name, const std::string& why) {
  throw Error(fmt::format("{}: {}", printable(name), why));
}

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes stored(const ZipArchive::Member& member, std::string_view key, const std::string& name) {
  if (!member.stored) {
    fail(name, fmt::format("its member {} is compressed or encrypted; PyTorch stores it plainly",
                           printable(key)));
  }
  return member.bytes;
}

// Reads the next pickle and steps over it.
Pickle next_pickle(Bytes& rest, const std::string& name) {
  Pickle pickle(rest, name);
  rest = rest.subspan(pickle.size());
  return pickle;
}

void check_system(const Pickle& system, const std::string& name) {
  const PickleValue* little = system.entry(system.root(), "little_endian");
  if (little != nullptr && little->kind == PickleKind::kBoolean && little->integer == 0) {
    fail(name, "was written by a big-endian machine, which is not read");
  }
}

// What else is a zip archive and met under a checkpoint's name.
void refuse_other_archives(const ZipArchive& archive, const std::string& name) {
  for (const auto& [key, member] : archive.members()) {
    const std::string_view file = key.substr(key.rfind('/') + 1);
    if (file == "constants.pkl") {
      fail(name,
           "is a TorchScript archive, a program and not a state dict; recipes/torchscript.yaml "
           "scores it as it is, or save the state_dict() of its module by torch.save");
    }
    if (key == "config.json" && archive.members().contains("model.weights.h5")) {
      fail(name, "is a Keras model, which is not read");
    }
    if (key.ends_with(".npy"))
      fail(name, "is an archive of NumPy arrays (.npz), which is not read");
  }
}

// Every storage that the object's persistent ids name.
std::map<std::string_view, PyTorchStorage> named_storages(const Pickle& object) {
  std::map<std::string_view, PyTorchStorage> storages;
  for (const PickleValue& value : object.values()) {
    if (const auto storage = read_storage_id(object, value)) {
      storages.emplace(storage->key, *storage);
    }
  }
  return storages;
}

}  // namespace

bool begins_as_pickle(Bytes bytes) { return !bytes.empty() && bytes.front() == kPickleStart; }

PyTorchContainer read_pytorch_zip(Bytes bytes, const std::string& name) {
  const ZipArchive archive(bytes, name);
  const auto& members = archive.members();
  refuse_other_archives(archive, name);
  const auto object = std::find_if(members.begin(), members.end(), [](const auto& member) {
    const auto slash = member.first.find('/');
    return slash != std::string_view::npos && member.first.substr(slash + 1) == kObject;
  });
  if (object == members.end()) {
    fail(name,
         "is a zip archive, but not of PyTorch: it has no member data.pkl; unpack it where a "
         "checkpoint lies in it");
  }
  const std::string stem(object->first.substr(0, object->first.size() - kObject.size()));
  const auto order = members.find(stem + "byteorder");
  if (order != members.end() && text_of(order->second.bytes) != "little") {
    fail(name, "was written by a big-endian machine, which is not read");
  }
  PyTorchContainer container{
      Pickle(stored(object->second, object->first, name), name), {}, bytes.size()};
  const std::string data = stem + "data/";
  for (const auto& [key, member] : members) {
    if (!key.starts_with(data)) continue;
    container.storages.emplace(key.substr(data.size()), stored(member, key, name));
  }
  return container;
}

PyTorchContainer read_legacy_pytorch(Bytes bytes, const std::string& name) {
  Bytes rest = bytes;
  if (next_pickle(rest, name).root().text != kLegacyMagic) {
    fail(name, "is a Python pickle, but not one that PyTorch saved");
  }
  const Pickle protocol = next_pickle(rest, name);
  if (protocol.root().integer != kLegacyProtocol) {
    fail(name, fmt::format("has PyTorch's stream protocol {}; {} is read", protocol.root().integer,
                           kLegacyProtocol));
  }
  check_system(next_pickle(rest, name), name);
  PyTorchContainer container{next_pickle(rest, name), {}, bytes.size()};
  const auto named = named_storages(container.object);
  const Pickle keys = next_pickle(rest, name);

  ByteReader reader(rest);
  for (const PickleRef ref : keys.root().items) {
    const std::string_view key = keys[ref].text;
    const auto storage = named.find(key);
    if (storage == named.end()) {
      fail(name, fmt::format("holds data of storage {}, which no tensor names", printable(key)));
    }
    const auto elements = reader.number<int64_t>();
    uint64_t size = 0;
    const bool fits = elements && *elements == storage->second.elements &&
                      !__builtin_mul_overflow(static_cast<uint64_t>(*elements),
                                              storage->second.element_size, &size);
    const auto data = fits ? reader.take(size) : std::nullopt;
    if (!data)
      fail(name, fmt::format("the data of storage {} is cut off; download or copy the file again",
                             printable(key)));
    container.storages.emplace(key, *data);
  }
  return container;
}

}  // namespace bonafide
