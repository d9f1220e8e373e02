#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr std::string_view kPart = ".part";

// The process of a file that is called "state.safetensors.part123-0"; nothing for other names, also
// for those that some other program may have given: "lecture.part1-2".
std::optional<pid_t> writer_of(std::string_view name) {
  const size_t at = name.rfind(kPart), dash = name.rfind('-');
  if (at == std::string_view::npos || dash == std::string_view::npos || dash < at) return {};
  if (name.substr(0, at).find('.') == std::string_view::npos) return {};
  const size_t begin = at + kPart.size();
  const auto process = parse_integer(name.substr(begin, dash - begin));
  if (!process || *process <= 0 || *process > std::numeric_limits<pid_t>::max()) return {};
  return parse_integer(name.substr(dash + 1)) ? std::optional(static_cast<pid_t>(*process))
                                              : std::nullopt;
}

// `name` goes into messages.
void write_to(const std::filesystem::path& path, const std::filesystem::path& name,
              const std::function<void(std::ostream&)>& write) {
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  if (!stream) throw Error(describe_errno(name, errno));
  write(stream);
  stream.close();
  if (!stream) throw Error(describe_errno(name, errno));
}

// Waits for the disk: a file renamed before it is written there can be empty after a power cut.
void wait_for_disk(const std::filesystem::path& path, const std::filesystem::path& name) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw Error(describe_errno(name, errno));
  const Descriptor file(fd);
  if (::fsync(file.get()) != 0) throw Error(describe_errno(name, errno));
}

[[noreturn]] void refuse_length(const std::filesystem::path& path, size_t length, size_t limit) {
  throw Error(fmt::format("{}: {} bytes; at most {} are read here", printable(path.native()),
                          length, limit));
}

// Files of /proc say that they are empty.
std::string read_unsized(const std::filesystem::path& path, size_t limit) {
  std::ifstream stream(path, std::ios::binary);
  std::string text;
  char piece[4096];
  while (stream.read(piece, sizeof piece), stream.gcount() > 0) {
    text.append(piece, static_cast<size_t>(stream.gcount()));
    if (text.size() > limit) refuse_length(path, text.size(), limit);
  }
  return text;
}

}  // namespace

std::string describe_errno(const std::filesystem::path& path, int code) {
  return fmt::format("{}: {}", printable(path.native()), std::strerror(code));
}

namespace {

// A link whose target is gone says more than that nothing is there.
std::string why_not_opened(const std::filesystem::path& path, int code) {
  std::error_code unknown;
  const auto target = std::filesystem::read_symlink(path, unknown);
  if (code != ENOENT || unknown) return describe_errno(path, code);
  return fmt::format("{}: a link to {}, which is not there", printable(path.native()),
                     printable(target.native()));
}

std::string why_not_mapped(const std::filesystem::path& path, int code, size_t size) {
  if (code != ENOMEM) return describe_errno(path, code);
  return fmt::format("{}, and its {} bytes need so many addresses", describe_errno(path, code),
                     size);
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) : path_(path) {
  // O_NONBLOCK: opening a pipe without a writer must not hang.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) throw Error(why_not_opened(path, errno));
  const Descriptor file(fd);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw Error(describe_errno(path, errno));
  if (!S_ISREG(status.st_mode)) {
    throw Error(fmt::format("{}: {}", printable(path.native()),
                            S_ISDIR(status.st_mode) ? "is a folder" : "not a regular file"));
  }
  size_ = static_cast<size_t>(status.st_size);
  if (size_ == 0) return;
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (address == MAP_FAILED) throw Error(why_not_mapped(path, errno, size_));
  data_ = static_cast<const std::byte*>(address);
}

MappedFile::~MappedFile() {
  guard_ = {};
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

void MappedFile::map_now(size_t offset, size_t size) const {
#ifdef MADV_POPULATE_READ
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  const size_t first = std::min(offset, size_) / page * page;
  const size_t last = size_ - std::min(offset, size_) < size ? size_ : offset + size;
  // An older kernel refuses, and the pages come one by one.
  ::madvise(const_cast<std::byte*>(data_) + first, last - first, MADV_POPULATE_READ);
#endif
}

void MappedFile::let_go(std::span<const std::byte> part) const {
  const std::less<const std::byte*> before;
  const std::byte* end = part.data() + part.size();
  if (part.empty() || before(part.data(), data_) || before(data_ + size_, end)) return;
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  const auto offset = static_cast<size_t>(part.data() - data_);
  const size_t first = (offset + page - 1) / page * page;
  const size_t last = (offset + part.size()) / page * page;
  if (first >= last) return;
  ::madvise(const_cast<std::byte*>(data_) + first, last - first, MADV_DONTNEED);
}

void MappedFile::watch() {
  if (data_ != nullptr) guard_ = MappingGuard(data_, size_);
}

void MappedFile::expect_unchanged() const {
  if (!lost()) return;
  throw Error(
      fmt::format("{}: changed or became unreadable while it was read", printable(path_.native())));
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      guard_(std::move(other.guard_)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(guard_, other.guard_);
  return *this;
}

std::string read_text(const std::filesystem::path& path, size_t limit) {
  MappedFile file(path);
  file.watch();
  const auto bytes = file.bytes();
  if (bytes.size() > limit) refuse_length(path, bytes.size(), limit);
  if (bytes.empty()) return read_unsized(path, limit);
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  file.expect_unchanged();
  return text;
}

void write_atomically(const std::filesystem::path& path,
                      const std::function<void(std::ostream&)>& write) {
  std::error_code unknown;
  const auto status = std::filesystem::status(path, unknown);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    write_to(path, path, write);
    return;
  }
  auto target = std::filesystem::canonical(path, unknown);
  if (unknown) target = path;
  std::filesystem::path part = target;
  static std::atomic<unsigned> parts = 0;  // of this process: threads may write the same path
  part += fmt::format("{}{}-{}", kPart, ::getpid(), parts++);
  try {
    write_to(part, path, write);
    wait_for_disk(part, path);
    std::error_code code;
    std::filesystem::rename(part, target, code);
    if (code) throw Error(describe_errno(path, code.value()));
  } catch (...) {
    ::unlink(part.c_str());
    throw;
  }
}

void remove_abandoned_parts(const std::filesystem::path& folder) {
  std::error_code unreadable;
  std::vector<std::filesystem::path> abandoned;
  for (const auto& entry : std::filesystem::directory_iterator(folder, unreadable)) {
    const auto process = writer_of(entry.path().filename().native());
    if (process && ::kill(*process, 0) != 0 && errno == ESRCH) abandoned.push_back(entry.path());
  }
  for (const auto& part : abandoned) std::filesystem::remove(part, unreadable);
}

void write_atomically(const std::filesystem::path& path, std::string_view text) {
  write_atomically(path, [&](std::ostream& stream) {
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
  });
}

}  // namespace bonafide
