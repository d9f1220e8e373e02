#include "audio/archive_window.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <mutex>

#include "audio/archive_member.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr uint64_t kBlock = uint64_t{256} << 10;     // bytes
constexpr uint64_t kMostMember = uint64_t{1} << 30;  // bytes that are taken into memory

// An archive that stays open, and how it looked when it was opened.
struct OpenArchive {
  explicit OpenArchive(const fs::path& file)
      : path(file),
        size(fs::file_size(file)),
        changed(fs::last_write_time(file)),
        mapped(file),
        window(mapped.bytes()) {
    mapped.watch();
  }

  bool still_is(const fs::path& file) const {
    std::error_code code;
    return path == file && size == fs::file_size(file, code) && !code &&
           changed == fs::last_write_time(file, code);
  }

  fs::path path;
  uintmax_t size;
  fs::file_time_type changed;
  MappedFile mapped;
  std::mutex mutex;  // of the window
  ArchiveWindow window;
};

// Shared by all threads: those that go through an archive together need it decompressed once.
std::shared_ptr<OpenArchive> open_archive(const fs::path& path) {
  static std::mutex mutex;
  static std::list<std::shared_ptr<OpenArchive>> open;  // the last used in front
  const std::lock_guard lock(mutex);
  const auto found = std::find_if(open.begin(), open.end(),
                                  [&](const auto& archive) { return archive->still_is(path); });
  if (found != open.end()) {
    open.splice(open.begin(), open, found);
  } else {
    open.push_front(std::make_shared<OpenArchive>(path));
    if (open.size() > kOpenArchives) open.pop_back();
  }
  return open.front();
}

}  // namespace

ArchiveWindow::ArchiveWindow(std::span<const std::byte> compressed)
    : compressed_(compressed), stream_(make_decompressor(compressed)) {}

void ArchiveWindow::rewind() {
  stream_ = make_decompressor(compressed_);
  blocks_.clear();
  begin_ = end_ = 0;
}

bool ArchiveWindow::more() {
  if (end_ - begin_ == blocks_.size() * kBlock) {
    blocks_.emplace_back(kBlock);
    if (blocks_.size() * kBlock > kWindow + kBlock) {
      blocks_.pop_front();
      begin_ += kBlock;
    }
  }
  const size_t got = stream_->read(std::span(blocks_.back()).subspan(end_ % kBlock));
  end_ += got;
  return got > 0;
}

std::vector<std::byte> ArchiveWindow::read(uint64_t offset, uint64_t size) {
  if (offset < begin_) rewind();
  std::vector<std::byte> bytes;
  while (bytes.size() < size) {
    const uint64_t at = offset + bytes.size();
    if (at >= end_) {
      if (!more()) break;
      continue;
    }
    const auto& block = blocks_[(at - begin_) / kBlock];
    const uint64_t skip = at % kBlock;
    const uint64_t count = std::min({kBlock - skip, end_ - at, size - bytes.size()});
    const auto from = block.begin() + static_cast<std::ptrdiff_t>(skip);
    bytes.insert(bytes.end(), from, from + static_cast<std::ptrdiff_t>(count));
  }
  return bytes;
}

std::vector<std::byte> ArchiveWindow::member(const ArchiveMember& member) {
  if (member.size == 0) throw Error("an empty file");
  if (member.offset < kTarHeader) {
    throw Error(fmt::format("the archive has no member at byte {}; list it again", member.offset));
  }
  if (member.size > kMostMember) {
    throw Error(fmt::format("{} bytes; at most {} are read from a compressed archive", member.size,
                            kMostMember));
  }
  return read(member.offset - kTarHeader, member.size + kTarHeader);
}

bool is_compressed_file(const fs::path& path) {
  return !compression_of(MappedFile(path).bytes()).empty();
}

std::vector<std::byte> decompressed_member(const AudioLocation& location) {
  try {
    const auto archive = open_archive(location.path);
    const std::lock_guard lock(archive->mutex);
    auto bytes = archive->window.member(location.member);
    if (archive->mapped.lost()) throw Error("the archive changed while it was read");
    return bytes;
  } catch (const fs::filesystem_error& e) {
    throw Error(describe_errno(location.path, e.code().value()));
  } catch (const Error& e) {
    throw Error(fmt::format("{}: {}", printable(location.name()), e.what()));
  }
}

}  // namespace bonafide
