#include "journal/scalars.h"

#include <cerrno>
#include <chrono>
#include <cmath>
#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
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
    : events_(directory, keep_steps) {
  const auto path = directory / "scalars.jsonl";
  write_atomically(path, lines_before(path, keep_steps, keep_epochs));
  lines_.open(path, std::ios::binary | std::ios::app);
  if (!lines_) throw Error(describe_errno(path, errno));
}

std::vector<Scalar> Scalars::read(const std::filesystem::path& directory) {
  std::vector<Scalar> scalars;
  const auto path = directory / "scalars.jsonl";
  if (!std::filesystem::exists(path)) return scalars;
  const std::string text = read_text(path);
  for (const auto line : split(text, '\n')) {
    const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) continue;
    const auto integer = [&](const char* key) {
      const auto it = json.find(key);
      return it != json.end() && it->is_number_integer() ? it->get<int64_t>() : int64_t{0};
    };
    const bool of_epoch = json.contains("epoch");
    const auto name = json.find("name"), value = json.find("value");
    if (name == json.end() || !name->is_string()) continue;
    if (value == json.end() || !value->is_number()) continue;
    scalars.push_back({name->get<std::string>(), value->get<double>(),
                       integer(of_epoch ? "epoch" : "step"), of_epoch, integer("time")});
  }
  return scalars;
}

void Scalars::add(const std::string& name, double value, int64_t at, bool of_epoch) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const int64_t time = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  const Json number = std::isfinite(value) ? Json(value) : Json();
  const char* axis = of_epoch ? "epoch" : "step";
  lines_ << Json{{"name", name}, {"value", number}, {axis, at}, {"time", time}}.dump() << '\n';
  events_.add(name, value, at);
  if (listener_) listener_({name, value, at, of_epoch, time});
}

void Scalars::by_step(const std::string& name, double value, int64_t step) {
  add(name, value, step, false);
}

void Scalars::by_epoch(const std::string& name, double value, int64_t epoch) {
  add(name, value, epoch, true);
}

void Scalars::flush() {
  lines_.flush();
  events_.flush();
}

}  // namespace bonafide
