#include "journal/journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace bonafide {

namespace {

using Cells = std::vector<std::string>;

const Cells kColumns = {"epoch", "loss", "learning_rate", "eer", "best", "seconds", "utt_per_s"};

std::string line(const EpochRecord& r, std::span<const std::string> figures) {
  Cells cells = {fmt::format("{}", r.epoch),
                 fmt::format("{}", r.loss),
                 fmt::format("{}", r.learning_rate),
                 r.eer ? fmt::format("{}", *r.eer) : "",
                 r.best ? "1" : "0",
                 fmt::format("{:.2f}", r.seconds),
                 fmt::format("{:.2f}", r.utt_per_s)};
  for (const std::string& name : figures) {
    const auto at = std::find_if(r.figures.begin(), r.figures.end(),
                                 [&](const auto& figure) { return figure.first == name; });
    cells.push_back(at == r.figures.end() ? "" : fmt::format("{}", at->second));
  }
  return csv_line(cells);
}

// Names of the figures that any epoch has, in their order.
Cells figures_of(const std::vector<EpochRecord>& records) {
  Cells names;
  for (const EpochRecord& record : records) {
    for (const auto& [name, value] : record.figures) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

// Throws Error unless the cell holds a number.
double number(const std::string& cell) {
  const auto value = parse_double(cell);
  if (!value) throw Error("not a number");
  return *value;
}

EpochRecord record_of(const Cells& cells, const Cells& header) {
  if (cells.size() != header.size()) throw Error("another number of columns");
  EpochRecord record = {static_cast<int64_t>(number(cells[0])), number(cells[1]), number(cells[2])};
  if (!cells[3].empty()) record.eer = number(cells[3]);
  record.best = number(cells[4]) != 0;
  record.seconds = number(cells[5]);
  record.utt_per_s = number(cells[6]);
  for (size_t i = kColumns.size(); i < cells.size(); ++i) {
    if (!cells[i].empty()) record.figures.emplace_back(header[i], number(cells[i]));
  }
  return record;
}

}  // namespace

Journal::Journal(std::filesystem::path path, int64_t keep) : path_(std::move(path)) {
  if (keep > 0) records_ = read(path_);
  std::erase_if(records_, [&](const EpochRecord& record) { return record.epoch >= keep; });
}

void Journal::add(const EpochRecord& record) {
  records_.push_back(record);
  const Cells figures = figures_of(records_);
  Cells header = kColumns;
  header.insert(header.end(), figures.begin(), figures.end());
  std::string text = csv_line(header);
  for (const EpochRecord& r : records_) text += line(r, figures);
  write_atomically(path_, text);
}

std::vector<EpochRecord> Journal::read(const std::filesystem::path& path) {
  const std::string text = read_text(path);
  CsvReader reader(text, path.string());
  const Cells header = reader.next().value_or(Cells());
  std::vector<EpochRecord> records;
  while (const auto cells = reader.next()) {
    try {
      if (header.size() < kColumns.size()) throw Error("too few columns");
      records.push_back(record_of(*cells, header));
    } catch (const Error&) {
      throw Error(fmt::format("{}: line {}: not a line of a training log", printable(path.string()),
                              reader.line()));
    }
  }
  return records;
}

}  // namespace bonafide
