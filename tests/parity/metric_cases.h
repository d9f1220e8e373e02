#pragma once

#include <filesystem>
#include <ostream>

namespace bonafide {

// Runs every golden case of a JSON file of golden/metrics, or of another folder of the same form,
// and prints one line per figure:
//   PARITY PASS|FAIL CASE_FILE FIGURE ERROR TOLERANCE
// or PARITY UNCOVERED CASE_FILE COMPONENT for a file whose form is not known, or
// PARITY FAIL CASE_FILE CASE - - REASON for a case that ends in an exception; none gets out. False
// when a figure fails. Cases are told apart by what they hold, never by their names.
bool run_metric_case(const std::filesystem::path& json_file, std::ostream& out);

}  // namespace bonafide
