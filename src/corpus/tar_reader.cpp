#include "corpus/tar_reader.h"

#include <archive_entry.h>
#include <fmt/format.h>

#include <cerrno>

#include "base/error.h"
#include "base/file_kind.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr size_t kBlock = size_t{256} << 10;  // bytes
constexpr size_t kMostLinks = 100000;         // without a file between them

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
  if (!archive_) throw Error("out of memory");
  if (!compression_of(bytes).empty()) {
    compressed_ = make_decompressor(bytes);
    block_.resize(kBlock);
  }
  open();
}

void TarReader::open() {
  archive* const reader = archive_.get();
  int code = archive_read_support_format_tar(reader);
  // `cat a.tar b.tar`: the end mark of the first is in the middle.
  if (code == ARCHIVE_OK) {
    code = archive_read_set_format_option(reader, "tar", "read_concatenated_archives", "1");
  }
  if (code == ARCHIVE_OK) {
    code = compressed_ ? archive_read_open(reader, this, nullptr, read_block, nullptr)
                       : archive_read_open_memory(reader, bytes_.data(), bytes_.size());
  }
  if (code != ARCHIVE_OK) {
    const std::string other = what_else();
    throw Error(other.empty() ? fmt::format("not a tar archive ({})", trouble()) : other);
  }
}

// Called through C: nothing may be thrown.
la_ssize_t TarReader::read_block(archive* reader, void* self, const void** block) {
  auto& tar = *static_cast<TarReader*>(self);
  try {
    *block = tar.block_.data();
    return static_cast<la_ssize_t>(tar.compressed_->read(tar.block_));
  } catch (const std::exception& e) {
    tar.damage_ = e.what();
    archive_set_error(reader, EIO, "%s", e.what());
    return -1;
  }
}

// libarchive's words are often about what followed from the damage.
std::string TarReader::trouble() const {
  if (!damage_.empty()) return damage_;
  const char* text = archive_error_string(archive_.get());
  return printable(text != nullptr ? text : "damaged");
}

// "looks like a Git LFS pointer, not a tar archive", or nothing where it may well be one.
std::string TarReader::what_else() const {
  const auto kind = compressed_ ? std::nullopt : kind_of(bytes_);
  const bool is_other = kind && kind->name.find("tar") == std::string_view::npos;
  return is_other ? mistaken_for(bytes_, "a tar archive") : "";
}

void TarReader::refuse(const std::string& why) const {
  throw Error(fmt::format("member \"{}\": {}", printable(member_.name), why));
}

void TarReader::refuse_rest() const {
  if (member_.name.empty()) {
    const std::string other = what_else();
    throw Error(other.empty() ? trouble() : other);
  }
  throw Error(fmt::format("behind member \"{}\" lie bytes that are no member of a tar archive ({})",
                          printable(member_.name), trouble()));
}

// Here, not with the next header, so that what is missing has the right name.
void TarReader::pass_over() {
  if (member_.empty()) return;
  if (archive_read_data_skip(archive_.get()) < ARCHIVE_WARN) refuse(trouble());
}

std::optional<ArchiveMember> TarReader::next() {
  pass_over();
  archive_entry* entry = nullptr;
  for (;;) {
    const int code = archive_read_next_header(archive_.get(), &entry);
    if (code == ARCHIVE_EOF) return std::nullopt;
    // A warning is about a name that the locale cannot show.
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) refuse_rest();
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr) {
      if (archive_entry_filetype(entry) != AE_IFDIR) links_.push_back(name_of(entry));
      if (links_.size() > kMostLinks) throw Error(fmt::format("more than {} links", kMostLinks));
      continue;
    }
    member_ = {.name = name_of(entry)};
    if (archive_entry_sparse_count(entry) > 0) refuse("a sparse file");
    const la_int64_t size = archive_entry_size(entry);
    const la_int64_t offset = archive_filter_bytes(archive_.get(), 0);  // headers are behind us
    if (size < 0 || offset < 0) refuse("its bytes are not all there");
    member_.size = static_cast<uint64_t>(size);
    member_.offset = size == 0 ? 0 : static_cast<uint64_t>(offset);  // an empty one lies nowhere
    if (!compressed_ &&
        (member_.offset > bytes_.size() || member_.size > bytes_.size() - member_.offset)) {
      refuse("its bytes are not all there");
    }
    return member_;
  }
}

std::string TarReader::text(size_t limit) {
  if (member_.size > limit) refuse(fmt::format("{} bytes; at most {}", member_.size, limit));
  std::string text(member_.size, '\0');
  size_t at = 0;
  while (at < text.size()) {
    const la_ssize_t got = archive_read_data(archive_.get(), &text[at], text.size() - at);
    if (got < 0) refuse(trouble());
    if (got == 0) refuse("its bytes are not all there");
    at += static_cast<size_t>(got);
  }
  return text;
}

}  // namespace bonafide
