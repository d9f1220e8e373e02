#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "scoring/backend.h"
#include "scoring/inputs.h"
#include "scoring/reference_reader.h"
#include "scoring/scoring_options.h"

namespace bonafide {

// A stretch of a recording that a model is asked about.
struct Window {
  size_t start = 0;  // samples
  std::vector<float> samples;
};

// A recording as a loader hands it over.
struct LoadedInput {
  std::vector<Window> windows;
  bool head = false;  // the first window is what its score is of, and no segment
  std::vector<std::shared_ptr<const std::vector<float>>> references;
  double seconds = 0;     // of the whole recording
  bool constant = false;  // all of it is equal
  std::string detail;     // why it cannot be scored, or remarks
  bool failed = false;
};

// Loads recordings, cut into the windows that the options want, and what they are compared with.
// Any number of threads may share one.
class InputLoader {
 public:
  InputLoader(const ScoringOptions& options, const Backend& backend);

  // Never throws: what is wrong with an input is said in what it comes to.
  LoadedInput load_or_say_why(const Input& input);

 private:
  LoadedInput load(const Input& input);
  void add_references(const Input& input, std::span<const float> samples, LoadedInput& loaded);

  const ScoringOptions& options_;
  const bool compares_, needs_reference_;
  ReferenceReader references_;
};

// Where the windows of a recording of `length` samples begin: one after another, the last one
// shorter if at least a quarter of a window is left for it.
std::vector<size_t> segment_starts(size_t length, size_t window);

// "digital silence", "constant signal", or "" for samples that vary.
std::string stillness(std::span<const float> samples);

// Puts the text behind what a row says already.
void append_detail(std::string& detail, const std::string& text);

}  // namespace bonafide
