#include "corpus/protocol_line.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace bonafide {

void refuse_line(const std::filesystem::path& file, size_t line, std::string_view why) {
  throw UsageError(fmt::format("{}: line {}: {}", printable(file.native()), line, why));
}

std::string read_list(const std::filesystem::path& path) {
  try {
    return read_text(path);
  } catch (const Error& e) {
    throw UsageError(e.what());
  }
}

void IdLedger::enter(const std::string& id, size_t line) {
  if (id.empty()) refuse_line(file_, line, "no name of a recording");
  const auto [entry, fresh] = line_of_.emplace(id, line);
  if (fresh) return;
  refuse_line(file_, line,
              fmt::format("\"{}\" again (line {} has it)", printable(id), entry->second));
}

}  // namespace bonafide
