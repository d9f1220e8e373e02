#include "train/journal.h"

#include <fmt/format.h>

#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr const char* kHeader = "epoch,loss,learning_rate,eer,best,seconds,utt_per_s\n";

std::string line(const EpochRecord& r) {
  return fmt::format("{},{},{},{},{},{:.2f},{:.2f}\n", r.epoch, r.loss, r.learning_rate, r.eer,
                     r.best ? 1 : 0, r.seconds, r.utt_per_s);
}

}  // namespace

Journal::Journal(std::filesystem::path path, int64_t keep) : path_(std::move(path)) {
  if (keep > 0) records_ = read(path_);
  std::erase_if(records_, [&](const EpochRecord& record) { return record.epoch >= keep; });
}

void Journal::add(const EpochRecord& record) {
  records_.push_back(record);
  std::string text = kHeader;
  for (const EpochRecord& r : records_) text += line(r);
  write_atomically(path_, text);
}

std::vector<EpochRecord> Journal::read(const std::filesystem::path& path) {
  const std::string text = read_text(path);
  CsvReader reader(text, path.string());
  reader.next();
  std::vector<EpochRecord> records;
  while (const auto fields = reader.next()) {
    std::vector<double> values;
    for (const std::string& field : *fields) {
      const auto value = parse_double(field);
      if (value) values.push_back(*value);
    }
    if (values.size() != 7) {
      throw Error(fmt::format("{}: line {}: not a line of a training log", printable(path.string()),
                              reader.line()));
    }
    records.push_back({static_cast<int64_t>(values[0]), values[1], values[2], values[3],
                       values[4] != 0, values[5], values[6]});
  }
  return records;
}

}  // namespace bonafide
