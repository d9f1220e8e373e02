#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "scoring/inputs.h"
#include "scoring/scorer.h"

namespace bonafide {

// Score files. csv and jsonl hold all that is known, failed files too. The others are what the
// challenges' scoring tools read; there a file is called by its name without folder and extension,
// and failed files are left out.
enum class ScoreFormat {
  kCsv,           // file,score,llr,probability,verdict,seconds,detail
  kJsonl,         // one object a line, with the segments
  kArena,         // utterance score
  kAsvspoof2019,  // utterance attack key score; attack and key are not known here: "-"
  kAsvspoof2021,  // utterance score
  kAsvspoof5,     // filename TAB cm-score, with a header
  kRat,  // file_name,score,label: its probability, and "nan" for the label; the file's name
};

const std::vector<std::string>& score_format_names();

// Throws UsageError for a name that is none.
ScoreFormat parse_score_format(std::string_view name);

// Why the format has no place for a recording of this name; empty when it has: where blanks
// separate the fields, an utterance has none.
std::string objection_to(const std::string& file, ScoreFormat format);

// Puts in trouble the inputs that the format has no place for, and those that it would call by one
// name though they lie in different places.
void mark_unnameable(std::vector<Input>& inputs, ScoreFormat format);

// Writes rows as they come, each in one piece. Throws Error when the stream takes no more.
class RowWriter {
 public:
  // Writes the format's header. The stream must outlive the writer; `name` is for messages.
  // `embeddings`: rows of kJsonl have them.
  RowWriter(std::ostream& stream, ScoreFormat format, std::string name = "scores",
            bool embeddings = false);

  void write(const ScoreRow& row);

 private:
  void put(const std::string& text);

  std::ostream& stream_;
  ScoreFormat format_;
  std::string name_;
  bool embeddings_;
};

// Writes the text at once. Throws Error, naming the stream, when it takes no more.
void write_or_say_where(std::ostream& stream, std::string_view text, const std::string& name);

}  // namespace bonafide
