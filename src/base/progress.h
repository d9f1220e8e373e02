#pragma once

#include <cstddef>
#include <string_view>

namespace bonafide {

// Told how far a long piece of work is. The command line draws it; libraries never print.
class Progress {
 public:
  virtual ~Progress() = default;

  // A new piece of work of `total` steps (0: unknown).
  virtual void start(std::string_view what, size_t total) = 0;
  // `done` steps are done; `note` is a few words such as "loss 0.31".
  virtual void update(size_t done, std::string_view note) = 0;
  virtual void finish() = 0;
};

// For callers that do not care.
class NoProgress : public Progress {
 public:
  void start(std::string_view, size_t) override {}
  void update(size_t, std::string_view) override {}
  void finish() override {}
};

}  // namespace bonafide
