#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "metrics/detector_result.h"
#include "metrics/detector_trials.h"
#include "report/html.h"

namespace bonafide {

// A factor and the figures of its values.
struct Breakdown {
  std::string factor;
  std::vector<ConditionResult> rows;
};

// A part of a page with a heading of its own.
struct PageSection {
  std::string heading;
  std::vector<HtmlTable> tables;
  std::vector<std::pair<std::string, std::string>> figures;  // caption, SVG
};

// What a page about a countermeasure says.
struct DetectorPage {
  std::string title;
  std::string unit = "trials";  // or "recordings"
  const DetectorResult& result;
  std::span<const double> bona_fide;
  std::span<const double> spoof;
  std::vector<std::string> notes = {};     // paragraphs below the figures
  std::vector<std::string> warnings = {};  // besides the result's
  std::vector<Breakdown> breakdowns = {};
  std::vector<PageSection> sections = {};  // after the breakdowns
  std::vector<std::pair<std::string, std::string>> run_card = {};
};

// One HTML page: the figures, DET plot, histogram and calibration plots, a table and bars for each
// breakdown, the sections, and how all this was made.
std::string detector_page(const DetectorPage& page);

// EER bars of a breakdown, with the pooled EER as reference.
std::string breakdown_bars(const Breakdown& breakdown, const DetectorResult& pooled);

}  // namespace bonafide
