#include "base/file_kind.h"

#include <gtest/gtest.h>

namespace bonafide {
namespace {

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string name_of(std::string_view text) {
  const auto kind = kind_of(as_bytes(text));
  return kind ? std::string(kind->name) : "";
}

TEST(FileKind, NamesWhatVersionControlLeavesInPlaceOfAFile) {
  EXPECT_EQ(mistaken_for(as_bytes("version https://git-lfs.github.com/spec/v1\noid sha256:00\n"),
                         "a checkpoint"),
            "looks like a Git LFS pointer, not a checkpoint; fetch the file itself with "
            "`git lfs pull`");
  EXPECT_EQ(name_of("/annex/objects/SHA256E-s96044--00.wav\n"), "a git-annex pointer");
}

TEST(FileKind, NamesAWebPageHoweverItBegins) {
  for (const char* page :
       {"<!DOCTYPE html><html>", "\xEF\xBB\xBF\n  <HTML lang=\"de\">",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD\">\n<html>",
        "<!-- saved from url --><html>"}) {
    EXPECT_EQ(name_of(page), "a saved web page") << page;
  }
}

TEST(FileKind, NamesTheAnswerOfAServerThatRefused) {
  EXPECT_EQ(name_of("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"),
            "the error message of a server");
  EXPECT_EQ(name_of(R"({"error": "Repository not found"})"), "the error message of a server");
}

TEST(FileKind, NamesAFileThatADownloadHasNotFilledYet) {
  EXPECT_EQ(name_of(std::string(100, '\0')),
            "an unfinished download (it begins with nothing but zeros)");
  EXPECT_EQ(name_of(""), "an empty file");
}

TEST(FileKind, NamesArchivesAndSaysToUnpackThem) {
  EXPECT_EQ(mistaken_for(as_bytes("\x1F\x8B\x08"), "audio"),
            "looks like a gzip archive, not audio; unpack it first");
  EXPECT_EQ(name_of(std::string(257, '\0') + "ustar"), "a tar archive");
}

TEST(FileKind, KnowsTheFilesOfThisFieldApart) {
  EXPECT_EQ(name_of("RIFF\x24\x10"), "a sound file");
  EXPECT_EQ(name_of("\x80\x02}q"), "a Python pickle");
  EXPECT_EQ(name_of(std::string_view("\x10\0\0\0\0\0\0\0{\"a\":", 13)), "a safetensors file");
}

TEST(FileKind, TellsPlainTextFromTextOfAKind) {
  EXPECT_TRUE(kind_of(as_bytes("a.wav\nb.wav\n"))->plain_text);
  EXPECT_FALSE(kind_of(as_bytes("<html>"))->plain_text);
  EXPECT_EQ(name_of("\xFF\xFE\x61"), "text in UTF-16");
  EXPECT_TRUE(kind_of(as_bytes("\xFF\xFE\x61"))->plain_text);
}

TEST(FileKind, TakesNamesForTextThatBeginAsABinaryFileDoes) {
  for (const char* names :
       {"ID3001.wav\n", "FORMAL/x.wav", "PAR1/a.wav", "RIFF_b.wav", "RF64", "caff\u00e9.wav\n",
        "BZh.wav", "GIF8.wav", "Rar!.flac", "fLaC.flac", "OggS.ogg", "7z\xBC\xAF", "%PDF.wav",
        "NIST_1A.sph\nb.sph\n", "01234567{\"a\"}.wav", "SQLite format 3.wav"}) {
    EXPECT_EQ(name_of(names), "text") << names;
  }
  EXPECT_EQ(name_of("%PDF-1.7\n1 0 obj\n"), "a PDF document");
  EXPECT_EQ(name_of("NIST_1A\n   1024\nsample_count -i 16000\n"), "a sound file");
}

TEST(FileKind, SaysNothingOfBytesThatItDoesNotKnow) {
  EXPECT_EQ(mistaken_for(as_bytes("\x01\x02\x03"), "audio"), "");
}

}  // namespace
}  // namespace bonafide
