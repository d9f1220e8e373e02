#include "checkpoint/weight_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "error_text.h"

namespace bonafide {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using Names = std::vector<std::string>;

// A file with one number in each tensor: how many stand before it. A bar in a name ends the keys
// that lead to its dictionary: "ema.|fc.weight".
StoredWeights stored(const Names& names) {
  StoredWeights weights;
  for (const std::string& name : names) {
    StoredTensor tensor;
    const size_t bar = name.find('|');
    tensor.set = bar == std::string::npos ? 0 : bar;
    tensor.name = bar == std::string::npos ? name : name.substr(0, bar) + name.substr(bar + 1);
    const std::vector<float> value = {static_cast<float>(weights.tensors.size())};
    tensor.tensor = Tensor::from(value, {1});
    weights.tensors.push_back(std::move(tensor));
  }
  return weights;
}

Names with_prefix(const std::string& prefix, const Names& names) {
  Names longer;
  for (const std::string& name : names) longer.push_back(prefix + name);
  return longer;
}

Names operator+(Names a, const Names& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const Names kNames = {"conv.weight", "conv.bias", "bn.weight", "fc.weight"};

std::vector<WantedTensor> wanted(const Names& names = kNames) {
  std::vector<WantedTensor> tensors;
  for (const std::string& name : names) tensors.push_back({name, {1}});
  return tensors;
}

Names names_of(const TensorFile& file) {
  Names names;
  for (const auto& [name, tensor] : file.tensors) names.push_back(name);
  return names;
}

WeightChoice choose(const Names& names, const std::string& set = "",
                    const Names& network = kNames) {
  return choose_weights(stored(names), wanted(network), set, "x.pth");
}

std::string refusal(const Names& names, const std::string& set = "") {
  return error_text([&] { choose(names, set); });
}

double first_value(const WeightChoice& choice) {
  return choice.file.tensors.front().second.to_doubles().front();
}

TEST(WeightChoice, SaysNothingOfAFileThatHoldsJustWhatIsWanted) {
  const WeightChoice choice = choose(kNames);

  EXPECT_EQ(names_of(choice.file), kNames);
  EXPECT_EQ(choice.note, "");
}

TEST(WeightChoice, TakesOffWhateverStandsBeforeAllNames) {
  for (const char* prefix : {"module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module.",
                             "model.", "net.", "ema_model.module.", "student.backbone."}) {
    const WeightChoice choice = choose(with_prefix(prefix, kNames));

    EXPECT_EQ(names_of(choice.file), kNames) << prefix;
    EXPECT_EQ(choice.note, "\"" + std::string(prefix) + "\" taken off the names");
  }
}

TEST(WeightChoice, TakesNothingOffNamesThatFit) {
  const Names network = with_prefix("model.", kNames);

  EXPECT_EQ(names_of(choose(network, "", network).file), network);
  EXPECT_EQ(names_of(choose(with_prefix("module.", network), "", network).file), network);
}

TEST(WeightChoice, FindsSetsAFewDictionariesDown) {
  const WeightChoice choice = choose(with_prefix("checkpoint.model.|module.", kNames));

  EXPECT_EQ(names_of(choice.file), kNames);
  EXPECT_THAT(choice.note, AllOf(HasSubstr("weights of \"checkpoint.model\""),
                                 HasSubstr("\"module.\" taken off the names")));
}

TEST(WeightChoice, JoinsModulesThatWereSavedOneByOne) {
  EXPECT_EQ(
      names_of(
          choose({"net.conv.|weight", "net.conv.|bias", "net.bn.|weight", "net.fc.|weight"}).file),
      kNames);
}

TEST(WeightChoice, TakesThePlainSetBeforeAnAverageAndNamesTheOther) {
  for (const char* average : {"ema", "state_dict_ema", "model_ema", "averaged", "swa_model"}) {
    const std::string other = average;
    const WeightChoice choice =
        choose(with_prefix(other + ".|module.", kNames) + with_prefix("state_dict.|", kNames));

    EXPECT_EQ(first_value(choice), 4) << other;
    EXPECT_THAT(choice.note, HasSubstr("weights of \"state_dict\"; --weights-from takes " + other));
  }
}

TEST(WeightChoice, TakesTheSetThatIsAskedFor) {
  const Names both = with_prefix("model.|", kNames) + with_prefix("ema.shadow.|", kNames);

  EXPECT_EQ(first_value(choose(both, "ema")), 4);
  EXPECT_EQ(first_value(choose(both, "ema.shadow")), 4);
  EXPECT_EQ(first_value(choose(both, "model")), 0);
}

TEST(WeightChoice, TellsSetsOfOneDictionaryByWhatStandsBeforeTheirNames) {
  const Names both =
      with_prefix("state_dict.|teacher.", kNames) + with_prefix("state_dict.|student.", kNames);

  EXPECT_EQ(first_value(choose(both)), 4);
  EXPECT_EQ(first_value(choose(both, "teacher")), 0);
  EXPECT_THAT(choose(both).note, HasSubstr("--weights-from takes state_dict.teacher"));
}

TEST(WeightChoice, FindsTheSetThatIsAskedForAnywhere) {
  const Names both =
      with_prefix("checkpoint.model.|", kNames) + with_prefix("checkpoint.ema.|", kNames);

  EXPECT_EQ(first_value(choose(both, "ema")), 4);
  EXPECT_EQ(first_value(choose(both, "checkpoint.ema")), 4);
  EXPECT_THROW(choose(both, "em"), UsageError);
}

TEST(WeightChoice, OffersNothingOfAnOptimizer) {
  const WeightChoice choice =
      choose(with_prefix("optimizer.exp_avg.|", kNames) + with_prefix("speech.|", kNames));

  EXPECT_EQ(first_value(choice), 4);
  EXPECT_EQ(choice.note, "weights of \"speech\"; left out: 4 tensors of optimizer");
}

TEST(WeightChoice, TakesTheOnlySetThatFitsEvenIfItIsAnAverage) {
  const WeightChoice choice =
      choose(with_prefix("swa_model.|module.", kNames) + Names{"swa_model.|n_averaged"});

  EXPECT_EQ(names_of(choice.file), kNames);
  EXPECT_THAT(choice.note, HasSubstr("left out: 1 tensor beside them (n_averaged)"));
}

TEST(WeightChoice, NamesWhatItLeavesOut) {
  const WeightChoice choice = choose(
      with_prefix("state_dict.|model.", kNames) +
      Names{"state_dict.|loss.weight", "optimizer.state.0.|exp_avg", "optimizer.state.1.|exp_avg"});

  EXPECT_THAT(choice.note, HasSubstr("left out: 1 tensor beside them (loss.weight), 2 tensors of "
                                     "optimizer"));
}

TEST(WeightChoice, SeesThroughWrappersAroundInnerModules) {
  const WeightChoice choice = choose({"model.conv._orig_mod.weight", "model.conv._orig_mod.bias",
                                      "model.bn.weight", "model.fc.module.weight"});

  EXPECT_EQ(names_of(choice.file), kNames);
  EXPECT_THAT(choice.note, HasSubstr("wrappers taken out of names as \"model."));
}

TEST(WeightChoice, LeavesAModuleThatTheNetworkItselfCallsSo) {
  const Names network = {"encoder.module.weight", "encoder.module.bias"};

  EXPECT_EQ(names_of(choose(with_prefix("module.", network), "", network).file), network);
}

TEST(WeightChoice, RefusesNamesThatAreWrappedInPart) {
  const std::string message =
      refusal({"module.conv.weight", "module.conv.bias", "bn.weight", "fc.weight"});

  EXPECT_THAT(message, AllOf(HasSubstr("x.pth: "), HasSubstr("does not fit the network"),
                             HasSubstr("2 tensors are missing"), HasSubstr("2 behind \"module.\""),
                             HasSubstr("their own names")));
  EXPECT_THAT(refusal({"conv._orig_mod.weight", "conv.bias", "bn.weight", "fc.weight"}),
              HasSubstr("1 tensor is missing (conv.weight)"));
}

// A network with one layer more would score, and wrongly.
TEST(WeightChoice, RefusesATensorInsideTheNetworkThatItDoesNotKnow) {
  EXPECT_THAT(refusal(kNames + Names{"conv.scale"}), HasSubstr("unknown to it (conv.scale)"));
  EXPECT_THAT(refusal(with_prefix("module.", kNames) + Names{"module.fc.bias"}),
              HasSubstr("unknown to it (fc.bias)"));
}

TEST(WeightChoice, RefusesAnotherShape) {
  StoredWeights file = stored(with_prefix("module.", kNames));
  file.tensors[1].tensor = Tensor::from(std::vector<float>{1, 2}, {2});

  EXPECT_THAT(error_text([&] { choose_weights(file, wanted(), "", "x.pth"); }),
              HasSubstr("1 tensor is of another shape (conv.bias is [2], the network has [1])"));
}

TEST(WeightChoice, NamesTheSetsWhereOneIsNotThere) {
  EXPECT_EQ(error_text<UsageError>([&] {
              choose(with_prefix("model.|", kNames) + with_prefix("ema.|", kNames), "emma");
            }),
            "x.pth: has no weights called \"emma\"; there are: model, ema");
}

TEST(WeightChoice, SaysWhyTheSetThatIsAskedForDoesNotFit) {
  EXPECT_THAT(
      refusal(with_prefix("model.|", kNames) + Names{"ema.|conv.weight", "ema.|fc.weight"}, "ema"),
      HasSubstr("\"ema\" does not fit the network: 2 tensors are missing (conv.bias, bn.weight)"));
}

TEST(WeightChoice, SaysWhatThereIsWhereNothingFits) {
  EXPECT_THAT(refusal({"a", "b"}),
              AllOf(HasSubstr("4 tensors are missing"), HasSubstr("the file has a, b")));
}

TEST(WeightChoice, DoesWithoutBatchCounters) {
  const Names network = kNames + Names{"bn.num_batches_tracked"};

  EXPECT_EQ(names_of(choose(with_prefix("module.", kNames), "", network).file), kNames);
}

TEST(WeightChoice, SaysWhyATensorThatItTakesCannotBeRead) {
  StoredWeights file = stored(kNames + Names{"loss.weight"});
  file.tensors[4].trouble = "x.pth: the loss is broken";
  EXPECT_NO_THROW(choose_weights(file, wanted(), "", "x.pth"));
  file.tensors[0].trouble = "x.pth: the filter is broken";

  EXPECT_EQ(error_text([&] { choose_weights(file, wanted(), "", "x.pth"); }),
            "x.pth: the filter is broken");
}

WeightChoice choose_plainly(const Names& names, const std::string& set = "") {
  return choose_weights(stored(names), set, "x.pth");
}

TEST(PlainWeightChoice, TakesOffWrappersThatNothingElseIsCalled) {
  for (const char* prefix : {"module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."}) {
    EXPECT_EQ(names_of(choose_plainly(with_prefix(prefix, kNames)).file), kNames) << prefix;
  }
}

TEST(PlainWeightChoice, KeepsWhatMayBeTheNetworksOwnAndSaysSo) {
  const WeightChoice choice = choose_plainly(with_prefix("model.", kNames));

  EXPECT_EQ(names_of(choice.file), with_prefix("model.", kNames));
  EXPECT_THAT(choice.note, HasSubstr("\"model.\" before all names stays"));
  EXPECT_THAT(choose_plainly({"conv._orig_mod.weight", "fc.weight"}).note,
              HasSubstr("wrappers inside names stay, as in \"conv._orig_mod.weight\""));
}

TEST(PlainWeightChoice, TakesTheUsualSetAndNamesTheOthers) {
  const WeightChoice choice = choose_plainly(Names{"step"} + with_prefix("ema.|", kNames) +
                                             with_prefix("net.|module.", kNames));

  EXPECT_EQ(first_value(choice), 5);
  EXPECT_THAT(choice.note,
              AllOf(HasSubstr("weights of \"net\""), HasSubstr("--weights-from takes ema instead"),
                    HasSubstr("left out: 1 tensor of step, 4 tensors of ema")));
}

TEST(PlainWeightChoice, TakesTheSetThatIsAskedFor) {
  EXPECT_EQ(first_value(choose_plainly(
                with_prefix("model.|", kNames) + with_prefix("ema.shadow.|", kNames), "ema")),
            4);
  EXPECT_EQ(error_text<UsageError>([] { choose_plainly(with_prefix("model.|", kNames), "x"); }),
            "x.pth: has no weights called \"x\"; there are: model");
}

TEST(PlainWeightChoice, FindsTheSetThatIsAskedForAnywhere) {
  const Names nested =
      with_prefix("checkpoint.model.|", kNames) + with_prefix("checkpoint.ema.|", kNames);
  EXPECT_EQ(first_value(choose_plainly(nested, "ema")), 4);
  EXPECT_THAT(choose_plainly(nested).note, HasSubstr("left out: 4 tensors of checkpoint.ema"));

  const Names one_dictionary =
      with_prefix("online_model.", kNames) + with_prefix("ema_model.module.", kNames);
  EXPECT_EQ(names_of(choose_plainly(one_dictionary, "ema_model").file), kNames);
  EXPECT_EQ(first_value(choose_plainly(one_dictionary, "ema_model")), 4);
}

TEST(PlainWeightChoice, DoesNotGuessAmongSetsOfOtherNames) {
  EXPECT_EQ(
      error_text([] {
        choose_plainly(with_prefix("generator.|", kNames) + with_prefix("discriminator.|", kNames));
      }),
      "x.pth: has several sets of weights; --weights-from names one of: generator, "
      "discriminator");
}

TEST(PlainWeightChoice, NamesOnlySomeOfVeryManySets) {
  Names names = {"model.|w"};
  for (int i = 0; i < 40000; ++i) names.push_back("s" + std::to_string(i) + ".|w");

  EXPECT_THAT(choose_plainly(names).note,
              HasSubstr("--weights-from takes s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, "
                        "... instead"));
}

TEST(PlainWeightChoice, LeavesOutTheCounterOfAnAverage) {
  const WeightChoice choice = choose_plainly(Names{"n_averaged"} + with_prefix("module.", kNames));

  EXPECT_EQ(names_of(choice.file), kNames);
  EXPECT_THAT(choice.note, HasSubstr("left out: 1 tensor beside them (n_averaged)"));
}

TEST(PlainWeightChoice, LeavesAnAverageWhereThereIsAnythingElse) {
  EXPECT_EQ(
      first_value(choose_plainly(with_prefix("ema.|", kNames) + with_prefix("speech.|", kNames))),
      4);
}

}  // namespace
}  // namespace bonafide
