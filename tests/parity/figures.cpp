#include "parity/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>

#include "base/error.h"
#include "base/json_fault.h"
#include "base/json_value.h"
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

std::string name_of_case(const Json& golden) {
  const bool named = golden.is_object() && golden.contains("name") && golden["name"].is_string();
  return named ? printable(golden["name"].get<std::string>()) : "?";
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
  } catch (const Json::exception& e) {
    fail(case_name, "the case is not as it should be: " + json_fault(e));
  } catch (const std::exception& e) {
    fail(case_name, e.what());
  }
}

void Figures::fail(const std::string& case_name, std::string_view why) {
  passed_ = false;
  out_ << fmt::format("PARITY FAIL {} {} - - {}\n", case_file_.string(), case_name,
                      printable(why, 500));
}

void Figures::print(const std::string& figure, bool passed, double error, double tolerance) {
  passed_ = passed_ && passed;
  out_ << fmt::format("PARITY {} {} {} {:.3g} {:.3g}\n", passed ? "PASS" : "FAIL",
                      case_file_.string(), figure, error, tolerance);
}

Expected::Expected(std::string name, const Json* stored, Figures& figures)
    : name_(std::move(name)),
      stored_(stored),
      figures_(figures),
      known_({"error", "message"}),
      exceptions_(std::uncaught_exceptions()) {
  if (stored != nullptr && !stored->is_object()) {
    throw Error(fmt::format("{}: no object of figures", name_));
  }
}

Expected::~Expected() {
  if (!there() || std::uncaught_exceptions() > exceptions_) return;
  for (const auto& item : stored_->items()) {
    if (std::find(known_.begin(), known_.end(), item.key()) == known_.end()) {
      figures_.uncovered(printable(below(item.key())));
    }
  }
}

std::string Expected::below(const std::string& key) const {
  return name_.empty() ? key : name_ + "." + key;
}

const Json* Expected::find(const std::string& key) {
  known_.push_back(key);
  if (!there() || refused()) return stored_;
  const auto found = stored_->find(key);
  return found == stored_->end() ? nullptr : &*found;
}

void Expected::pass_over(const std::vector<std::string>& keys) {
  known_.insert(known_.end(), keys.begin(), keys.end());
}

void Expected::check(const std::string& key, double tolerance, const std::function<double()>& got) {
  if (const Json* want = find(key)) figures_.check(below(key), *want, tolerance, got);
}

void Expected::check_relative(const std::string& key, double tolerance,
                              const std::function<double()>& got) {
  if (const Json* want = find(key)) figures_.check_relative(below(key), *want, tolerance, got);
}

}  // namespace bonafide
