// Utterances per second that the loader hands over, as AASIST is trained on them, with one worker
// and with two: loader_speed FILE... What the files' labels are does not matter here.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <vector>

#include "augment/chain.h"
#include "features/frontend.h"
#include "loading/loader.h"
#include "recipe/recipe.h"

namespace {

using namespace bonafide;

double utterances_per_second(const std::vector<Trial>& trials, const Frontend& frontend,
                             const LoaderOptions& options) {
  using Clock = std::chrono::steady_clock;
  const auto began = Clock::now();
  std::chrono::duration<double> took{};
  size_t utterances = 0;
  for (uint64_t epoch = 0; took.count() < 3; ++epoch) {
    EpochLoader loader(trials, frontend, options, epoch);
    while (took.count() < 3) {
      const auto batch = loader.next();
      if (!batch) break;
      utterances += static_cast<size_t>(batch->input.size());
      took = Clock::now() - began;
    }
  }
  return static_cast<double>(utterances) / took.count();
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Trial> trials;
  for (int i = 1; i < argc; ++i) {
    trials.push_back({argv[i], argv[i], i % 2 == 0 ? Truth::kBonaFide : Truth::kSpoof, "", "", ""});
  }
  const auto frontend = make_frontend(Recipe::load("aasist", {}).at("input"));
  const auto rawboost = make_chain(parse_yaml("[rawboost]", "steps"), "steps");
  const auto both = make_chain(parse_yaml("[rawboost, codec]", "steps"), "steps");
  const auto folder = std::filesystem::temp_directory_path() / "bonafide-loader-speed";
  const AudioCache cache(folder);
  struct Contest {
    const char* name;
    const Augmentation* augmentation;
    const AudioCache* cache;
    std::optional<Crop> crop;
  };
  const Contest contests[] = {
      {"decode and crop", nullptr, nullptr, {}},
      {"the same from loader.cache", nullptr, &cache, {}},
      {"decode, RawBoost 5, crop", rawboost.get(), nullptr, {}},
      {"decode, RawBoost 5, codec, crop", both.get(), nullptr, {}},
      {"decode, early crop, RawBoost 5, codec", both.get(), nullptr, Crop{}},
  };
  for (const Contest& contest : contests) {
    std::printf("%-40s", contest.name);
    for (const size_t threads : {1, 2}) {
      LoaderOptions options;
      options.threads = threads;
      options.augmentation = contest.augmentation;
      options.cache = contest.cache;
      options.early_crop = contest.crop;
      if (options.cache != nullptr) utterances_per_second(trials, *frontend, options);  // fill it
      std::printf(" %8.1f", utterances_per_second(trials, *frontend, options));
      std::fflush(stdout);
    }
    std::printf("\n");
  }
  std::filesystem::remove_all(folder);
}
