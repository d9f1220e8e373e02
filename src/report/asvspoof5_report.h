#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/grid.h"
#include "trials/trials.h"

namespace bonafide {

struct Asvspoof5Options {
  // The full tables hand the rate of rejected spoofs to the t-DCF as that of accepted ones.
  // Official tables repeat the slip; otherwise the rate is the right one. It also decides between
  // the package's windowed search for the t-EER and the full one.
  bool official = true;
  // The organisers' ASV trials, for the t-DCF of the full tables; none: fixed rates.
  const Trials* organiser_asv = nullptr;
};

struct Asvspoof5Track1 {
  double min_dcf = 0;
  double eer = 0;
  double cllr = 0;
  double actual_dcf = 0;
  bool corrected = false;  // the package's Cllr is another one

  std::string text() const;  // as evaluation.py prints it
};
Asvspoof5Track1 asvspoof5_track1(const Trials& trials, const Asvspoof5Options& options = {});

struct Asvspoof5Track2 {
  double a_dcf = 0;
  std::optional<double> min_tdcf;  // with CM and ASV scores only
  std::optional<double> t_eer;     // percent
  bool tdcf_corrected = false;     // the package's value is another one
  bool t_eer_corrected = false;

  std::string text() const;
};
Asvspoof5Track2 asvspoof5_track2(const Trials& trials, const Asvspoof5Options& options = {});

// Attacks by codecs, both pooled first; the trials need the factors "attack" and "codec".
struct Asvspoof5Tables {
  std::string heading;
  std::vector<Grid> grids;
  std::vector<std::string> corrected = {};  // captions of grids where the package's values differ
  std::vector<std::string> warnings = {};   // of cells left empty, where the package would end

  std::string text(bool latex_colours = false) const;  // as evaluation_full.py prints it
};
Asvspoof5Tables asvspoof5_track1_tables(const Trials& trials, const Asvspoof5Options& options = {});
Asvspoof5Tables asvspoof5_track2_tables(const Trials& trials, const Asvspoof5Options& options = {});

}  // namespace bonafide
