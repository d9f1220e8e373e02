#include "base/pipe.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <new>
#include <optional>
#include <string_view>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/text.h"

namespace bonafide {

namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kFirstBuffer = size_t{1} << 20;
constexpr int kPollMilliseconds = 100;  // how soon an interrupt is noticed

// The number of a descriptor that the path stands for.
std::optional<int> own_descriptor(const std::filesystem::path& path) {
  if (path == "/dev/stdin") return 0;
  std::string_view name = path.native();
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!name.starts_with(folder)) continue;
    const auto number = parse_integer(name.substr(folder.size()));
    if (number && *number >= 0 && *number < 1 << 20) return static_cast<int>(*number);
  }
  return std::nullopt;
}

// An own descriptor is taken itself: a socket cannot be opened a second time.
int open_pipe(const std::filesystem::path& path) {
  const auto own = own_descriptor(path);
  if (own) return ::fcntl(*own, F_DUPFD_CLOEXEC, 0);
  // O_NONBLOCK: opening a pipe without a writer must not hang.
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

// Whether nobody may have opened it for writing yet: not so with one that has no name, nor with an
// own descriptor, as whoever opened that one has waited for a writer.
bool may_lack_writer(const std::filesystem::path& path, int fd) {
  struct statfs status {};
  return !own_descriptor(path) && ::fstatfs(fd, &status) == 0 && status.f_type != PIPEFS_MAGIC &&
         status.f_type != SOCKFS_MAGIC;
}

std::string named(const std::filesystem::path& path, std::string_view what) {
  return fmt::format("{}: {}", printable(path.native()), what);
}

}  // namespace

bool is_pipe(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 &&
         (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

void PipeContent::grow(const std::filesystem::path& path) {
  capacity_ = std::max(kFirstBuffer, 2 * capacity_);
  auto* const moved = static_cast<std::byte*>(std::realloc(bytes_.get(), capacity_));
  if (moved == nullptr) throw Error(named(path, "out of memory"));
  static_cast<void>(bytes_.release());
  bytes_.reset(moved);
}

PipeContent::Got PipeContent::read_some(int fd, const std::filesystem::path& path) {
  if (size_ == capacity_) grow(path);
  const ssize_t got = ::read(fd, bytes_.get() + size_, capacity_ - size_);
  if (got > 0) {
    size_ += static_cast<size_t>(got);
    return Got::kBytes;
  }
  if (got == 0) return Got::kNoWriter;
  if (errno == EAGAIN || errno == EINTR) return Got::kNothingYet;
  throw Error(describe_errno(path, errno));
}

PipeContent::PipeContent(const std::filesystem::path& path, size_t limit, double patience) {
  if (!is_pipe(path)) throw Error(named(path, "not a pipe"));
  const Descriptor pipe(open_pipe(path));
  if (pipe.get() < 0) throw Error(describe_errno(path, errno));
  const auto deadline = Clock::now() + std::chrono::duration<double>(patience);
  bool writer_may_come = may_lack_writer(path, pipe.get());
  while (true) {
    if (interrupted()) throw Error(named(path, "interrupted"));
    pollfd ready{pipe.get(), POLLIN, 0};
    // A read before that would wait where the descriptor is an own one, and hear of no interrupt.
    if (::poll(&ready, 1, kPollMilliseconds) <= 0 && !writer_may_come) continue;
    if ((ready.revents & POLLHUP) != 0) writer_may_come = false;  // it was there
    const Got got = read_some(pipe.get(), path);
    if (got == Got::kNoWriter && !writer_may_come) break;
    if (got != Got::kNoWriter) {
      writer_may_come = false;  // it is there
    } else if (Clock::now() > deadline) {
      throw Error(named(path, fmt::format("a pipe that nobody has opened for writing in {:.0f} "
                                          "seconds",
                                          patience)));
    }
    if (size_ > limit) {
      throw Error(named(path, fmt::format("more than {} bytes came out of it, the most that are "
                                          "read from a pipe",
                                          limit)));
    }
  }
  if (size_ == 0) throw Error(named(path, "an empty pipe"));
}

std::string read_text_or_pipe(const std::filesystem::path& path) {
  if (!is_pipe(path)) return read_text(path);
  const PipeContent content(path);
  return {reinterpret_cast<const char*>(content.bytes().data()), content.bytes().size()};
}

}  // namespace bonafide
