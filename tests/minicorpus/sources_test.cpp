#include "minicorpus/sources.h"

#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "base/file.h"
#include "scratch.h"

namespace bonafide {
namespace {

TEST(HumanSources, HaveIdsOfTheirOwn) {
  std::set<std::string> ids;
  for (const HumanSource& source : human_sources()) {
    EXPECT_TRUE(ids.insert(source.id).second) << source.id;
    EXPECT_FALSE(source.licence.empty()) << source.id;
  }
}

TEST(HumanSources, CountAllisonOnceInTwoLanguages) {
  EXPECT_EQ(find_human_source("en-allison").speaker, find_human_source("es-allison").speaker);
  EXPECT_THROW(find_human_source("nobody"), Error);
}

TEST(ListPrompts, PassesOverSilenceTonesAndOtherFiles) {
  const Scratch scratch;
  const HumanSource& source = find_human_source("en-allison");
  const auto folder = scratch / source.folder.string();
  std::filesystem::create_directories(folder / "silence");
  std::filesystem::create_directories(folder / "digits");
  const std::string second(8000, 'x');
  for (const char* name :
       {"vm-goodbye.g722", "digits/1.g722", "silence/1.g722", "beep.g722", "beeperr.g722",
        "tt-monkeys.g722", "readme.txt", "confbridge-begin-glorious-a.g722"}) {
    write_atomically(folder / name, second);
  }
  write_atomically(folder / "click.g722", std::string(400, 'x'));

  const auto prompts = list_prompts(source, scratch.path());

  ASSERT_EQ(prompts.size(), 2u);
  EXPECT_EQ(prompts[0].path, folder / "digits/1.g722");
  EXPECT_EQ(prompts[1].path, folder / "vm-goodbye.g722");
  EXPECT_NEAR(prompts[0].seconds, 1 - source.silence_seconds, 1e-9);
}

TEST(ListPrompts, FindsNothingWherePackagesAreMissing) {
  const Scratch scratch;
  for (const HumanSource& source : human_sources()) {
    EXPECT_TRUE(list_prompts(source, scratch.path()).empty()) << source.id;
  }
}

}  // namespace
}  // namespace bonafide
