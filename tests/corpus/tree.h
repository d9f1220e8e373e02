#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "corpus/corpus.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {

// A synthetic copy of a data set in a folder of the test's own.
class Tree : public testing::Test {
 protected:
  void write(std::string_view name, std::string_view text) {
    const auto path = root_ / name;
    std::filesystem::create_directories(path.parent_path());
    write_atomically(path, text);
  }

  void touch(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) write(name, "");
  }

  std::vector<Trial> read(std::string_view corpus, const std::string& part = "") {
    return find_corpus(corpus).read({root_.path(), part});
  }

  std::string complaint(std::string_view corpus, const std::string& part = "") {
    return error_text<UsageError>([&] { read(corpus, part); });
  }

  // What the complaint says after the scratch folder's name.
  std::string short_complaint(std::string_view corpus, const std::string& part = "") {
    const std::string text = complaint(corpus, part), folder = root_.path().native() + "/";
    return text.starts_with(folder) ? text.substr(folder.size()) : text;
  }

  std::filesystem::path path(std::string_view name) const { return root_ / name; }

  Scratch root_;
};

}  // namespace bonafide
