#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bonafide {

// What one epoch came to.
struct EpochRecord {
  int64_t epoch = 0;               // from 0
  double loss = 0;                 // mean over the epoch's batches
  double learning_rate = 0;        // of the last step
  std::optional<double> eer = {};  // percent, on the part that selects, where one does
  bool best = false;
  double seconds = 0;    // of the training batches
  double utt_per_s = 0;  // utterances trained on per second
  // Of verification trials every figure by its name (PartFigures).
  std::vector<std::pair<std::string, double>> figures = {};
  double choosing = 0;  // the selection's figure; not in the table
};

// The table log.csv of a run directory; after the columns of every run it has one for each figure
// of verification trials. Each line is on the disk before the next epoch begins.
class Journal {
 public:
  // `keep`: epochs already in the file that stay (to resume); later lines are dropped.
  Journal(std::filesystem::path path, int64_t keep);

  void add(const EpochRecord& record);
  const std::vector<EpochRecord>& records() const { return records_; }

  // Reads a table that a Journal wrote.
  static std::vector<EpochRecord> read(const std::filesystem::path& path);

 private:
  std::filesystem::path path_;
  std::vector<EpochRecord> records_;
};

}  // namespace bonafide
