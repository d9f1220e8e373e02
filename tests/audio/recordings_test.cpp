#include "audio/recordings.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "audio/sound_files.h"

namespace bonafide {
namespace {

namespace fs = std::filesystem;

class Recordings : public testing::Test {
 protected:
  void touch(const std::string& name) {
    fs::create_directories((root_ / name).parent_path());
    write_bytes(root_ / name, "");
  }

  void link(const std::string& target, const std::string& name) {
    fs::create_directories((root_ / name).parent_path());
    fs::create_symlink(target, root_ / name);
  }

  // Names below the folder, each trouble behind its name.
  std::vector<std::string> walk(const std::string& folder = "in") {
    std::vector<std::string> names;
    for (const FoundRecording& found : list_recordings(root_ / folder)) {
      names.push_back(found.path.lexically_relative(root_ / folder).native());
      if (!found.trouble.empty()) names.back() += ": " + found.trouble;
    }
    return names;
  }

  using Names = std::vector<std::string>;
  Scratch root_;
};

TEST_F(Recordings, LieBehindLinksToFoldersToo) {
  touch("in/fake/f.wav");
  touch("elsewhere/deep/r.wav");
  link("../elsewhere", "in/real");
  link("../elsewhere", "in/real2");

  EXPECT_EQ(walk(), (Names{"fake/f.wav", "real/deep/r.wav", "real2/deep/r.wav"}));
}

TEST_F(Recordings, AreListedOnceInAFolderThatLeadsBackToItself) {
  touch("in/a/x.wav");
  link("..", "in/a/up");
  link("../b", "in/a/side");
  link("../a", "in/b/side");

  EXPECT_EQ(walk(), (Names{"a/x.wav", "b/side/x.wav"}));
}

TEST_F(Recordings, EndWhereLinksMultiplyWithoutBound) {
  constexpr int kLevels = 14;  // two ways at each: 16384 in all
  for (int i = 0; i < kLevels; ++i) {
    const std::string next = "../l" + std::to_string(i + 1), here = "in/l" + std::to_string(i);
    link(next, here + "/a");
    link(next, here + "/b");
  }
  touch("in/l14/x.wav");

  const auto found = list_recordings(root_ / "in");

  EXPECT_LT(found.size(), 1100u);
  EXPECT_NE(
      std::find_if(found.begin(), found.end(),
                   [](const auto& f) { return f.trouble == "more than 1000 links lead here"; }),
      found.end());
}

TEST_F(Recordings, AreNotTheCompanionsOfOtherFiles) {
  touch("in/x.wav");
  for (const char* name : {"._x.wav", "__MACOSX/x.wav", "__MACOSX/._x.wav", ".#x.wav", "#x.wav#",
                           "@eaDir/x.wav/SYNO.wav", "x.wav~", "Thumbs.db", ".DS_Store",
                           "desktop.ini", ".AppleDouble/x.wav", "lost+found/x.wav"}) {
    touch(std::string("in/") + name);
  }

  EXPECT_EQ(walk(), (Names{"x.wav"}));
}

TEST_F(Recordings, ThatCannotBeReachedAreNamed) {
  link("/not/there", "in/real");
  link("gone.wav", "in/a.wav");
  link("notes", "in/notes.txt");
  link("loop", "in/loop");
  ASSERT_EQ(::mkfifo((root_ / "in/pipe.wav").c_str(), 0600), 0);

  EXPECT_EQ(walk(), (Names{"a.wav: a link to gone.wav, which is not there",
                           "loop: a link to loop, which cannot be followed (Too many levels of "
                           "symbolic links)",
                           "pipe.wav: not a regular file",
                           "real: a link to /not/there, which is not there"}));
  EXPECT_EQ(walk("none"), (Names{".: No such file or directory"}));
}

TEST_F(Recordings, MayLieBehindABrokenLinkWhateverItsName) {
  for (const char* name : {"speaker.01", "v1.0", "set.wavs", "r", ".real", "A.TXT", "list.csv"}) {
    link("/not/there", std::string("in/") + name);
  }

  const std::string why = ": a link to /not/there, which is not there";
  EXPECT_EQ(walk(),
            (Names{".real" + why, "r" + why, "set.wavs" + why, "speaker.01" + why, "v1.0" + why}));
}

TEST(IsCompanion, KnowsRecordingsThatOnlyLookAlike) {
  for (const char* name : {"x.wav", ".x.wav", "_x.wav", "a~b.wav", "#1.wav", "#", "macosx", ""}) {
    EXPECT_FALSE(is_companion(name)) << name;
  }
  for (const char* name : {"#recycle", "@Recycle", ".Trash", ".Trash-1000", ".ipynb_checkpoints"}) {
    EXPECT_TRUE(is_companion(name)) << name;
  }
  EXPECT_TRUE(has_companion_part("a/__MACOSX/x.wav"));
  EXPECT_FALSE(has_companion_part("a/b/x.wav"));
}

}  // namespace
}  // namespace bonafide
