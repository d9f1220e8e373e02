#include "checkpoint/published.h"

#include <fmt/format.h>

#include <array>

#include "base/json_value.h"

namespace bonafide {

namespace {

constexpr std::string_view kNaver = "Copyright (c) 2021-present NAVER Corp.";

constexpr std::array<PublishedWeights, 3> kPublished = {{
    {.name = "aasist",
     .recipe = "aasist",
     .title = "AASIST, the authors' weights",
     .repository = "clovaai/aasist",
     .commit = "a04c9863f63d44471dde8a6abcb3b082b07cd1d1",
     .path = "models/weights/AASIST.pth",
     .licence = "MIT",
     .copyright = kNaver,
     .training_data = "ASVspoof 2019 LA, training part",
     .result = "EER 0.83 %, min t-DCF 0.0275 on ASVspoof 2019 LA eval",
     .sha256 = "51d2d9cf0738172f61e2a384ec50a54a55363240f67c971ed55a92435bc1a1c0",
     .bytes = 1281532},
    {.name = "aasist-l",
     .recipe = "aasist-l",
     .title = "AASIST-L, the authors' weights",
     .repository = "clovaai/aasist",
     .commit = "a04c9863f63d44471dde8a6abcb3b082b07cd1d1",
     .path = "models/weights/AASIST-L.pth",
     .licence = "MIT",
     .copyright = kNaver,
     .training_data = "ASVspoof 2019 LA, training part",
     .result = "EER 0.99 %, min t-DCF 0.0309 on ASVspoof 2019 LA eval",
     .sha256 = "814331d088032bb4c3fa61cc014789eadeed464209dd094ab3a2dd6ffbdce27a",
     .bytes = 426428},
    {.name = "aasist-asvspoof5",
     .recipe = "aasist",
     .title = "AASIST, baseline of the ASVspoof 5 challenge",
     .repository = "asvspoof-challenge/asvspoof5",
     .commit = "fe23d3053a0889b305d98c9e4cadf418c213d972",
     .path = "Baseline-AASIST/models/weights/AASIST/best.pth",
     .licence = "MIT",
     .copyright = kNaver,
     .training_data = "ASVspoof 5, training part",
     .result = "EER 15.2 % on a part of ASVspoof 5 dev",
     .sha256 = "8f10fe1d1ce3ac62c19f00b86dfaf79f86f464301d23e08726b16b02edbb601c",
     .bytes = 1275639},
}};

}  // namespace

std::string PublishedWeights::address(std::string_view host) const {
  return fmt::format("{}/{}/{}/{}", host, repository, commit, path);
}

Json PublishedWeights::card() const {
  return {
      {"title", title},
      {"source",
       {{"repository", fmt::format("https://github.com/{}", repository)},
        {"commit", commit},
        {"file", path},
        {"sha256", sha256}}},
      {"licence", fmt::format("{}, {}", licence, copyright)},
      {"training_data", training_data},
      {"metrics", {{"published", result}}},
      {"warnings", Json::array({"trained on one corpus: expect more errors on other recordings"})}};
}

std::span<const PublishedWeights> published_weights() { return kPublished; }

const PublishedWeights* find_published(std::string_view name) {
  for (const PublishedWeights& weights : kPublished) {
    if (weights.name == name) return &weights;
  }
  return nullptr;
}

const PublishedWeights* find_published_by_sha256(std::string_view sha256) {
  for (const PublishedWeights& weights : kPublished) {
    if (weights.sha256 == sha256) return &weights;
  }
  return nullptr;
}

}  // namespace bonafide
