#include "journal/text_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

class ZipFile {
 public:
  explicit ZipFile(const std::filesystem::path& path)
      : path_(path), zip_(archive_write_new(), &archive_write_free) {
    check(archive_write_set_format_zip(zip_.get()));
    check(archive_write_open_filename(zip_.get(), path.c_str()));
  }

  void add(const std::string& name, const std::string& text) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                              &archive_entry_free);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(text.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    check(archive_write_header(zip_.get(), entry.get()));
    if (archive_write_data(zip_.get(), text.data(), text.size()) !=
        static_cast<la_ssize_t>(text.size())) {
      fail();
    }
  }

  void close() { check(archive_write_close(zip_.get())); }

 private:
  void check(int result) {
    if (result != ARCHIVE_OK) fail();
  }
  [[noreturn]] void fail() {
    const char* reason = archive_error_string(zip_.get());
    throw Error(fmt::format("{}: {}", printable(path_.string()),
                            reason == nullptr ? "cannot be written" : reason));
  }

  std::filesystem::path path_;
  std::unique_ptr<archive, decltype(&archive_write_free)> zip_;
};

}  // namespace

void write_text_archive(const std::filesystem::path& path,
                        const std::vector<std::pair<std::string, std::string>>& texts) {
  std::filesystem::path part = path;
  part += ".part";
  ZipFile zip(part);
  for (const auto& [name, text] : texts) zip.add(name, text);
  zip.close();
  std::filesystem::rename(part, path);
}

}  // namespace bonafide
