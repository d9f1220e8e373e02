// Scores the clips of ../shared/data/wild with the official weights and compares with the
// reference's scores: wild_scores SHARED EVERY scores every EVERY-th clip. Prints lines like the
// parity runner's.
//
// Graph pooling keeps the best nodes, so a score is discontinuous where two nodes tie. A larger
// difference passes only where double precision shows such a tie: there the score jumps when the
// exact filter bank gives way to the reference's, which is 2e-6 off.

#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>
#include <filesystem>
#include <iostream>
#include <thread>

#include "audio/crop.h"
#include "audio/decode.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/text.h"
#include "checkpoint/checkpoint.h"
#include "nn/graph_pool.h"
#include "recipe/recipe.h"
#include "systems/system.h"
#include "tensor/memory.h"
#include "tensor/state.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr double kTolerance = 1e-4;
constexpr int kSkipped = 77;

struct Published {
  std::string recipe, weights, scores;
};

struct Clip {
  std::string path;
  double score = 0;
};

std::vector<Clip> read_scores(const fs::path& path, size_t every) {
  const std::string text = read_text(path);
  CsvReader reader(text, path.string());
  reader.next();
  std::vector<Clip> clips;
  for (size_t i = 0; const auto fields = reader.next(); ++i) {
    if (i % every == 0) clips.push_back({fields->at(0), parse_double(fields->at(3)).value()});
  }
  return clips;
}

class Model {
 public:
  Model(const Published& published, const fs::path& shared, torch::Dtype dtype)
      : recipe_(Recipe::load(published.recipe, {})), system_(make_system(recipe_.json())) {
    const fs::path weights = shared / "weights" / published.weights;
    load_state(system_->module(), read_checkpoint(weights), weights.string());
    system_->module().to(dtype);
    system_->module().eval();
    dtype_ = dtype;
  }

  double score(const fs::path& clip) {
    const torch::NoGradGuard no_grad;
    const auto samples = crop_first(decode(clip).waveform.samples,
                                    static_cast<size_t>(recipe_.integer("input.samples")));
    const auto wave = torch::tensor(samples).unsqueeze(0).to(dtype_);
    return system_->answer({wave, {}}).score.item<double>();
  }

  std::vector<GraphPoolImpl*> pools() {
    std::vector<GraphPoolImpl*> found;
    for (const auto& module : system_->module().modules()) {
      if (auto* pool = module->as<GraphPoolImpl>()) found.push_back(pool);
    }
    return found;
  }

 private:
  Recipe recipe_;
  std::unique_ptr<System> system_;
  torch::Dtype dtype_;
};

double distance(double got, double want) {
  return std::abs(got - want) / std::max(1.0, std::abs(want));
}

// Two nodes of successive ranks whose scores differ by no more than single precision's noise.
struct Tie {
  GraphPoolImpl* pool;
  int64_t first, second;
};

constexpr double kNoise = 1e-5;

std::vector<Tie> find_ties(Model& model, const fs::path& clip) {
  std::vector<Tie> ties;
  for (GraphPoolImpl* pool : model.pools()) {
    pool->order_by([&ties, pool](const torch::Tensor& scores) {
      const auto [values, nodes] = scores.flatten().sort(/*dim=*/0, /*descending=*/true);
      for (int64_t rank = 0; rank + 1 < values.size(0); ++rank) {
        if ((values[rank] - values[rank + 1]).item<double>() > kNoise) continue;
        ties.push_back({pool, nodes[rank].item<int64_t>(), nodes[rank + 1].item<int64_t>()});
      }
      return scores;
    });
  }
  model.score(clip);
  for (GraphPoolImpl* pool : model.pools()) pool->order_by({});
  return ties;
}

// Pooling jumps where two nodes tie. A stray score is one of those jumps when, in double precision,
// two nodes tie and their other order gives the published score.
bool hangs_on_a_tie(const Published& published, const fs::path& shared, const Clip& clip) {
  Model model(published, shared, torch::kFloat64);
  const fs::path path = shared / "data" / "wild" / clip.path;
  for (const Tie& tie : find_ties(model, path)) {
    tie.pool->order_by([&tie](const torch::Tensor& scores) {
      auto swapped = scores.clone();
      swapped[0][tie.first] = scores[0][tie.second];
      swapped[0][tie.second] = scores[0][tie.first];
      return swapped;
    });
    const double other = model.score(path);
    tie.pool->order_by({});
    if (distance(other, clip.score) <= kTolerance) return true;
  }
  return false;
}

bool compare(const Published& published, const fs::path& shared, size_t every) {
  const fs::path table = shared / "golden" / "wild_scores" / published.scores;
  Model model(published, shared, torch::kFloat32);
  bool passed = true;
  double worst = 0;
  size_t ties = 0;
  for (const Clip& clip : read_scores(table, every)) {
    const fs::path path = shared / "data" / "wild" / clip.path;
    const double error = distance(model.score(path), clip.score);
    if (error > kTolerance && hangs_on_a_tie(published, shared, clip)) {
      ++ties;
      continue;
    }
    worst = std::max(worst, error);
    if (error <= kTolerance) continue;
    passed = false;
    std::cout << fmt::format("PARITY FAIL {} {} {:.3g} {:.3g}\n", table.string(), clip.path, error,
                             kTolerance);
  }
  std::cout << fmt::format("PARITY {} {} score {:.3g} {:.3g}\n", passed ? "PASS" : "FAIL",
                           table.string(), worst, kTolerance);
  if (ties > 0)
    std::cout << fmt::format(
        "{} stray scores, each that of the other order of two nodes that tie\n", ties);
  return passed;
}

int run(const fs::path& shared, size_t every) {
  if (!fs::exists(shared / "golden" / "wild_scores")) {
    std::cout << "skipped: " << shared.string() << " is not there\n";
    return kSkipped;
  }
  bool passed = true;
  for (const Published& published : {Published{"aasist", "AASIST.pth", "AASIST.csv"},
                                     {"aasist-l", "AASIST-L.pth", "AASIST-L.csv"},
                                     {"aasist", "AASIST-ASVspoof5.pth", "ASVspoof5-AASIST.csv"}}) {
    passed = compare(published, shared, every) && passed;
  }
  return passed ? 0 : 1;
}

}  // namespace

}  // namespace bonafide

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  bonafide::use_large_pages_for_tensors();
  at::set_num_threads(static_cast<int>(std::thread::hardware_concurrency()));
  return bonafide::run(argv[1], std::stoul(argv[2]));
}
