#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/excerpt.h"

namespace bonafide {

// What a table's column, or an object's key, says of a stretch: where it begins (start, begin,
// offset, onset, tmin, start_time, begin_time and the like), where it ends (end, stop, tmax,
// end_time, stop_time) or how long it is (duration, dur). So do NeMo, Lhotse, SpeechBrain and
// Audacity call them. Such a word counts
// in any case, "_", "-" and blanks alike, and parted where the case changes. Units (s, ms, us, ns,
// min, samples, frames) and words for what is cut (segment, clip, vad, time, index, ...) may stand
// beside such a word, but no others: "start_date" and "from_corpus" are none. from, to, first,
// last, t0 and t1 alone are passed over where they are no times, and the ends of them without a
// begin.
//
// These are seconds, but "..._ms" are milliseconds; "..._sample(s)", "..._frame" and "frame_offset"
// are samples, and so are start and stop beside each other (SpeechBrain).
class StretchColumns {
 public:
  StretchColumns() = default;
  explicit StretchColumns(const std::vector<std::string>& header);

  // None of the columns says where a stretch begins or ends: every row means a whole recording.
  bool empty() const { return columns_.empty(); }

  // The stretch that a row means, whose fields are those of the header; nothing where it means the
  // whole recording:
  //   - nothing says where it begins or ends (a duration alone is that of a whole recording);
  //   - it begins at 0 and has neither an end nor a length, or an end of -1.
  // One that begins at 0 and ends somewhere may be the whole too, but only the recording itself
  // could tell: it is a stretch. Empty, "-", "null", "none", "nan" and "n/a" say nothing. A time is
  // a number, or minutes and seconds as 1:02.5. Throws UsageError, naming the column, for another
  // text, for a stretch that begins before the recording or ends where it begins, and for a begin
  // in samples with an end or a length in seconds.
  template <typename Fields>
  std::optional<Excerpt> read(const Fields& fields) const {
    Found found;
    for (const Column& column : columns_) note(column, fields[column.index], found);
    return stretch_of(found);
  }

  // For tables that name whole recordings only: throws UsageError for a row that means a stretch,
  // naming column and value.
  template <typename Fields>
  void expect_whole(const Fields& fields) const {
    Found found;
    for (const Column& column : columns_) note(column, fields[column.index], found);
    if (stretch_of(found)) refuse(found);
  }

 private:
  enum class Edge { kBegin, kEnd, kLength };
  struct Column {
    std::string name;  // as the header has it
    size_t index;
    Edge edge;
    Excerpt::Unit unit = Excerpt::Unit::kSeconds;
    double scale = 1;   // of a value to the unit
    bool weak = false;  // a word that means a time only where its value is one
  };
  struct Value {
    const Column* column;
    double number;
    std::string text;
  };
  struct Found {
    std::optional<Value> begin, end, length;
  };

  static std::optional<Column> column_of(const std::string& name, size_t index);
  static void note(const Column& column, std::string_view text, Found& found);
  static std::optional<Excerpt> stretch_of(const Found& found);
  [[noreturn]] static void refuse(const Found& found);
  [[noreturn]] static void refuse_units(const Value& begin, const Value& end);
  [[noreturn]] static void refuse_empty(const Value& begin, const std::optional<Value>& end);

  std::vector<Column> columns_;
};

// Whether the value of an object's key may say something of a stretch; quick.
bool is_stretch_column(std::string_view name);

}  // namespace bonafide
