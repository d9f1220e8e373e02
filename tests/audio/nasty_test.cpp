// Lays out the set of hard inputs of ../shared and holds each against what its table expects.
#include <gtest/gtest.h>

#include <cstdlib>

#include "audio/decode.h"
#include "audio/sound_files.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"

namespace bonafide {
namespace {

struct Case {
  std::string file;
  std::string expect;   // score | error | either | skip
  std::string same_as;  // "lossy:clean.wav" allows for a codec's noise
};

std::filesystem::path shared_folder() {
  const char* given = std::getenv("BONAFIDE_SHARED");
  if (given != nullptr) return given;
  return std::filesystem::path(BONAFIDE_SOURCE_DIR) / "../shared";
}

std::string percent_decoded(const std::string& text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      decoded += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

std::vector<Case> read_cases(const std::filesystem::path& path) {
  const std::string text = read_text(path);
  CsvReader reader(text, path.native());
  reader.next();
  std::vector<Case> cases;
  while (const auto row = reader.next()) {
    cases.push_back({percent_decoded(row->at(0)), row->at(1), row->at(2)});
  }
  return cases;
}

void expect_as_the_table_says(const std::filesystem::path& folder, const Case& c) {
  std::string reason;
  Recording recording;
  try {
    recording = decode(folder / c.file);
  } catch (const Error& e) {
    reason = e.what();
  }
  if (c.expect != "either") {
    EXPECT_EQ(reason.empty(), c.expect == "score") << c.file << reason;
  }
  for (const float sample : recording.waveform.samples) ASSERT_TRUE(std::isfinite(sample));
  if (c.expect != "score" || c.same_as.empty() || c.same_as.starts_with("lossy:")) return;

  const std::vector<float> reference = decode(folder / c.same_as).waveform.samples;
  ASSERT_EQ(recording.waveform.samples.size(), reference.size()) << c.file;
  for (size_t i = 0; i < reference.size(); ++i) {
    ASSERT_NEAR(recording.waveform.samples[i], reference[i], 1e-6) << c.file << " at " << i;
  }
}

TEST(NastySet, DecodesOrRefusesEachFileAsItsTableSays) {
  const std::filesystem::path source = shared_folder() / "data/nasty";
  if (!std::filesystem::exists(source / "make.py")) {
    GTEST_SKIP() << source << " is not there (BONAFIDE_SHARED says where to look)";
  }
  Scratch folder;
  const std::string command =
      "python3 '" + (source / "make.py").native() + "' '" + (folder / "set").native() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);

  const std::vector<Case> cases = read_cases(source / "expected.csv");

  EXPECT_FALSE(cases.empty());
  for (const Case& c : cases) {
    if (c.expect != "skip") expect_as_the_table_says(folder / "set", c);
  }
}

}  // namespace
}  // namespace bonafide
