#include "audio/unread_kind.h"

#include <gtest/gtest.h>

namespace bonafide {
namespace {

TEST(UnreadKind, NamesArchivesAndVideos) {
  for (const char* name : {"x.zip", "x.TAR", "x.tar.gz", "x.tar.zst", "x.tgz", "x.7z", "x.parquet"})
    EXPECT_EQ(unread_kind(name), "archives") << name;
  for (const char* name : {"in/x.mp4", "x.MKV", "x.avi"}) {
    EXPECT_EQ(unread_kind(name), "videos") << name;
  }
}

TEST(UnreadKind, NamesWhatBecomesARecordingAgainWithoutItsLastExtension) {
  for (const char* name : {"x.wav.gz", "x.flac.xz", "a.b.WAV.zst"}) {
    EXPECT_EQ(unread_kind(name), "compressed recordings") << name;
  }
  for (const char* name : {"x.wav.1", "x.wav.part", "x.mp3.crdownload", "x.flac.tmp"}) {
    EXPECT_EQ(unread_kind(name), "copies or parts of recordings") << name;
  }
}

TEST(UnreadKind, PassesOverWhatHoldsNoSound) {
  for (const char* name : {"x.wav", "x.txt", "x", "trials.txt.gz", "log.1", "x.wav.json", "x.npy",
                           "x.wav.20211231", "x.wav."}) {
    EXPECT_EQ(unread_kind(name), "") << name;
  }
}

}  // namespace
}  // namespace bonafide
