#include "base/file_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "scratch.h"

namespace bonafide {
namespace {

namespace fs = std::filesystem;

class FileCacheTest : public testing::Test {
 protected:
  std::optional<std::string> find(const std::string& key) const {
    const auto entry = cache_.find(key);
    if (!entry) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(entry->bytes.data()), entry->bytes.size());
  }
  void keep(const std::string& key, const std::string& text) const {
    cache_.keep(key, std::as_bytes(std::span(text)));
  }
  // The only file below the folder.
  fs::path file() const {
    for (const auto& entry : fs::recursive_directory_iterator(scratch_ / "cache")) {
      if (entry.is_regular_file()) return entry.path();
    }
    return {};
  }

  Scratch scratch_;
  FileCache cache_{scratch_ / "cache"};
};

TEST_F(FileCacheTest, GivesBackWhatWasKeptUnderTheKey) {
  keep("one", "first");
  keep("two", "");

  EXPECT_EQ(find("one"), "first");
  EXPECT_EQ(find("two"), "");
  EXPECT_EQ(find("three"), std::nullopt);
}

TEST_F(FileCacheTest, TakesADamagedFileForNoneAndMakesItAnew) {
  const std::string text(1003, 'x');
  keep("one", text);
  const auto size = static_cast<size_t>(fs::file_size(file()));
  for (const size_t at : {size_t{0}, size_t{9}, size_t{17}, size_t{25}, size_t{40}, size - 1}) {
    std::fstream stream(file(), std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put('\x7f');
    stream.close();
    EXPECT_EQ(find("one"), std::nullopt) << at;
    keep("one", text);
    EXPECT_EQ(find("one"), text) << at;
  }
}

TEST_F(FileCacheTest, TakesATruncatedFileForNone) {
  keep("one", "some text");
  for (const uintmax_t size : {40U, 32U, 31U, 0U}) {
    fs::resize_file(file(), size);
    EXPECT_EQ(find("one"), std::nullopt) << size;
  }
}

TEST_F(FileCacheTest, TakesTheFileOfAnotherKeyForNone) {
  keep("one", "text");
  const fs::path one = file();
  keep("two", "other");
  fs::path two;
  for (const auto& entry : fs::recursive_directory_iterator(scratch_ / "cache")) {
    if (entry.is_regular_file() && entry.path() != one) two = entry.path();
  }
  fs::copy_file(one, two, fs::copy_options::overwrite_existing);

  EXPECT_EQ(find("two"), std::nullopt);
}

TEST_F(FileCacheTest, GoesOnWithoutKeepingWhenTheDiskTakesNoMore) {
  keep("one", "text");
  const fs::path path = file();
  fs::remove(path);
  fs::create_directories(path);  // nothing can be renamed to it

  keep("one", "text");

  EXPECT_EQ(find("one"), std::nullopt);
  EXPECT_NE(cache_.trouble().find(path.string()), std::string::npos) << cache_.trouble();
  keep("two", "text");
  EXPECT_EQ(find("two"), std::nullopt);
}

TEST_F(FileCacheTest, FollowsNoLinkOutOfItsFolder) {
  keep("one", "text");
  const fs::path path = file(), outside = scratch_ / "outside";
  std::ofstream(outside) << "mine";
  fs::remove(path);
  fs::create_symlink(outside, path);

  keep("one", "text");

  EXPECT_EQ(fs::file_size(outside), 4U);
  EXPECT_EQ(find("one"), std::nullopt);
}

TEST_F(FileCacheTest, IsSafeForManyThreadsWithTheSameKey) {
  const std::string text(100000, 'y');
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        keep("one", text);
        if (find("one") != text) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(cache_.trouble(), "");
}

TEST(FileCache, SaysWhyThereCanBeNoFolder) {
  const Scratch scratch;
  std::ofstream(scratch / "file") << "text";

  EXPECT_THROW(FileCache(scratch / "file"), Error);
  EXPECT_THROW(FileCache(scratch / "file" / "below"), Error);
}

}  // namespace
}  // namespace bonafide
