#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/stretch.h"
#include "trials/columns.h"
#include "trials/text_table.h"

namespace bonafide {

struct Column {
  ColumnRole role = ColumnRole::kIgnored;
  std::string word;  // what the header or the layout calls it
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

// The column that holds what results are to be broken down by, in the layout's own word for it or
// else in any word of trial_columns(): "codec" finds "compression". SIZE_MAX when none does.
size_t find_factor_column(const TableLayout& layout, std::string_view name);

// What a table is read for, where its form leaves more than one reading.
enum class TableUse {
  kAlone,   // it has scores and says itself what its trials are
  kScores,  // beside a key
  kKey,
};

// The layouts of files without a header: score files first, then keys and protocols.
struct NamedLayout {
  std::string_view name;
  std::string_view columns;  // one word each, as a header would have it, or "-"
  bool commas = false;
};
const std::vector<NamedLayout>& headerless_layouts();

// The layout that fits the header, or all of the first rows: of several those with what the use
// needs, and of these the one that asks most of each column. Leaves the table at its first row.
// Throws UsageError when none fits, naming the file and what was found, and when two readings stay
// possible, naming both.
TableLayout detect_layout(TextTable& table, TableUse use = TableUse::kAlone);

}  // namespace bonafide
