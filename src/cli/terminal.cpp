#include "cli/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "cli/say.h"

namespace bonafide {

namespace {

using Clock = std::chrono::steady_clock;

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(seconds);
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
}

class TerminalProgress : public Progress {
 public:
  void start(std::string_view what, size_t total) override {
    what_ = what;
    total_ = total;
    began_ = drawn_ = Clock::now();
    draw(0, "");
  }

  void update(size_t done, std::string_view note) override {
    const auto now = Clock::now();
    if (now - drawn_ < std::chrono::milliseconds(100) && done != total_) return;
    drawn_ = now;
    draw(done, note);
  }

  void finish() override { say("\r\x1b[K"); }

 private:
  void draw(size_t done, std::string_view note) const {
    const double elapsed = std::chrono::duration<double>(Clock::now() - began_).count();
    std::string line = fmt::format("\r\x1b[K{} {}", what_, done);
    if (total_ > 0) {
      const double share = static_cast<double>(done) / static_cast<double>(total_);
      line += fmt::format("/{} {:3.0f} %", total_, 100 * share);
      if (done > 0) line += fmt::format(", {} left", clock_text(elapsed / share - elapsed));
    }
    if (!note.empty()) line += fmt::format(", {}", note);
    say("{}", line);
    std::fflush(stderr);
  }

  std::string what_;
  size_t total_ = 0;
  Clock::time_point began_;
  Clock::time_point drawn_;
};

}  // namespace

std::unique_ptr<Progress> terminal_progress() {
  if (::isatty(STDERR_FILENO) == 0) return std::make_unique<NoProgress>();
  return std::make_unique<TerminalProgress>();
}

}  // namespace bonafide
