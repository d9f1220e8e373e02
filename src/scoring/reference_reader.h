#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "audio/location.h"
#include "scoring/scoring_options.h"

namespace bonafide {

// A recording to compare with.
struct Reference {
  std::shared_ptr<const std::vector<float>> samples;  // at the model's rate, at most its window
  std::string digest;                                 // of the samples that were read
  std::string remark;  // what makes it a poor one ("digital silence"), or empty
};

// The digest that a Reference of these samples has.
std::string digest_of(std::span<const float> samples);

// Reads references, and keeps the last that were asked for: many recordings have one in common. Any
// number of threads may share it.
class ReferenceReader {
 public:
  explicit ReferenceReader(const ScoringOptions& options) : options_(options) {}

  // Throws Error, naming the reference.
  Reference read(const AudioLocation& location);

 private:
  Reference read_anew(const AudioLocation& location) const;

  const ScoringOptions& options_;
  std::mutex mutex_;
  std::list<std::pair<std::string, Reference>> kept_;  // by name, the latest first
};

}  // namespace bonafide
