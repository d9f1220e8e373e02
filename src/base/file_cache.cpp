#include "base/file_cache.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>

#include "base/digest.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMark = 0x31'65'68'63'61'63'66'62;  // "bfcache1", little-endian

struct Header {
  uint64_t mark = kMark;
  uint64_t key = 0;       // hash of the key
  uint64_t size = 0;      // bytes after the header
  uint64_t checksum = 0;  // of them
};

// Eight bytes at a time: reading a kept recording must cost far less than decoding it. Finds
// damage, not forgery.
uint64_t checksum(std::span<const std::byte> bytes) {
  uint64_t sum = scatter(bytes.size());
  size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    sum = (sum ^ word) * 0x9E3779B97F4A7C15U;
    sum ^= sum >> 32;
  }
  uint64_t rest = 0;
  if (at < bytes.size()) std::memcpy(&rest, bytes.data() + at, bytes.size() - at);
  return scatter(sum ^ rest);
}

}  // namespace

FileCache::FileCache(fs::path folder) : folder_(std::move(folder)) {
  std::error_code code;
  fs::create_directories(folder_, code);
  if (code || !fs::is_directory(folder_)) {
    throw Error(fmt::format("{}: no folder for a cache{}{}", printable(folder_.native()),
                            code ? ": " : "", code ? code.message() : ""));
  }
}

// 256 folders, because some file systems are slow with a million files in one.
fs::path FileCache::path_of(std::string_view key) const {
  const std::string name = sha256(std::as_bytes(std::span(key)));
  return folder_ / name.substr(0, 2) / name.substr(2);
}

std::optional<FileCache::Entry> FileCache::find(std::string_view key) const {
  const fs::path path = path_of(key);
  std::error_code code;
  if (!fs::is_regular_file(fs::symlink_status(path, code))) return std::nullopt;
  try {
    MappedFile file(path);
    file.watch();
    const auto all = file.bytes();
    Header header;
    if (all.size() < sizeof header) return std::nullopt;
    std::memcpy(&header, all.data(), sizeof header);
    const auto bytes = all.subspan(sizeof header);
    if (header.mark != kMark || header.key != hash(key) || header.size != bytes.size() ||
        header.checksum != checksum(bytes)) {
      return std::nullopt;
    }
    return Entry{std::move(file), bytes};
  } catch (const Error&) {
    return std::nullopt;
  }
}

void FileCache::keep(std::string_view key, std::span<const std::byte> bytes) const {
  if (failed_) return;
  try {
    const fs::path path = path_of(key);
    std::error_code code;
    fs::create_directories(path.parent_path(), code);
    const auto there = fs::symlink_status(path, code).type();
    // A link or a pipe is none of ours, and must not lead us anywhere.
    if (there != fs::file_type::not_found && there != fs::file_type::regular) {
      throw Error(fmt::format("{}: not a file", printable(path.native())));
    }
    const Header header{.key = hash(key), .size = bytes.size(), .checksum = checksum(bytes)};
    write_atomically(path, [&](std::ostream& stream) {
      stream.write(reinterpret_cast<const char*>(&header), sizeof header);
      stream.write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    });
  } catch (const std::exception& e) {
    const std::lock_guard lock(mutex_);
    if (trouble_.empty()) trouble_ = e.what();
    failed_ = true;
  }
}

std::string FileCache::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

}  // namespace bonafide
