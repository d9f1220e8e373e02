#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/stretch.h"
#include "trials/text_table.h"

namespace bonafide {

// What a column of a score file, key or protocol says about its trial.
enum class ColumnRole {
  kIgnored,
  kId,            // of the recording
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

struct Column {
  ColumnRole role = ColumnRole::kIgnored;
  std::string name;  // of a factor
};

struct TableLayout {
  std::string name;  // "asvspoof2019", or "header"
  bool has_header = false;
  bool zero_is_bona_fide = false;  // numeric labels: 0 bona fide, 1 spoof
  std::vector<Column> columns;
  // Of a table whose ids are recordings (a manifest as key): a row of a stretch would stand for the
  // whole. Where a trial has an id of its own it may well be a stretch.
  StretchColumns stretches = {};
};

bool has_role(const TableLayout& layout, ColumnRole role);

// What a table is read for, where its form leaves more than one reading.
enum class TableUse {
  kAlone,   // it has scores and says itself what its trials are
  kScores,  // beside a key
  kKey,
};

// The layouts of files without a header: score files first, then keys and protocols.
struct NamedLayout {
  std::string_view name;
  std::string_view columns;  // one word each: a role, "-", or a factor's name
  bool commas = false;
};
const std::vector<NamedLayout>& headerless_layouts();

// The layout that fits the header, or all of the first rows: of several those with what the use
// needs, and of these the one that asks most of each column. Leaves the table at its first row.
// Throws UsageError when none fits, naming the file and what was found, and when two readings stay
// possible, naming both.
TableLayout detect_layout(TextTable& table, TableUse use = TableUse::kAlone);

}  // namespace bonafide
