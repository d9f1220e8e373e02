#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checkpoint/model_file.h"
#include "checkpoint/weight_fit.h"
#include "scoring/backend.h"
#include "systems/system.h"

namespace bonafide {

struct BackendOptions {
  int threads = 0;                    // of the arithmetic; 0: all cores
  std::string device = "cpu";         // cpu | cuda | cuda:N
  bool float64 = false;               // the judge where float32 noise grows
  std::string precision = "float32";  // tensor/precision.h; not together with float64
  std::string features = {};  // a folder that keeps features (loader.features); "": none is kept
  const SystemTable& systems = builtin_systems();
};

// The tensors that the network of a description wants. Throws Error when it is much larger than
// `bytes` of tensors could be, and UsageError for options that there are not.
std::vector<WantedTensor> wanted_by(const ModelDescription& description, size_t bytes,
                                    const SystemTable& systems = builtin_systems());

// The system of a model file, with its weights, on the processor in float32. Throws as
// load_backend() does.
std::unique_ptr<System> load_system(const ModelFile& model, const BackendOptions& options);

// A model file run by LibTorch. Throws Error when the tensors do not fit the network, also when the
// description makes a much larger one (whose memory is not taken), or when the device is not there.
std::unique_ptr<Backend> load_backend(const ModelFile& model, const BackendOptions& options);

}  // namespace bonafide
