#include "train/scalars.h"

#include <cerrno>
#include <cmath>
#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

namespace bonafide {

namespace {

// The lines of a run that goes on at a step and an epoch; one cut short by a crash goes too.
std::string lines_before(const std::filesystem::path& path, int64_t steps, int64_t epochs) {
  if (!std::filesystem::exists(path)) return "";
  std::string kept;
  const std::string text = read_text(path);
  for (const auto line : split(text, '\n')) {
    const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) continue;
    const bool stays = json.contains("epoch") ? json.value("epoch", int64_t{0}) < epochs
                                              : json.value("step", int64_t{0}) < steps;
    if (stays) kept += std::string(line) + "\n";
  }
  return kept;
}

}  // namespace

Scalars::Scalars(const std::filesystem::path& directory, int64_t keep_steps, int64_t keep_epochs)
    : events_(directory) {
  const auto path = directory / "scalars.jsonl";
  write_atomically(path, lines_before(path, keep_steps, keep_epochs));
  lines_.open(path, std::ios::binary | std::ios::app);
  if (!lines_) throw Error(describe_errno(path, errno));
}

void Scalars::add(const char* axis, const std::string& name, double value, int64_t at) {
  const Json number = std::isfinite(value) ? Json(value) : Json();
  lines_ << Json{{"name", name}, {"value", number}, {axis, at}}.dump() << '\n';
  events_.add(name, value, at);
}

void Scalars::by_step(const std::string& name, double value, int64_t step) {
  add("step", name, value, step);
}

void Scalars::by_epoch(const std::string& name, double value, int64_t epoch) {
  add("epoch", name, value, epoch);
}

void Scalars::flush() {
  lines_.flush();
  events_.flush();
}

}  // namespace bonafide
