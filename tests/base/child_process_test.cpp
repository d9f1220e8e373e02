#include "base/child_process.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

std::string complaint_of(const ChildProcess& child) {
  return error_text([&] { run(child); });
}

TEST(ChildProcess, WritesItsOutputToAFile) {
  const Scratch scratch;

  run({.arguments = {"echo", "a b", "$HOME; false"}, .output = scratch / "out"});

  EXPECT_EQ(read_text(scratch / "out"), "a b $HOME; false\n");
}

TEST(ChildProcess, SaysHowItFailed) {
  EXPECT_EQ(complaint_of({.arguments = {"false"}}), "false: exit status 1");
  EXPECT_EQ(complaint_of({.arguments = {"sh", "-c", "kill -9 $$"}}), "sh: ended by signal 9");
  EXPECT_EQ(complaint_of({.arguments = {"no-such-program"}}),
            "no-such-program: No such file or directory");
}

TEST(ChildProcess, IsEndedWhenItTakesTooLong) {
  const auto began = std::chrono::steady_clock::now();

  const std::string complaint =
      complaint_of({.arguments = {"sh", "-c", "sleep 30 & sleep 30"}, .timeout_seconds = 0.2});

  EXPECT_EQ(complaint, "sh: still running after 0.2 s");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST(ChildProcess, GetsNoInputAndNoHome) {
  const Scratch scratch;

  run({.arguments = {"sh", "-c", "cat; echo $HOME"}, .output = scratch / "out"});

  EXPECT_EQ(read_text(scratch / "out"), "/nonexistent\n");
}

TEST(ProgramExists, LooksOnPathOrAtTheFile) {
  EXPECT_TRUE(program_exists("sh"));
  EXPECT_TRUE(program_exists("/bin/sh"));
  EXPECT_FALSE(program_exists("no-such-program"));
  EXPECT_FALSE(program_exists("/bin/no-such-program"));
}

}  // namespace
}  // namespace bonafide
