// Runs every golden case found below the folders of BONAFIDE_GOLDEN, and prints one line for each
// figure (the form is part of the command-line contract).

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "adapters.h"
#include "base/json_fault.h"
#include "base/json_value.h"
#include "base/text.h"
#include "case.h"
#include "metric_cases.h"
#include "tensor/memory.h"

namespace bonafide {

namespace {

struct Tally {
  size_t passed = 0, failed = 0, skipped = 0, uncovered = 0;
};

void say(std::string_view verdict, const std::filesystem::path& path, std::string_view rest) {
  std::cout << fmt::format("PARITY {} {} {}", verdict, path.string(), rest) << std::endl;
}

// ||got - want|| / max(||want||, 1e-12); integers must be equal.
double relative_error(const torch::Tensor& got, const torch::Tensor& want) {
  const auto difference = (got.to(torch::kFloat64) - want.to(torch::kFloat64)).norm();
  const double scale = want.to(torch::kFloat64).norm().item<double>();
  return difference.item<double>() / std::max(scale, 1e-12);
}

class Runner {
 public:
  void run(const std::filesystem::path& path);
  const Tally& tally() const { return tally_; }

 private:
  void run_case(const Case& golden, Adapter adapter);
  void check(const Case& golden, const Case::Output& output, const Results& results);
  void fail(const std::filesystem::path& path, const std::string& tensor,
            const std::string& reason);

  Tally tally_;
};

void Runner::fail(const std::filesystem::path& path, const std::string& tensor,
                  const std::string& reason) {
  ++tally_.failed;
  say("FAIL", path, fmt::format("{} - - {}", tensor, printable(reason, 500)));
}

void Runner::check(const Case& golden, const Case::Output& output, const Results& results) {
  const auto found = results.find(output.of);
  if (found == results.end()) {
    return fail(golden.path(), output.tensor, "the component does not give " + output.of);
  }
  if (!output.tolerance) return fail(golden.path(), output.tensor, "the case states no tolerance");
  const auto want = golden.stored(output.tensor);
  auto got = select_part(found->second.detach(), output.select);
  if (got.dim() == 0) got = got.view({1});
  if (got.sizes() != want.sizes()) {
    return fail(
        golden.path(), output.tensor,
        fmt::format("shape {} instead of {}", c10::str(got.sizes()), c10::str(want.sizes())));
  }
  const double error = relative_error(got, want);
  const bool exact = !want.is_floating_point();
  const bool passed = exact ? torch::equal(got.to(torch::kInt64), want.to(torch::kInt64))
                            : error <= *output.tolerance;  // false for NaN
  ++(passed ? tally_.passed : tally_.failed);
  say(passed ? "PASS" : "FAIL", golden.path(),
      fmt::format("{} {:.3g} {:.3g}", output.tensor, error, *output.tolerance));
}

void Runner::run_case(const Case& golden, Adapter adapter) {
  std::optional<Results> single, twofold;
  for (const Case::Output& output : golden.outputs()) {
    if (output.float64 && !has_float64_mode(golden.component())) {
      ++tally_.skipped;
      say("SKIPPED", golden.path(), output.tensor + " the component computes in float32 only");
      continue;
    }
    auto& results = output.float64 ? twofold : single;
    if (!results) {
      results = adapter(golden, output.float64 ? torch::kFloat64 : torch::kFloat32);
    }
    try {
      check(golden, output, *results);
    } catch (const std::exception& e) {  // of this tensor alone
      fail(golden.path(), output.tensor, e.what());
    }
  }
}

void Runner::run(const std::filesystem::path& path) {
  try {
    const Case golden(path);
    if (golden.component().empty()) return;  // a fixture
    const Adapter adapter = find_adapter(golden.component());
    if (adapter == nullptr) {
      ++tally_.uncovered;
      return say("UNCOVERED", path, golden.component());
    }
    if (golden.outputs().empty()) fail(path, "-", "the case stores no outputs");
    for (const std::string& tensor : golden.unused_tensors()) {
      ++tally_.uncovered;
      say("UNCOVERED", path, fmt::format("{} {}", golden.component(), printable(tensor)));
    }
    run_case(golden, adapter);
  } catch (const Json::exception& e) {
    fail(path, "-", "the case is not as it should be: " + json_fault(e));
  } catch (const std::exception& e) {
    fail(path, "-", e.what());
  }
}

// Of BONAFIDE_GOLDEN, or else the whole collection, where it lies beside the project, and the cases
// that every clone has (script/golden-cases chose them).
std::vector<std::filesystem::path> folders() {
  std::vector<std::filesystem::path> list;
  if (const char* value = std::getenv("BONAFIDE_GOLDEN"); value != nullptr && *value != '\0') {
    for (const auto part : split(value, ':')) {
      if (!part.empty()) list.emplace_back(part);
    }
    return list;
  }
  for (const char* usual : {"/../shared/golden", "/tests/golden"}) {
    const std::filesystem::path folder = std::string(BONAFIDE_SOURCE_DIR) + usual;
    if (std::filesystem::exists(folder)) list.push_back(folder.lexically_normal());
  }
  return list;
}

std::vector<std::filesystem::path> cases_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  const std::string only = [] {
    const char* value = std::getenv("BONAFIDE_PARITY_ONLY");
    return std::string(value == nullptr ? "" : value);
  }();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension != ".safetensors" && extension != ".json") continue;
    if (entry.path().string().find(only) != std::string::npos) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

int run_all() {
  std::set<std::filesystem::path> done;  // below their folders: a copy of a case is run once
  Runner runner;
  bool metrics_passed = true;
  for (const auto& folder : folders()) {
    if (!std::filesystem::is_directory(folder)) {
      std::cout << "PARITY FAIL " << folder.string() << " - - not a folder\n";
      return 1;
    }
    for (const auto& path : cases_below(folder)) {
      if (!done.insert(path.lexically_relative(folder)).second) continue;
      if (path.extension() == ".json") {
        metrics_passed = run_metric_case(path, std::cout) && metrics_passed;
      } else {
        runner.run(path);
      }
    }
  }
  const Tally& t = runner.tally();
  std::cout << fmt::format("tensors: {} passed, {} failed, {} skipped; {} uncovered\n", t.passed,
                           t.failed, t.skipped, t.uncovered);
  return t.failed == 0 && metrics_passed ? 0 : 1;
}

}  // namespace

}  // namespace bonafide

int main() {
  bonafide::use_large_pages_for_tensors();
  at::set_num_threads(static_cast<int>(std::thread::hardware_concurrency()));
  return bonafide::run_all();
}
