#include "scoring/pairs.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

using Path = std::filesystem::path;

TEST(SetReferences, GivesOneRecordingToAll) {
  std::vector<Input> inputs = {{Path("a.wav")}, {Path("b.wav")}};

  set_references(inputs, "known.wav");

  for (const Input& input : inputs) {
    EXPECT_EQ(input.references, std::vector<AudioLocation>{Path("known.wav")});
  }
}

TEST(SetReferences, GivesEachWhatTheListSays) {
  const Scratch folder;
  const Path list = folder / "pairs";
  write_atomically(list, "a.wav\tx.wav\r\n\na.wav\ty y.wav\nb.wav\tz.wav\nelsewhere.wav\tz.wav\n");
  std::vector<Input> inputs = {{Path("a.wav")}, {Path("c.wav")}, {Path("b.wav")}};

  const auto others = set_references(inputs, "@" + list.string());

  EXPECT_EQ(others, std::vector<std::string>{"elsewhere.wav"});
  EXPECT_EQ(inputs[0].references, (std::vector<AudioLocation>{Path("x.wav"), Path("y y.wav")}));
  EXPECT_EQ(inputs[1].trouble, list.string() + " lists no reference for it");
  EXPECT_EQ(inputs[2].references, std::vector<AudioLocation>{Path("z.wav")});
  EXPECT_EQ(inputs[2].trouble, "");
}

TEST(SetReferences, GivesAStretchItsOwnOrElseThoseOfItsRecording) {
  const Scratch folder;
  const Path list = folder / "pairs";
  write_atomically(list, "a.wav\tx.wav\na.wav#t=1,2\ty.wav\n");
  const auto stretch = [](double begin, double end) {
    return Input{AudioLocation("a.wav", {}, Excerpt{.begin = begin, .end = end})};
  };
  std::vector<Input> inputs = {stretch(0, 1), stretch(1, 2)};

  EXPECT_TRUE(set_references(inputs, "@" + list.string()).empty());

  EXPECT_EQ(inputs[0].references, std::vector<AudioLocation>{Path("x.wav")});
  EXPECT_EQ(inputs[1].references, std::vector<AudioLocation>{Path("y.wav")});
}

TEST(SetReferences, NamesALineThatIsNoPair) {
  const Scratch folder;
  const Path list = folder / "pairs";
  write_atomically(list, "a.wav\tx.wav\nb.wav y.wav\n");
  std::vector<Input> inputs = {{Path("a.wav")}};

  EXPECT_EQ(error_text<UsageError>([&] { set_references(inputs, "@" + list.string()); }),
            list.string() + ": line 2: expected a recording, a tab, and its reference");
}

}  // namespace
}  // namespace bonafide
