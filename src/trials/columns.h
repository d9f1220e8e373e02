#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bonafide {

// What a column of a score file, key, protocol or manifest says about its trial.
enum class ColumnRole {
  kIgnored,
  kId,            // of the recording
  kPath,          // of the recording's file: its id where the table has no other
  kPlace,         // where in that file the recording lies, and where those lie that belong to it
  kClaim,         // the speaker that a verification trial claims; part of its identity
  kLabel,         // bonafide, spoof, in any of the field's words, or a number
  kAsvLabel,      // target, nontarget, spoof
  kSasvNumber,    // 1 target, 2 nontarget, 0 spoof (score fusion tool of ASVspoof 5)
  kTargetNumber,  // 1 target, 0 nontarget (pair lists of VoxCeleb)
  kCmScore,       // of the countermeasure, or the only one
  kAsvScore,
  kSasvScore,
  kFactor,  // anything to break results down by
};

bool is_score(ColumnRole role);  // one of the three kinds
bool is_label(ColumnRole role);  // any of the four ways to say what a trial truly is

// A column under the name that manifests have for it, and the field's other words. Case does not
// count in them, nor whether "_" or "-" is written.
struct TrialColumn {
  std::string_view name;
  ColumnRole role;
  std::vector<std::string_view> aliases = {};  // mean the same beside the name too
  // Mean it where the table has neither the name nor an alias, the first of them that it has:
  // beside these they may mean something else.
  std::vector<std::string_view> substitutes = {};
};

// All that are known, in the order in which manifests have them.
const std::vector<TrialColumn>& trial_columns();

// The column that a word means by itself; null for an unknown word.
const TrialColumn* find_trial_column(std::string_view word);

// What the columns of a header mean together; null for those that mean nothing known. "spk" is the
// claimed speaker of verification trials, unless another column is.
std::vector<const TrialColumn*> find_trial_columns(const std::vector<std::string>& header);

// Lower case, without blanks around it, "_" as "-": two words of the same form are the same.
std::string column_word(std::string_view word);

}  // namespace bonafide
