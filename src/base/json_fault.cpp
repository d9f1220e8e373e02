#include "base/json_fault.h"

#include <fmt/format.h>

#include "base/json_value.h"
#include "base/text.h"

namespace bonafide {

std::string json_fault(const Json::exception& e) {
  std::string_view text = e.what();
  if (const size_t mark = text.find("] "); text.starts_with('[') && mark != text.npos) {
    text.remove_prefix(mark + 2);
  }
  constexpr std::string_view kKey = "key '", kMissing = "' not found";
  if (text.starts_with(kKey) && text.ends_with(kMissing)) {
    text = text.substr(kKey.size(), text.size() - kKey.size() - kMissing.size());
    return fmt::format("no \"{}\"", printable(text));
  }
  return printable(text, 200);
}

}  // namespace bonafide
