// CPU seconds of the metrics on random scores, from 10^4 to 10^7 trials, one core.

#include <fmt/format.h>
#include <sys/resource.h>

#include <ctime>

#include "base/random.h"
#include "metrics/bootstrap.h"
#include "metrics/cllr.h"
#include "metrics/comparison.h"
#include "metrics/detection_cost.h"
#include "metrics/eer.h"
#include "metrics/tandem_cost.h"
#include "metrics/tandem_eer.h"

namespace {

using namespace bonafide;

std::vector<double> scores(size_t n, double mean, uint64_t seed) {
  Random random(seed);
  std::vector<double> values(n);
  for (double& v : values) v = mean + random.uniform() + random.uniform() + random.uniform() - 1.5;
  return values;
}

template <typename Work>
double seconds(Work work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double peak_mebibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void detector(size_t trials) {
  const auto bona_fide = scores(trials / 5, 0.6, 1);
  const auto spoof = scores(trials - trials / 5, -0.6, 2);
  double sum = 0;  // keeps the compiler from leaving the work out
  const double ranking = seconds([&] { sum += Ranking(bona_fide, spoof).score(0); });
  const double all = seconds([&] {
    const Ranking ranked(bona_fide, spoof);
    sum += det_eer(ranked).value + min_dcf(ranked).value + cllr(bona_fide, spoof) +
           min_tandem_dcf(ranked, revised_tandem_weights(kAsvspoof5AsvRates)).value;
  });
  fmt::print(
      "{:>9} trials: ranking {:.4f} s, with EER + minDCF + Cllr + t-DCF {:.4f} s, peak so far "
      "{:.0f} MiB ({:.6g})\n",
      trials, ranking, all, peak_mebibytes(), sum);
}

void resamples() {
  const Ranking ranking(scores(20000, 0.6, 1), scores(80000, -0.6, 2));
  const std::vector<Statistic> statistics = {weighted_det_eer};
  double sum = 0;
  const double time = seconds([&] {
    sum += bootstrap(ranking, *plain_resampler(), statistics, {.resamples = 1000})[0].low;
  });
  fmt::print("1000 bootstrap resamples of 100000 trials, EER: {:.3f} s ({:.6g})\n", time, sum);
}

void comparison() {
  const auto bona_fide = scores(20000, 0.6, 1), spoof = scores(80000, -0.6, 2);
  const auto other_bona_fide = scores(20000, 0.6, 3), other_spoof = scores(80000, -0.6, 4);
  double value = 0;
  const double time = seconds([&] {
    value =
        compare_detectors({bona_fide, spoof}, {other_bona_fide, other_spoof}, {.resamples = 1000})
            .figures[0]
            .p_value;
  });
  fmt::print("1000 paired resamples of 100000 trials, EER + minDCF + Cllr: {:.3f} s ({:.6g})\n",
             time, value);
}

void tandem() {
  const auto target = scores(10000, 2, 1), nontarget = scores(30000, -2, 2);
  const auto spoof = scores(60000, 0.5, 3), target_cm = scores(10000, 1, 4);
  const auto nontarget_cm = scores(30000, 1, 5), spoof_cm = scores(60000, -1, 6);
  double value = 0;
  const double time = seconds([&] {
    value = tandem_eer({{target, target_cm}, {nontarget, nontarget_cm}, {spoof, spoof_cm}}).value;
  });
  fmt::print("t-EER over all pairs, 100000 trials: {:.4f} s ({:.6g})\n", time, value);
}

}  // namespace

int main() {
  for (const size_t trials : {10'000, 100'000, 1'000'000, 10'000'000}) detector(trials);
  resamples();
  comparison();
  tandem();
}
