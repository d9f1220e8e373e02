#pragma once

#include <memory>
#include <string>

#include "checkpoint/model_file.h"
#include "scoring/backend.h"

namespace bonafide {

struct BackendOptions {
  int threads = 0;             // of the arithmetic; 0: all cores
  std::string device = "cpu";  // cpu | cuda | cuda:N
  bool float64 = false;        // the judge where float32 noise grows
  std::string features;        // a folder that keeps features (loader.features); "": none is kept
};

// A model file run by LibTorch. Throws Error when the tensors do not fit the network, also when the
// description makes a much larger one (whose memory is not taken), or when the device is not there.
std::unique_ptr<Backend> load_backend(const ModelFile& model, const BackendOptions& options);

}  // namespace bonafide
