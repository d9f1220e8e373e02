#include "parity/figures.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "parity/golden_scores.h"

namespace bonafide {

namespace {

double difference(double got, double want) {
  if (std::isnan(got) && std::isnan(want)) return 0;
  if (got == want) return 0;  // also for infinities
  const double error = std::abs(got - want);
  return std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
}

}  // namespace

bool is_refusal(const Json& output) { return output.is_object() && output.contains("error"); }

const Json& member(const Json& output, const char* key) {
  return is_refusal(output) ? output : output.at(key);
}

Figures::Figures(std::filesystem::path case_file, std::ostream& out)
    : case_file_(std::move(case_file)), out_(out) {}

void Figures::check(const std::string& figure, const Json& want, double tolerance,
                    const std::function<double()>& got) {
  double value = 0;
  try {
    value = got();
  } catch (const Error&) {
    print(figure, want.is_object(), want.is_object() ? 0 : HUGE_VAL, tolerance);
    return;
  }
  if (want.is_object()) {
    print(figure, false, HUGE_VAL, tolerance);
    return;
  }
  const double error = difference(value, golden_number(want));
  print(figure, error <= tolerance, error, tolerance);
}

void Figures::check_relative(const std::string& figure, const Json& want, double tolerance,
                             const std::function<double()>& got) {
  const double size = want.is_object() ? 1 : std::abs(golden_number(want));
  check(figure, want, std::isfinite(size) ? tolerance * size : tolerance, got);
}

void Figures::check_text(const std::string& figure, std::string_view want, std::string_view got) {
  print(figure, want == got, want == got ? 0 : 1, 0);
}

void Figures::uncovered(std::string_view component) {
  out_ << fmt::format("PARITY UNCOVERED {} {}\n", case_file_.string(), component);
}

void Figures::run(const std::string& case_name, const std::function<void()>& check_all) {
  try {
    check_all();
  } catch (const std::exception& e) {
    passed_ = false;
    out_ << fmt::format("PARITY FAIL {} {} - - {}\n", case_file_.string(), case_name,
                        printable(e.what(), 500));
  }
}

void Figures::print(const std::string& figure, bool passed, double error, double tolerance) {
  passed_ = passed_ && passed;
  out_ << fmt::format("PARITY {} {} {} {:.3g} {:.3g}\n", passed ? "PASS" : "FAIL",
                      case_file_.string(), figure, error, tolerance);
}

}  // namespace bonafide
