#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace bonafide {

// A system of the literature that a built-in recipe describes, and what is known of it.
struct PublishedSystem {
  std::string_view recipe;  // "aasist"
  std::string_view paper;
  std::string_view source;   // where the published code lies, "owner/name" on GitHub
  int64_t parameters;        // trained numbers
  size_t tensors;            // of its state dict
  int64_t macs;              // multiply-accumulates of the network to score one window
  std::string_view weights;  // licence of the published weights, "unstated", or "none" published
  std::string_view checked;  // what the port was compared with
  std::string_view result;   // as published, with the data it was measured on
};

std::span<const PublishedSystem> published_systems();

}  // namespace bonafide
