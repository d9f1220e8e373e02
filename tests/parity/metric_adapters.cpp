#include "adapters.h"
#include "base/json_value.h"
#include "metrics/asvspoof2019_report.h"

namespace bonafide {

namespace {

Results run_asvspoof2019_report(const Case& golden, torch::Dtype) {
  const Json& config = golden.config();
  const auto folder = golden.path().parent_path();
  Asvspoof2019ReportOptions options;
  options.attacks = config.at("attacks").get<std::vector<std::string>>();
  options.costs.spoof_prior = config.at("p_spoof");
  options.costs.target_prior = config.at("p_target");
  options.costs.nontarget_prior = config.at("p_nontarget");
  options.costs.miss_asv = config.at("cost_miss_asv");
  options.costs.false_alarm_asv = config.at("cost_false_alarm_asv");
  options.costs.miss_cm = config.at("cost_miss_cm");
  options.costs.false_alarm_cm = config.at("cost_false_alarm_cm");
  const Asvspoof2019Report report =
      asvspoof2019_report(folder / config.at("cm_scores").get<std::string>(),
                          folder / config.at("asv_scores").get<std::string>(), options);

  const std::vector<uint8_t> bytes(report.text.begin(), report.text.end());
  return {{"report", torch::tensor(bytes, torch::kUInt8)},
          {"eer", torch::tensor({report.eer}, torch::kFloat64)},
          {"min_tdcf", torch::tensor({report.min_tdcf}, torch::kFloat64)}};
}

}  // namespace

Adapters metric_adapters() {
  return {
      {"metric/aasist-report", run_asvspoof2019_report},
  };
}

}  // namespace bonafide
