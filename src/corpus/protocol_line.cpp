#include "corpus/protocol_line.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/list_text.h"
#include "base/text.h"

namespace bonafide {

void refuse_line(const std::filesystem::path& file, size_t line, std::string_view why) {
  throw UsageError(fmt::format("{}: line {}: {}", printable(file.native()), line, why));
}

std::string read_list(const std::filesystem::path& path) {
  try {
    return list_text(read_text(path), path.native());
  } catch (const UsageError&) {
    throw;
  } catch (const Error& e) {
    throw UsageError(e.what());
  }
}

void IdLedger::enter(const Trial& trial, size_t line) {
  const std::string name = identity(trial);
  if (name.empty()) refuse_line(file_, line, "no name of a recording");
  // The parts of a corpus may share recordings.
  enter(trial.partition + '\n' + name, name, line);
  if (trial.truth != Truth::kUnknown) expect_one_label(trial, line);
}

void IdLedger::expect_one_label(const Trial& trial, size_t line) {
  AudioLocation place = location_of(trial);
  place.path = place.path.lexically_normal();
  const Truth label = label_of(trial.truth);
  const auto [entry, fresh] = label_of_.emplace(place.name(), Said{label, line});
  if (fresh || entry->second.label == label) return;
  refuse_line(file_, line,
              fmt::format("\"{}\" is {}, but {} in line {}", printable(place.name()),
                          name_of(label), name_of(entry->second.label), entry->second.line));
}

void IdLedger::enter(const std::string& id, size_t line) {
  if (id.empty()) refuse_line(file_, line, "no name of a recording");
  enter(id, id, line);
}

void IdLedger::enter(const std::string& key, const std::string& name, size_t line) {
  const auto [entry, fresh] = line_of_.emplace(key, line);
  if (fresh) return;
  refuse_line(file_, line,
              fmt::format("\"{}\" again (line {} has it)", printable(name), entry->second));
}

}  // namespace bonafide
