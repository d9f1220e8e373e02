#include "base/output_path.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

void expect_no_input(std::string_view command, const std::filesystem::path& output,
                     std::span<const std::string> inputs) {
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(output, unknown)) return;
  for (const std::string& input : inputs) {
    if (input.empty() || !std::filesystem::equivalent(output, input, unknown)) continue;
    throw UsageError(
        fmt::format("{}: the output {} is an input, too", command, printable(output.native())));
  }
}

}  // namespace bonafide
