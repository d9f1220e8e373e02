#include "base/owned_folder.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/text.h"

namespace bonafide {

namespace fs = std::filesystem;

void claim_folder(const fs::path& folder, const Json& settings) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) throw Error(fmt::format("{}: {}", printable(folder.native()), code.message()));
  const fs::path file = folder / "settings.json";
  if (!fs::exists(file)) {
    if (!fs::is_empty(folder)) {
      throw UsageError(fmt::format("{}: holds other files; an empty folder is needed",
                                   printable(folder.native())));
    }
    write_atomically(file, settings.dump(2) + "\n");
  } else if (Json::parse(read_text(file), nullptr, /*allow_exceptions=*/false) != settings) {
    throw UsageError(
        fmt::format("{}: made with other settings; choose another folder, or remove it",
                    printable(folder.native())));
  }
}

}  // namespace bonafide
