#include "metrics/asvspoof2019_report.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>

#include "base/error.h"
#include "base/text.h"
#include "metrics/eer.h"
#include "trials/id_match.h"
#include "trials/text_table.h"
#include "trials/trial_table.h"

namespace bonafide {

namespace {

struct CmScores {
  std::vector<double> bona_fide;
  std::vector<double> spoof;
  std::map<std::string, std::vector<double>, std::less<>> by_attack;
};

[[noreturn]] void complain(const TextTable& table, const std::string& why) {
  throw UsageError(fmt::format("{}: line {}: {}", printable(table.name()), table.line(), why));
}

double parse_score(const TextTable& table, std::string_view field) {
  const auto score = parse_double(field);
  if (!score || std::isnan(*score)) {
    complain(table, fmt::format("\"{}\" is no score", printable(field, 40)));
  }
  return *score;
}

// The official tool counts them as often as they stand.
void refuse_duplicates(const TextTable& table, const IdPrints& ids) {
  const auto repeated = repeated_ids(ids);
  if (repeated.empty()) return;
  Complaint complaint;
  TextTable again = table.again();
  std::vector<std::string_view> fields;
  size_t next = 0;
  for (size_t row = 0; complaint.count() < repeated.size() && again.next(fields); ++row) {
    if (row != repeated[next]) continue;
    ++next;
    complaint.add(fmt::format("{} (line {})", printable(fields[0], 80), again.line()));
  }
  throw UsageError(fmt::format("{}: {} trials stand twice: {}", printable(table.name()),
                               complaint.count(), complaint.examples()));
}

CmScores read_cm_scores(const std::filesystem::path& path) {
  CmScores scores;
  TextTable table(path);
  IdPrints ids(table.expected_rows());
  std::vector<std::string_view> fields;
  while (table.next(fields)) {
    if (fields.size() != 4) {
      complain(table, fmt::format("{} columns, expected 4 (\"utterance attack key score\")",
                                  fields.size()));
    }
    const double score = parse_score(table, fields[3]);
    if (fields[2] == "bonafide") {
      scores.bona_fide.push_back(score);
    } else if (fields[2] == "spoof") {
      scores.spoof.push_back(score);
    } else {
      complain(table,
               fmt::format("key \"{}\", expected bonafide or spoof", printable(fields[2], 40)));
    }
    ids.add({fields[0], {}});
    // The official tool breaks down by the second column, whatever the key.
    scores.by_attack[std::string(fields[1])].push_back(score);
  }
  refuse_duplicates(table, ids);
  return scores;
}

struct OwnedAsvScores {
  std::vector<double> target;
  std::vector<double> nontarget;
  std::vector<double> spoof;
};

OwnedAsvScores read_asv_scores(const std::filesystem::path& path) {
  OwnedAsvScores scores;
  TextTable table(path);
  std::vector<std::string_view> fields;
  while (table.next(fields)) {
    if (fields.size() != 3) {
      complain(table, fmt::format("{} columns, expected 3 (\"source key score\")", fields.size()));
    }
    const double score = parse_score(table, fields[2]);
    if (fields[1] == "target") {
      scores.target.push_back(score);
    } else if (fields[1] == "nontarget") {
      scores.nontarget.push_back(score);
    } else if (fields[1] == "spoof") {
      scores.spoof.push_back(score);
    } else {
      complain(table, fmt::format("key \"{}\", expected target, nontarget or spoof",
                                  printable(fields[1], 40)));
    }
  }
  return scores;
}

double attack_eer(const CmScores& cm, const std::string& attack) {
  const auto scores = cm.by_attack.find(attack);
  if (scores == cm.by_attack.end()) return std::numeric_limits<double>::quiet_NaN();
  return det_eer(cm.bona_fide, scores->second).value;
}

}  // namespace

Asvspoof2019Report asvspoof2019_report(const std::filesystem::path& cm_scores,
                                       const std::filesystem::path& asv_scores,
                                       const Asvspoof2019ReportOptions& options) {
  const CmScores cm = read_cm_scores(cm_scores);
  const OwnedAsvScores asv = read_asv_scores(asv_scores);
  const Ranking ranking(cm.bona_fide, cm.spoof);
  const AsvRates rates = asv_operating_point({asv.target, asv.nontarget, asv.spoof});

  Asvspoof2019Report report;
  report.eer = det_eer(ranking).value;
  report.min_tdcf = min_tandem_dcf(ranking, legacy_tandem_weights(rates, options.costs)).value;
  report.text = fmt::format(
      "\nCM SYSTEM\n\tEER\t\t= {:8.9f} % (Equal error rate for countermeasure)\n"
      "\nTANDEM\n\tmin-tDCF\t\t= {:8.9f}\n"
      "\nBREAKDOWN CM SYSTEM\n",
      report.eer * 100, report.min_tdcf);
  for (const std::string& attack : options.attacks) {
    // The official line has no closing bracket.
    report.text += fmt::format("\tEER {}\t\t= {:8.9f} % (Equal error rate for {}\n", attack,
                               attack_eer(cm, attack) * 100, attack);
  }
  return report;
}

}  // namespace bonafide
