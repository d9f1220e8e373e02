#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "checkpoint/pickle.h"

namespace bonafide {

// What torch.save wrote: one pickled object, and the storages that its persistent ids name.
struct PyTorchContainer {
  Pickle object;
  std::map<std::string_view, std::span<const std::byte>> storages;  // by key
  size_t file_size = 0;                                             // bytes
};

// Whether the bytes begin as a Python pickle does, and so the stream of PyTorch before 1.6.
bool begins_as_pickle(std::span<const std::byte> bytes);

// The zip archive of PyTorch 1.6 and later: STEM/data.pkl and STEM/data/KEY, whatever the stem.
// `name` goes into messages; everything points into `bytes`. Both throw Error.
PyTorchContainer read_pytorch_zip(std::span<const std::byte> bytes, const std::string& name);

// The older stream: five pickles, then each storage as its length and its data.
PyTorchContainer read_legacy_pytorch(std::span<const std::byte> bytes, const std::string& name);

}  // namespace bonafide
