#include "corpus/protocol.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "corpus/protocol_line.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;
using Fields = std::vector<std::string_view>;

// Reads the lines by `read` and keeps those that `place` wants.
std::vector<Trial> parse_lines(std::string_view text, const fs::path& file, size_t lines_before,
                               const std::function<Trial(const Fields&)>& read,
                               const Placer& place) {
  std::vector<Trial> trials;
  IdLedger ids(file);
  size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    const Fields fields = number > lines_before ? split_blanks(line) : Fields();
    if (fields.empty()) continue;
    try {
      Trial trial = read(fields);
      if (!place(trial)) continue;
      trials.push_back(std::move(trial));
    } catch (const UsageError& e) {
      refuse_line(file, number, e.what());
    }
    ids.enter(identity(trials.back()), number);
  }
  return trials;
}

std::string columns_text(std::initializer_list<ColumnList> layouts) {
  std::vector<std::string> texts;
  for (const ColumnList& layout : layouts) {
    texts.push_back(fmt::format("{} ({})", layout.size(), layout.words()));
  }
  return fmt::format("{}", fmt::join(texts, " or "));
}

// The fields with the first n - count + 1 of them, and the blanks between, as one.
Fields join_first(const Fields& fields, size_t count) {
  if (fields.size() <= count) return fields;
  const size_t surplus = fields.size() - count;
  const char* begin = fields.front().data();
  const char* end = fields[surplus].data() + fields[surplus].size();
  Fields joined{std::string_view(begin, static_cast<size_t>(end - begin))};
  joined.insert(joined.end(), fields.begin() + static_cast<ptrdiff_t>(surplus) + 1, fields.end());
  return joined;
}

}  // namespace

ColumnList::ColumnList(std::string_view words) : words_(words) {
  for (const std::string_view word : split_blanks(words)) {
    const TrialField* field = word == "-" ? nullptr : find_trial_field(word);
    if (word != "-" && field == nullptr) {
      throw Error(fmt::format("\"{}\" is not a field of a trial", word));
    }
    fields_.push_back(field);
  }
}

Trial ColumnList::read(const Fields& fields) const {
  if (fields.size() != size()) {
    throw UsageError(fmt::format("{} columns; a line has {} ({})", fields.size(), size(), words_));
  }
  Trial trial;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields_[i] != nullptr && fields[i] != "-") fields_[i]->set(trial, fields[i]);
  }
  if (is_bona_fide(trial.truth)) trial.attack.clear();
  return trial;
}

std::vector<Trial> parse_protocol(std::string_view text, const fs::path& file,
                                  std::initializer_list<ColumnList> layouts, size_t lines_before,
                                  const Placer& place) {
  const auto read = [&](const Fields& fields) {
    for (const ColumnList& layout : layouts) {
      if (layout.size() == fields.size()) return layout.read(fields);
    }
    throw UsageError(
        fmt::format("{} columns; a line has {}", fields.size(), columns_text(layouts)));
  };
  return parse_lines(text, file, lines_before, read, place);
}

std::vector<Trial> read_protocol(const fs::path& file, std::initializer_list<ColumnList> layouts,
                                 const Placer& place) {
  return parse_protocol(read_list(file), file, layouts, /*lines_before=*/0, place);
}

std::vector<Trial> read_file_list(const fs::path& file, const ColumnList& layout,
                                  const Placer& place) {
  return parse_lines(
      read_list(file), file, /*lines_before=*/0,
      [&](const Fields& fields) { return layout.read(join_first(fields, layout.size())); }, place);
}

void check_below(std::string_view name) {
  const fs::path path(name);
  const bool climbs = std::find(path.begin(), path.end(), "..") != path.end();
  if (path.is_absolute() || climbs || name.find('\0') != std::string_view::npos) {
    throw UsageError(fmt::format("\"{}\" leads out of the corpus", printable(name)));
  }
}

void check_utterance(std::string_view name) {
  if (name.find('/') != std::string_view::npos || name.find('\0') != std::string_view::npos) {
    throw UsageError(fmt::format("\"{}\" is not an utterance", printable(name)));
  }
}

fs::path find_below(const fs::path& root, std::initializer_list<std::string_view> candidates) {
  std::error_code unreadable;  // then reading says why
  for (const std::string_view name : candidates) {
    if (fs::exists(root / name, unreadable)) return root / name;
  }
  return root / *candidates.begin();
}

fs::path find_list(const CorpusRequest& request,
                   std::initializer_list<std::string_view> candidates) {
  return request.list.empty() ? find_below(request.root, candidates) : request.list;
}

}  // namespace bonafide
