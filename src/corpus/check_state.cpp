#include "corpus/check_state.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"
#include "base/file.h"
#include "base/random.h"
#include "base/text.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTitle = "bonafide data check 1";
constexpr size_t kDigits = 16;

}  // namespace

CheckState::CheckState(const fs::path& file) {
  if (file.empty()) return;
  std::error_code missing;
  const bool is_old = fs::exists(file, missing) && fs::file_size(file, missing) > 0;
  const std::string text = is_old ? read_text(file) : std::string();
  const auto lines = split(text, '\n');
  if (is_old && lines.front() != kTitle) {
    throw UsageError(fmt::format("{}: not a state file of this check", printable(file.native())));
  }
  for (size_t i = 1; is_old && i < lines.size(); ++i) {
    uint64_t number = 0;
    const char* end = lines[i].data() + lines[i].size();
    // A last line that was cut off by the end of the program is no entry.
    if (lines[i].size() == kDigits &&
        std::from_chars(lines[i].data(), end, number, 16).ptr == end) {
      known_.insert(number);
    }
  }
  out_.open(file, std::ios::binary | std::ios::app);
  if (!out_) throw Error(describe_errno(file, errno));
  out_ << (is_old ? (text.back() == '\n' ? "" : "\n") : fmt::format("{}\n", kTitle)) << std::flush;
}

uint64_t CheckState::fingerprint(const AudioLocation& location) {
  std::error_code unreadable;
  const auto size = fs::file_size(location.path, unreadable);
  const auto changed = fs::last_write_time(location.path, unreadable).time_since_epoch().count();
  return hash(fmt::format("{}\n{}\n{}\n{}{}", fs::absolute(location.path).native(),
                          location.member.offset, size, changed,
                          location.excerpt ? '\n' + location.excerpt->name() : ""));
}

void CheckState::add(uint64_t fingerprint) {
  const std::lock_guard lock(mutex_);
  if (out_.is_open()) out_ << fmt::format("{:016x}\n", fingerprint) << std::flush;
}

}  // namespace bonafide
