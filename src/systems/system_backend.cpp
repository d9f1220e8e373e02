#include "systems/system_backend.h"

#include <fmt/format.h>

#include "base/error.h"

namespace bonafide {

namespace {

// [rows, N] as float32 here; with N = 0 when undefined. Throws Error for another shape.
torch::Tensor rows_of(const torch::Tensor& answer, int64_t rows, const char* what) {
  if (!answer.defined()) return torch::empty({rows, 0});
  if (answer.dim() != 2 || answer.size(0) != rows) {
    throw Error(fmt::format("{} windows of audio were answered with {} of shape {}", rows, what,
                            c10::str(answer.sizes())));
  }
  return answer.to(torch::kCPU, torch::kFloat32).contiguous();
}

std::vector<float> row_of(const torch::Tensor& table, int64_t row) {
  const float* begin = table.data_ptr<float>() + row * table.size(1);
  return {begin, begin + table.size(1)};
}

// Empty for a system that gives embeddings, and no scores.
std::vector<double> scores_of(const Answer& answer, int64_t rows) {
  if (!answer.score.defined() && answer.embedding.defined()) return {};
  if (!answer.score.defined()) throw Error("this system gives neither scores nor embeddings");
  if (answer.score.dim() != 1 || answer.score.size(0) != rows) {
    throw Error(fmt::format("{} windows of audio were answered with scores of shape {}", rows,
                            c10::str(answer.score.sizes())));
  }
  const auto scores = answer.score.to(torch::kCPU, torch::kFloat64).contiguous();
  return {scores.data_ptr<double>(), scores.data_ptr<double>() + rows};
}

std::vector<Opinion> opinions_of(const Answer& answer, size_t windows) {
  const auto rows = static_cast<int64_t>(windows);
  const auto scores = scores_of(answer, rows);
  const auto embeddings = rows_of(answer.embedding, rows, "embeddings");
  const auto parts = rows_of(answer.parts, rows, "parts");
  std::vector<Opinion> opinions;
  for (int64_t i = 0; i < rows; ++i) {
    opinions.push_back({std::nullopt, row_of(embeddings, i), row_of(parts, i)});
    if (!scores.empty()) opinions.back().score = scores[static_cast<size_t>(i)];
  }
  return opinions;
}

}  // namespace

std::vector<Opinion> SystemBackend::run(std::span<const Question> questions) {
  const torch::NoGradGuard no_grad;
  system_.module().eval();
  std::vector<NetworkInput> inputs, references;
  for (const Question& question : questions) {
    inputs.push_back(frontend_.make(question.samples, nullptr));
    if (question.reference) references.push_back(frontend_.make(*question.reference, nullptr));
  }
  Batch batch = {stack(inputs), {}};
  if (!references.empty()) {
    if (references.size() < inputs.size()) throw Error("some recordings have no reference");
    batch.reference = stack(references);
  }
  const AutocastScope autocast(precision_, device_);
  try {
    return opinions_of(system_.answer(batch.to(device_, dtype_)), questions.size());
  } catch (const c10::Error& e) {
    throw Error(std::string(e.what_without_backtrace()));
  }
}

}  // namespace bonafide
