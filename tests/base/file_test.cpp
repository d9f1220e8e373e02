#include "base/file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <ostream>
#include <set>
#include <stdexcept>
#include <vector>

#include "base/error.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

namespace fs = std::filesystem;

long entries(const Scratch& scratch) {
  return std::distance(fs::directory_iterator(scratch.path()), fs::directory_iterator());
}

TEST(ReadText, GivesTheWholeFile) {
  const Scratch scratch;
  write_atomically(scratch / "a.txt", std::string_view("a\0b\n", 4));

  EXPECT_EQ(read_text(scratch / "a.txt"), std::string("a\0b\n", 4));
}

TEST(ReadText, ReadsAnEmptyFile) {
  const Scratch scratch;
  write_atomically(scratch / "empty", "");

  EXPECT_EQ(read_text(scratch / "empty"), "");
}

TEST(ReadText, ReadsFilesOfTheKernelThatSayTheyAreEmpty) {
  EXPECT_NE(read_text("/proc/self/cmdline").find("base_test"), std::string::npos);
  EXPECT_THROW(read_text("/proc/self/cmdline", 3), Error);
}

TEST(ReadText, RefusesFilesAboveTheLimit) {
  const Scratch scratch;
  write_atomically(scratch / "a.txt", "12345");

  EXPECT_EQ(read_text(scratch / "a.txt", 5), "12345");
  EXPECT_THROW(read_text(scratch / "a.txt", 4), Error);
}

TEST(MappedFile, NamesAMissingFile) {
  const Scratch scratch;
  EXPECT_EQ(error_text([&] { MappedFile file(scratch / "none.wav"); }),
            (scratch / "none.wav").string() + ": No such file or directory");
}

TEST(MappedFile, NamesTheMissingTargetOfALink) {
  const Scratch scratch;
  fs::create_symlink("../annex/objects/a", scratch / "a.wav");

  EXPECT_EQ(error_text([&] { MappedFile file(scratch / "a.wav"); }),
            (scratch / "a.wav").string() + ": a link to ../annex/objects/a, which is not there");
}

TEST(MappedFile, RefusesFoldersPipesAndDevicesWithoutWaiting) {
  const Scratch scratch;
  ASSERT_EQ(::mkfifo((scratch / "pipe").c_str(), 0600), 0);

  EXPECT_EQ(error_text([&] { MappedFile file(scratch.path()); }),
            scratch.path().string() + ": is a folder");
  EXPECT_THROW(MappedFile(scratch / "pipe"), Error);
  EXPECT_THROW(MappedFile("/dev/zero"), Error);
}

TEST(MappedFile, KeepsItsBytesWhenMoved) {
  const Scratch scratch;
  write_atomically(scratch / "a", "abc");
  write_atomically(scratch / "b", "defg");
  MappedFile a(scratch / "a");
  MappedFile b(scratch / "b");

  a = MappedFile(std::move(b));

  EXPECT_EQ(a.bytes().size(), 4U);
  EXPECT_EQ(a.bytes()[0], std::byte{'d'});
}

TEST(MappedFile, MapsAnyStretchNow) {
  const Scratch scratch;
  write_atomically(scratch / "file", std::string(10000, 'a'));
  const MappedFile file(scratch / "file");

  for (const size_t offset : {0u, 5000u, 9999u, 10000u, 20000u}) {
    for (const size_t size : {size_t{0}, size_t{1}, size_t{10000}, SIZE_MAX}) {
      file.map_now(offset, size);
    }
  }

  EXPECT_EQ(file.bytes()[9999], std::byte{'a'});
}

// Pages of files that this process has in memory.
size_t file_pages() {
  size_t size = 0, resident = 0, shared = 0;
  std::ifstream("/proc/self/statm") >> size >> resident >> shared;
  return shared;
}

TEST(MappedFile, LetsPagesGoAndReadsThemAgain) {
  constexpr size_t kSize = size_t{32} << 20, kPage = 4096;
  const Scratch scratch;
  write_atomically(scratch / "file", std::string(kSize, 'a'));
  const MappedFile file(scratch / "file");
  const auto sum = [&] {
    return std::count(file.bytes().begin(), file.bytes().end(), std::byte{'a'});
  };
  EXPECT_EQ(sum(), kSize);
  const size_t before = file_pages();

  file.let_go(file.bytes());

  EXPECT_LT(file_pages() + kSize / kPage / 2, before);
  EXPECT_EQ(sum(), kSize);
}

TEST(MappedFile, LetsGoOfNothingThatIsNotItsOwn) {
  const Scratch scratch;
  write_atomically(scratch / "file", std::string(10000, 'a'));
  const MappedFile file(scratch / "file");
  const std::vector<std::byte> own(size_t{1} << 20, std::byte{7});

  file.let_go(own);
  file.let_go({});

  EXPECT_EQ(std::count(own.begin(), own.end(), std::byte{7}), own.size());
}

TEST(MappedFile, OutlivesAFileThatShrinksWhileItIsRead) {
  const Scratch scratch;
  write_atomically(scratch / "file", std::string(100000, 'a'));
  MappedFile file(scratch / "file");
  file.watch();
  file.expect_unchanged();

  fs::resize_file(scratch / "file", 5000);

  EXPECT_EQ(file.bytes()[4999], std::byte{'a'});
  EXPECT_EQ(file.bytes()[99999], std::byte{0});
  EXPECT_EQ(file.bytes()[50000], std::byte{0});
  const MappedFile moved = std::move(file);
  EXPECT_EQ(error_text([&] { moved.expect_unchanged(); }),
            (scratch / "file").string() + ": changed or became unreadable while it was read");
}

TEST(MappedFileDeathTest, DiesWhereNobodyWatches) {
  const Scratch scratch;
  write_atomically(scratch / "watched", "a");
  write_atomically(scratch / "file", std::string(100000, 'a'));
  MappedFile watched(scratch / "watched");
  watched.watch();
  const MappedFile file(scratch / "file");
  fs::resize_file(scratch / "file", 0);

  EXPECT_DEATH(std::_Exit(static_cast<int>(file.bytes()[99999])), "");
}

TEST(WriteAtomically, ReplacesTheFileAndLeavesNothingElse) {
  const Scratch scratch;
  write_atomically(scratch / "a.txt", "old");

  write_atomically(scratch / "a.txt", "new");

  EXPECT_EQ(read_text(scratch / "a.txt"), "new");
  EXPECT_EQ(entries(scratch), 1);
}

TEST(WriteAtomically, KeepsTheOldFileWhenTheWriterThrows) {
  const Scratch scratch;
  write_atomically(scratch / "a.txt", "old");
  const auto fails = [](std::ostream& stream) {
    stream << "half";
    throw std::runtime_error("no more");
  };

  EXPECT_THROW(write_atomically(scratch / "a.txt", fails), std::runtime_error);

  EXPECT_EQ(read_text(scratch / "a.txt"), "old");
  EXPECT_EQ(entries(scratch), 1);
}

TEST(WriteAtomically, NamesTheFileThatWasAskedFor) {
  const Scratch scratch;
  EXPECT_EQ(error_text([&] { write_atomically(scratch / "none/a.txt", "x"); }),
            (scratch / "none/a.txt").string() + ": No such file or directory");
}

TEST(WriteAtomically, WritesThroughASymbolicLink) {
  const Scratch scratch;
  write_atomically(scratch / "target", "old");
  fs::create_symlink("target", scratch / "link");

  write_atomically(scratch / "link", "new");

  EXPECT_TRUE(fs::is_symlink(scratch / "link"));
  EXPECT_EQ(read_text(scratch / "target"), "new");
}

// As root, a rename would put a file in the place of /dev/null.
TEST(WriteAtomically, WritesIntoADeviceAndDoesNotReplaceIt) {
  const Scratch scratch;
  fs::create_symlink("/dev/null", scratch / "null");

  write_atomically(scratch / "null", "x");

  EXPECT_TRUE(fs::is_character_file(scratch / "null"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(WriteAtomically, LeavesPartsWhenKilledThatCanBeRemoved) {
  const Scratch scratch;
  const pid_t child = ::fork();
  if (child == 0) {
    write_atomically(scratch / "state.bin", [](std::ostream& stream) {
      stream << "x" << std::flush;
      ::kill(::getpid(), SIGKILL);
    });
  }
  ::waitpid(child, nullptr, 0);
  const auto names = [&] {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(scratch.path())) {
      found.insert(entry.path().filename());
    }
    return found;
  };
  const std::set<std::string> others = {"a.b.part",
                                        "a.b.part1-x",
                                        "a.b.part-1",
                                        "a.b.part0-0",
                                        "part5-0",
                                        fmt::format("a.b.part{}-0", ::getpid()),
                                        fmt::format("lecture.part{}-0", child)};
  for (const std::string& name : others) write_atomically(scratch / name, "x");
  ASSERT_EQ(names().size(), others.size() + 1);

  remove_abandoned_parts(scratch.path());

  EXPECT_EQ(names(), others);
  remove_abandoned_parts(scratch / "none");
}

TEST(WriteAtomically, SaysWhenTheDiskIsFull) {
  EXPECT_THROW(write_atomically("/dev/full", std::string(100000, 'x')), Error);
}

}  // namespace
}  // namespace bonafide
