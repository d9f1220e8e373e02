#pragma once

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/corpus.h"
#include "corpus/trial.h"
#include "corpus/trial_fields.h"

namespace bonafide {

// What the columns of a list without a header are, as words: "speaker id - attack label". A word is
// the name of a field (trial_fields()); "-" is a column that is passed over. In the columns
// themselves "-" means none.
class ColumnList {
 public:
  explicit ColumnList(std::string_view words);

  size_t size() const { return fields_.size(); }
  const std::string& words() const { return words_; }

  // As many fields as columns. The attack of a bona fide trial is none, whatever word stands there;
  // an asv_key says the label too. Throws UsageError.
  Trial read(const std::vector<std::string_view>& fields) const;

 private:
  std::string words_;
  std::vector<const TrialField*> fields_;
};

// Gives the trial its path and partition; false leaves it out of the list.
using Placer = std::function<bool(Trial&)>;

// Reads a list whose lines have one of the layouts, told apart by their number of columns. Blank
// lines are passed over. Throws UsageError naming file and line: another number of columns, an
// unknown label, the same trial twice.
std::vector<Trial> read_protocol(const std::filesystem::path& file,
                                 std::initializer_list<ColumnList> layouts, const Placer& place);

// The same from text; `file` is where it lies, and the first lines are not the list's.
std::vector<Trial> parse_protocol(std::string_view text, const std::filesystem::path& file,
                                  std::initializer_list<ColumnList> layouts, size_t lines_before,
                                  const Placer& place);

// For lists whose first column is a file's name, which may hold blanks: surplus fields are its.
std::vector<Trial> read_file_list(const std::filesystem::path& file, const ColumnList& layout,
                                  const Placer& place);

// Throws UsageError when a name from a list would lead out of the folder that it is looked up in.
void check_below(std::string_view name);

// The same for a name that is no path at all: no "/" in it.
void check_utterance(std::string_view name);

// The first of these below `root` that exists; else the first, whose reading will say what is
// missing.
std::filesystem::path find_below(const std::filesystem::path& root,
                                 std::initializer_list<std::string_view> candidates);

// The list that the request names, else the first of these below its root.
std::filesystem::path find_list(const CorpusRequest& request,
                                std::initializer_list<std::string_view> candidates);

}  // namespace bonafide
