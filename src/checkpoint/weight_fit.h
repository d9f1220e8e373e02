#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "checkpoint/stored_weights.h"
#include "checkpoint/tensor_file.h"

namespace bonafide {

// A tensor that a network has: its name in the network's own state dict, and its shape.
struct WantedTensor {
  std::string name;
  std::vector<int64_t> shape;

  // Batch norm's counters came late to PyTorch, and old files are without.
  bool optional() const { return name.ends_with("num_batches_tracked"); }
};

// What of a network is there under one prefix of a file's names.
struct WeightFit {
  std::string prefix;  // before the wanted names: "", or with a dot at its end
  std::vector<std::pair<size_t, size_t>> taken;  // of the file and wanted, in the file's order
  std::vector<std::string> missing;
  std::vector<std::string> misshapen;  // with both shapes, as people read them
  std::vector<std::string> surplus;    // inside the network's modules, and unknown to it

  bool whole() const { return missing.empty() && misshapen.empty() && surplus.empty(); }
  std::string why_not() const;  // "2 tensors are missing (a, b), 1 tensor is unknown to it (c)"
};

// What of the network is there under each prefix of the names, the fullest first: at most thirty.
// The first of them has the prefix "" when nothing is there. `names` are those of the stored
// tensors, or what they are called instead.
std::vector<WeightFit> find_fits(const StoredWeights& stored, std::span<const std::string> names,
                                 std::span<const WantedTensor> wanted);

// Under the names of the file as they stand, where any other tensor is surplus.
WeightFit fit_of(const TensorFile& file, std::span<const WantedTensor> wanted);

}  // namespace bonafide
