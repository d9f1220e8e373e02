#include "base/pipe.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include "base/error.h"
#include "base/interrupt.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

namespace fs = std::filesystem;

std::string text_of(const PipeContent& pipe) {
  return {reinterpret_cast<const char*>(pipe.bytes().data()), pipe.bytes().size()};
}

// One without a name, as a shell makes them, filled and closed.
class FilledPipe {
 public:
  explicit FilledPipe(std::string_view text) {
    EXPECT_EQ(::pipe(ends_), 0);
    EXPECT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(ends_[1]);
  }
  ~FilledPipe() { ::close(ends_[0]); }
  FilledPipe(const FilledPipe&) = delete;
  FilledPipe& operator=(const FilledPipe&) = delete;

  fs::path path() const { return "/dev/fd/" + std::to_string(ends_[0]); }

 private:
  int ends_[2];
};

TEST(PipeContent, IsAllThatWasWrittenIntoAPipeWithoutAName) {
  const FilledPipe pipe("abc");

  EXPECT_TRUE(is_pipe(pipe.path()));
  EXPECT_EQ(text_of(PipeContent(pipe.path())), "abc");
}

TEST(PipeContent, IsAllThatASlowWriterPutsIntoANamedPipe) {
  const Scratch scratch;
  const fs::path path = scratch / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const std::string text(size_t{3} << 20, 'x');
  std::jthread writer([&] {
    std::ofstream stream(path, std::ios::binary);
    stream << 'a' << std::flush;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    stream << text;
  });

  EXPECT_EQ(text_of(PipeContent(path)), 'a' + text);
}

TEST(PipeContent, NamesAnEmptyPipe) {
  const FilledPipe pipe("");

  EXPECT_EQ(error_text([&] { PipeContent content(pipe.path()); }),
            pipe.path().string() + ": an empty pipe");
}

TEST(PipeContent, DoesNotWaitForeverForAWriter) {
  const Scratch scratch;
  ASSERT_EQ(::mkfifo((scratch / "pipe").c_str(), 0600), 0);

  EXPECT_THAT(error_text([&] { PipeContent(scratch / "pipe", 100, 0.1); }),
              testing::HasSubstr("a pipe that nobody has opened for writing"));
}

TEST(PipeContent, IsEmptyWhenTheWriterOfANamedPipeLeavesWithoutAWord) {
  const Scratch scratch;
  const fs::path path = scratch / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::jthread writer([&] { std::ofstream stream(path, std::ios::binary); });

  EXPECT_EQ(error_text([&] { PipeContent(path, 100, 0.5); }), path.string() + ": an empty pipe");
}

// As a shell opens its standard input: it blocks. Signals change the whole process, so the test
// works in a child.
TEST(PipeContentDeathTest, IsInterruptedWhileTheWriterOfAnOpenNamedPipeIsSilent) {
  const Scratch scratch;
  const fs::path path = scratch / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EXIT(
      {
        const int writer = ::open(path.c_str(), O_RDWR);
        const int reader = ::open(path.c_str(), O_RDONLY);
        watch_for_interrupts();
        ::alarm(5);
        std::jthread user([] {
          std::this_thread::sleep_for(std::chrono::milliseconds(300));
          ::kill(::getpid(), SIGINT);
        });
        const auto text =
            error_text([&] { PipeContent content("/dev/fd/" + std::to_string(reader)); });
        std::_Exit(writer >= 0 && text.ends_with(": interrupted") ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(PipeContent, EndsAtItsLimit) {
  const FilledPipe pipe("abcdef");

  EXPECT_THAT(error_text([&] { PipeContent content(pipe.path(), 5); }),
              testing::HasSubstr("more than 5 bytes came out of it"));
}

TEST(PipeContent, RefusesFilesAndDevices) {
  const Scratch scratch;
  std::ofstream(scratch / "file") << "abc";

  EXPECT_FALSE(is_pipe(scratch / "file"));
  EXPECT_FALSE(is_pipe("/dev/zero"));
  EXPECT_THROW(PipeContent("/dev/zero"), Error);
}

}  // namespace
}  // namespace bonafide
