#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"

namespace bonafide {

// Weights that the authors of a system published, known by the SHA-256 of their file.
struct PublishedWeights {
  std::string_view name;    // "aasist"
  std::string_view recipe;  // built-in recipe that describes the network
  std::string_view title;
  std::string_view repository;  // on GitHub, "owner/name"
  std::string_view commit;
  std::string_view path;  // in the repository
  std::string_view licence;
  std::string_view copyright;
  std::string_view training_data;
  std::string_view result;  // as published, with the data it was measured on
  std::string_view sha256;
  size_t bytes;

  // Where the file is; `host` may be a mirror's address.
  std::string address(std::string_view host = "https://raw.githubusercontent.com") const;

  // What a model file made of these weights says about them.
  Json card() const;
};

std::span<const PublishedWeights> published_weights();

// Null when there are none.
const PublishedWeights* find_published(std::string_view name);
const PublishedWeights* find_published_by_sha256(std::string_view sha256);

}  // namespace bonafide
