#include "recipe/recipe_aliases.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "error_text.h"
#include "recipe/recipe.h"

namespace bonafide {
namespace {

Recipe conf(const std::string& top, const std::string& optim = R"("optimizer": "adam")",
            const std::string& model = R"("architecture": "AASIST")") {
  return Recipe::parse(fmt::format(R"({{{}{} "model_config": {{{}}}, "optim_config": {{{}}}}})",
                                   top, top.empty() ? "" : ",", model, optim),
                       "Mine.conf", {});
}

TEST(HydraConfiguration, LeavesTextsAsTheyAreWritten) {
  const Recipe r = Recipe::parse(
      "name: 0012\nwriter: {project_name: 1e5, run_name: 007}\ntrainer: {n_epochs: 3}\n", "x.yaml",
      {"writer.workspace=0x10"});

  EXPECT_EQ(r.text("name"), "0012");
  EXPECT_EQ(r.text("comet.project"), "1e5");
  EXPECT_EQ(r.text("comet.experiment"), "007");
  EXPECT_EQ(r.text("comet.workspace"), "0x10");
  EXPECT_EQ(r.integer("train.epochs"), 3);
}

TEST(AasistConf, IsARecipe) {
  const Recipe r = conf(
      R"("database_path": "./LA/", "track": "LA", "batch_size": 12, "num_epochs": 3, "loss": "CCE",
         "freq_aug": "True", "cudnn_deterministic_toggle": "yes")",
      R"("optimizer": "sgd", "base_lr": 0.01, "lr_min": 1e-7, "betas": [0.8, 0.9], "amsgrad": "1",
         "weight_decay": 0, "momentum": 0.5, "nesterov": "t", "scheduler": "keras_decay")",
      R"("architecture": "AASIST", "nb_samp": 64600, "first_conv": 64, "gat_dims": [24, 32])");

  EXPECT_EQ(r.text("name"), "Mine");
  EXPECT_EQ(r.text("data.root"), "./LA/");
  EXPECT_EQ(r.text("data.corpus"), "asvspoof2019-la");
  EXPECT_EQ(r.integer("train.batch_size"), 12);
  EXPECT_EQ(r.integer("train.epochs"), 3);
  EXPECT_EQ(r.text("loss.name"), "cross_entropy");
  EXPECT_TRUE(r.flag("train.freq_aug"));
  EXPECT_TRUE(r.flag("train.deterministic"));
  EXPECT_EQ(r.text("optimizer.name"), "sgd");
  EXPECT_EQ(r.number("optimizer.lr"), 0.01);
  EXPECT_EQ(r.at("optimizer.betas"), Json::parse("[0.8, 0.9]"));
  EXPECT_EQ(r.number("optimizer.weight_decay"), 0);
  EXPECT_EQ(r.number("optimizer.momentum"), 0.5);
  EXPECT_TRUE(r.flag("optimizer.nesterov"));
  EXPECT_TRUE(r.flag("optimizer.amsgrad"));
  EXPECT_EQ(r.number("schedule.lr_min"), 1e-7);
  EXPECT_EQ(r.text("schedule.name"), "keras_decay");
  EXPECT_EQ(r.at("model")["first_conv"], 64);
  EXPECT_EQ(r.at("model")["gat_dims"], Json::parse("[24, 32]"));
  EXPECT_EQ(r.at("model")["temperatures"].size(), 4u);  // as in the built-in recipe
}

TEST(AasistConf, TakesWhatElseItsArchitectureNeedsFromTheBuiltInRecipe) {
  const Recipe s2pecnet = conf("", R"("base_lr": 0.0003)", R"("architecture": "S2pecNet")");
  EXPECT_EQ(s2pecnet.text("system"), "reconstruction");
  EXPECT_EQ(s2pecnet.at("input.frontend")["name"], "waveform-and-lfcc");
  EXPECT_EQ(s2pecnet.integer("seed"), 78982);

  const auto architecture = [](const std::string& name) {
    return conf("", "", fmt::format(R"("architecture": "{}")", name)).at("model")["first_conv"];
  };
  EXPECT_EQ(architecture("RawNet2Spoof"), 1024);
  EXPECT_EQ(architecture("RawNetGatSpoofST"), 128);
}

TEST(AasistConf, SaysWhatHasNoEffect) {
  EXPECT_TRUE(conf(R"("batch_size": 4)").notes().empty());
  EXPECT_EQ(
      conf(R"("model_path": "a.pth", "eval_all_best": "True", "asv_score_path": "b")").notes(),
      std::vector<std::string>{
          "Mine.conf: without effect here: model_path, eval_all_best, asv_score_path"});
}

TEST(AasistConf, RefusesWhatTheFrameworkDoesNotHaveOrTake) {
  EXPECT_EQ(error_text<UsageError>([] { conf(R"("num_epoch": 4)"); }),
            "Mine.conf: unknown key \"num_epoch\" (did you mean \"num_epochs\"?)");
  EXPECT_EQ(
      error_text<UsageError>([] { conf("", R"("base_rl": 4)"); }),
      "Mine.conf: unknown key \"optim_config.base_rl\" (did you mean \"optim_config.base_lr\"?)");
  EXPECT_EQ(error_text<UsageError>([] { conf("", R"("scheduler": "sgdr")"); }),
            "Mine.conf: optim_config.scheduler is \"sgdr\"; expected cosine, keras_decay or none");
  EXPECT_EQ(error_text<UsageError>([] { conf(R"("freq_aug": "maybe")"); }),
            "Mine.conf: freq_aug is \"maybe\"; expected true or false");
  EXPECT_EQ(error_text<UsageError>([] { conf(R"("track": "DF")"); }),
            "Mine.conf: track is \"DF\"; expected LA or PA");
  EXPECT_EQ(error_text<UsageError>([] { conf(R"("batch_size": "many")"); }),
            "Mine.conf: train.batch_size is \"many\"; expected a whole number");
  EXPECT_EQ(error_text<UsageError>([] { conf("", "", R"("first_conv": 3)"); }),
            "Mine.conf: model_config.architecture names no network");
}

TEST(AasistConf, IsJsonWithinBounds) {
  EXPECT_NE(error_text<UsageError>([] {
              Recipe::parse("{\"model_config\": ", "a.conf", {});
            }).find("a.conf: not JSON"),
            std::string::npos);
  const std::string deep = "{\"model_config\": " + std::string(100000, '[');
  EXPECT_EQ(error_text<UsageError>([&] { Recipe::parse(deep, "a.conf", {}); }),
            "a.conf: nested too deeply");
  const std::string dots = "{\"metrics." + std::string(100000, '.') + "\": 1, \"trainer\": {}}";
  EXPECT_NE(
      error_text<UsageError>([&] { Recipe::parse(dots, "a.json", {}); }).find("has a dot in it"),
      std::string::npos);
}

Recipe hydra(const std::string& yaml, const std::vector<std::string>& overrides = {}) {
  return Recipe::parse(yaml, "hydra.yaml", overrides);
}

TEST(HydraConfiguration, IsARecipeOnTopOfTheBuiltInOne) {
  const Recipe r = hydra(R"(
defaults: [{model: lightcnn}, _self_]
name: mine
epochs: 5
early_stop: 4
trainer: {device: auto, seed: 7, log_step: 50}
model: {_target_: src.model.lightcnn_original.LightCNNOriginal, input_shape: [1, 100, 50], dropout_prob: 0.5}
optimizer: {_target_: torch.optim.AdamW, lr: 0.01, weight_decay: 0.1}
scheduler: {_target_: torch.optim.lr_scheduler.ExponentialLR, gamma: 0.5}
loss: {reduction: mean, _target_: torch.nn.CrossEntropyLoss}
datasets:
  train: {dataset_path: /data/LA/ASVspoof2019_LA_train/, name: train}
  eval: {dataset_path: /data/LA/ASVspoof2019_LA_eval}
dataloader: {batch_size: 3, num_workers: 6, pin_memory: true, eval: {batch_size: 9}}
metrics: {eer: {threshold_step: 0.001}}
writer: {mode: offline, project_name: p, workspace: w, run_name: r, experiment_name: "${name}"}
)");

  EXPECT_EQ(r.text("name"), "mine");
  EXPECT_EQ(r.text("loss.name"), "angular");  // from the built-in recipe
  EXPECT_EQ(r.integer("train.epochs"), 5);
  EXPECT_EQ(r.at("train.patience"), 4);
  EXPECT_EQ(r.text("compute.device"), "auto");
  EXPECT_EQ(r.integer("seed"), 7);
  EXPECT_EQ(r.at("model")["architecture"], "LightCNN");
  EXPECT_EQ(r.at("model")["input_shape"], Json::parse("[1, 100, 50]"));
  EXPECT_EQ(r.at("model")["dropout_prob"], 0.5);
  EXPECT_EQ(r.text("optimizer.name"), "adamw");
  EXPECT_EQ(r.number("optimizer.lr"), 0.01);
  EXPECT_EQ(r.number("optimizer.weight_decay"), 0.1);
  EXPECT_EQ(r.text("schedule.name"), "exponential");
  EXPECT_EQ(r.number("schedule.gamma"), 0.5);
  EXPECT_EQ(r.text("data.root"), "/data/LA");
  EXPECT_EQ(r.text("train.select"), "eval");
  EXPECT_EQ(r.integer("train.batch_size"), 3);
  EXPECT_EQ(r.integer("compute.loaders"), 6);
  EXPECT_EQ(r.at("evaluate.batch_size"), 9);
  EXPECT_EQ(r.text("comet.mode"), "offline");
  EXPECT_EQ(r.text("comet.project"), "p");
  EXPECT_EQ(r.text("comet.workspace"), "w");
  EXPECT_EQ(r.text("comet.experiment"), "r");
  EXPECT_EQ(r.integer("comet.log_step"), 1);  // theirs is read by nobody
}

TEST(HydraConfiguration, TakesTheSeedWhereTheReferenceReadsIt) {
  EXPECT_EQ(hydra("trainer: {device: cpu}\nseed: 7\n").integer("seed"), 7);
}

TEST(HydraConfiguration, GivesTheKeyThatTheReferenceReadsWhereverItStands) {
  const Recipe r = hydra(
      "dataloader: {batch_size: 8, num_workers: 4, train: {batch_size: 16, num_workers: 7}}\n");
  EXPECT_EQ(r.integer("train.batch_size"), 8);
  EXPECT_EQ(r.integer("compute.loaders"), 4);
  EXPECT_EQ(
      hydra("dataloader: {train: {batch_size: 16}, batch_size: 8}\n").integer("train.batch_size"),
      8);
  EXPECT_EQ(hydra("dataloader: {train: {batch_size: 16}}\n").integer("train.batch_size"), 16);
}

TEST(HydraConfiguration, ReadsInOneThreadWherePyTorchReadsInItsOwn) {
  EXPECT_EQ(hydra("dataloader: {num_workers: 0}\n").integer("compute.loaders"), 1);
}

TEST(HydraConfiguration, RefusesPartsOfTwoDataSets) {
  EXPECT_EQ(error_text<UsageError>([] {
              hydra(
                  "datasets: {train: {dataset_path: /a/ASVspoof2019_LA_train}, "
                  "eval: {dataset_path: /b/ASVspoof2019_LA_dev}}\n");
            }),
            "hydra.yaml: datasets.eval.dataset_path lies in \"/b\", and "
            "datasets.train.dataset_path in \"/a\": the parts of one data set lie in one folder");
  EXPECT_NE(error_text<UsageError>([] {
              hydra("datasets: {train: {dataset_path: /a/ASVspoof2019_LA_dev}}\n");
            }).find("expected a folder called ASVspoof2019_LA_train"),
            std::string::npos);
}

TEST(HydraConfiguration, RefusesWhatTheReferenceDoesNotHaveOrTake) {
  EXPECT_EQ(error_text<UsageError>([] { hydra("trainer: {n_epoch: 3}\n"); }),
            "hydra.yaml: unknown key \"trainer.n_epoch\" (did you mean \"trainer.n_epochs\"?)");
  EXPECT_EQ(error_text<UsageError>([] { hydra("scheduler: {_target_: torch.StepLR}\n"); }),
            "hydra.yaml: scheduler._target_ is \"torch.StepLR\"; expected ExponentialLR");
  EXPECT_NE(error_text<UsageError>([] {
              hydra("trainer: {seed: \"${x}\"}\n");
            }).find("is not resolved here"),
            std::string::npos);
  EXPECT_NE(error_text<UsageError>([] {
              hydra("datasets: {train: {dataset_path: /data}}\n");
            }).find("expected a folder called ASVspoof2019_LA_train"),
            std::string::npos);
}

TEST(HydraOverride, WorksOnAnyRecipe) {
  const Recipe r =
      Recipe::load("lcnn", {"trainer.n_epochs=2", "trainer.device=cpu", "optimizer.lr=0.1",
                            "dataloader.batch_size=5", "+trainer.seed=9", "scheduler.gamma=0.5"});

  EXPECT_EQ(r.integer("train.epochs"), 2);
  EXPECT_EQ(r.text("compute.device"), "cpu");
  EXPECT_EQ(r.number("optimizer.lr"), 0.1);
  EXPECT_EQ(r.integer("train.batch_size"), 5);
  EXPECT_EQ(r.integer("seed"), 9);
  EXPECT_EQ(r.number("schedule.gamma"), 0.5);
  EXPECT_EQ(Recipe::load("aasist", {"epochs=3"}).integer("train.epochs"), 3);
}

TEST(HydraOverride, SaysWhatHasNoEffect) {
  EXPECT_EQ(Recipe::load("lcnn", {"trainer.save_dir=x"}).notes(),
            std::vector<std::string>{
                "override trainer.save_dir=x: without effect here: trainer.save_dir"});
}

TEST(HydraOverride, SuggestsTheNearestKey) {
  EXPECT_EQ(error_text<UsageError>([] { Recipe::load("lcnn", {"dataloader.batchsize=5"}); }),
            "override dataloader.batchsize=5: unknown key \"dataloader.batchsize\" (did you mean "
            "\"dataloader.batch_size\"?)");
  EXPECT_EQ(error_text<UsageError>([] { Recipe::load("lcnn", {"trainer.n_epochs=many"}); }),
            "override trainer.n_epochs=many: train.epochs is \"many\"; expected a whole number");
}

// The page that people read lists what the tables know.
TEST(ForeignKeys, AreAllInTheDocumentation) {
  std::ifstream file(std::string(BONAFIDE_SOURCE_DIR) + "/docs/training.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  for (const std::string& key : foreign_keys()) {
    EXPECT_NE(page.find("`" + key + "`"), std::string::npos) << key;
  }
}

}  // namespace
}  // namespace bonafide
