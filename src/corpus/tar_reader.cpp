#include "corpus/tar_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <array>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

bool starts_with(std::span<const std::byte> bytes, std::string_view magic) {
  return bytes.size() >= magic.size() &&
         std::string_view(reinterpret_cast<const char*>(bytes.data()), magic.size()) == magic;
}

void refuse_compressed(std::span<const std::byte> bytes) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kForms = {
      {{"\x1f\x8b", "gzip"},
       {"BZh", "bzip2"},
       {"\xfd"
        "7zXZ",
        "xz"},
       {"\x28\xb5\x2f\xfd", "zstd"}}};
  for (const auto& [magic, name] : kForms) {
    if (!starts_with(bytes, magic)) continue;
    throw Error(fmt::format(
        "compressed ({}); recordings are read in place, so the archive must be a plain .tar",
        name));
  }
}

std::string trouble(archive* reader) {
  const char* text = archive_error_string(reader);
  return printable(text != nullptr ? text : "damaged");
}

// A name may hold any bytes. In the C locale libarchive gives non-ASCII names of pax headers in
// UTF-8 only, and those of older headers as they stand only.
std::string name_of(archive_entry* entry) {
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = archive_entry_pathname(entry);
  return name != nullptr ? name : "";
}

}  // namespace

TarReader::TarReader(std::span<const std::byte> bytes)
    : bytes_(bytes), archive_(archive_read_new(), archive_read_free) {
  refuse_compressed(bytes);
  if (!archive_) throw Error("out of memory");
  if (archive_read_support_format_tar(archive_.get()) != ARCHIVE_OK ||
      archive_read_open_memory(archive_.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    throw Error(fmt::format("not a tar archive ({})", trouble(archive_.get())));
  }
}

// libarchive hands out data from memory in place, so its address says where it lies.
uint64_t TarReader::offset_of_data(const std::string& name, uint64_t size) {
  if (size == 0) return 0;  // it lies nowhere
  const void* block = nullptr;
  size_t length = 0;
  la_int64_t position = 0;
  const int code = archive_read_data_block(archive_.get(), &block, &length, &position);
  const auto* data = static_cast<const std::byte*>(block);
  if (code == ARCHIVE_OK && position == 0 && data >= bytes_.data() &&
      data + size <= bytes_.data() + bytes_.size()) {
    return static_cast<uint64_t>(data - bytes_.data());
  }
  throw Error(fmt::format(
      "member \"{}\": {}", printable(name),
      code < ARCHIVE_OK ? trouble(archive_.get()) : "its bytes are not all there, in one piece"));
}

std::optional<ArchiveMember> TarReader::next() {
  archive_entry* entry = nullptr;
  for (;;) {
    const int code = archive_read_next_header(archive_.get(), &entry);
    if (code == ARCHIVE_EOF) return std::nullopt;
    // A warning is about a name that the locale cannot show.
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) throw Error(trouble(archive_.get()));
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr) {
      continue;
    }
    ArchiveMember member{.name = name_of(entry)};
    if (archive_entry_sparse_count(entry) > 0) {
      throw Error(fmt::format("member \"{}\" is a sparse file", printable(member.name)));
    }
    const la_int64_t size = archive_entry_size(entry);
    if (size < 0 || static_cast<uint64_t>(size) > bytes_.size()) {
      throw Error(
          fmt::format("member \"{}\": its bytes are not all there", printable(member.name)));
    }
    member.size = static_cast<uint64_t>(size);
    member.offset = offset_of_data(member.name, member.size);
    return member;
  }
}

}  // namespace bonafide
