#include "processes/score_together.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <array>
#include <barrier>
#include <thread>

#include "audio/sound_files.h"
#include "base/error.h"
#include "scratch.h"

namespace bonafide {
namespace {

constexpr int kProcesses = 3;

// What threads that stand for processes share.
struct Table {
  std::barrier<> barrier{kProcesses};
  std::array<std::string, kProcesses> bytes;
};

class Seat : public Communicator {
 public:
  Seat(Table& table, int rank) : table_(table), rank_(rank) {}

  int rank() const override { return rank_; }
  int size() const override { return kProcesses; }
  void sum(torch::Tensor&) override {}
  std::function<void()> begin_sum(torch::Tensor&) override {
    return [] {};
  }
  void broadcast(torch::Tensor&) override {}
  std::vector<std::string> gather(const std::string& bytes) override {
    table_.bytes[static_cast<size_t>(rank_)] = bytes;
    table_.barrier.arrive_and_wait();
    return {table_.bytes.begin(), table_.bytes.end()};
  }

 private:
  Table& table_;
  int rank_;
};

// Embeds a window by its first sample in 16-bit steps, which is its score and a part, too.
class FirstSample : public Backend {
 public:
  explicit FirstSample(bool alone = true) : alone_(alone) {}

  std::vector<Opinion> run(std::span<const Question> questions) override {
    std::vector<Opinion> opinions;
    for (const Question& question : questions) {
      const float first = question.samples.front() * 32768;
      opinions.push_back({first / 3.0, {first, -first}, {first / 7}});
    }
    return opinions;
  }
  std::vector<std::string> part_names() const override { return {"seventh"}; }
  bool judges_alone() const override { return alone_; }

 private:
  bool alone_;
};

using Rows = std::vector<std::pair<size_t, ScoreRow>>;

class ScoreTogetherTest : public testing::Test {
 protected:
  ScoreTogetherTest() {
    options_.samples = 800;
    options_.segments = true;
    options_.calibration = Calibration{};
    for (int i = 0; i < 7; ++i) {
      Wav wav{.samples = std::vector<int16_t>(2000, static_cast<int16_t>(100 * i + 1))};
      wav.samples[1] = 5;                                    // no silence
      const std::string name = "r\xff" + std::to_string(i);  // no UTF-8
      if (i != 4) write_bytes(folder_ / name, wav.bytes());
      inputs_.push_back({{folder_ / name}});
    }
  }

  Rows score(Communicator& all, bool embeddings, ScoringSummary& summary) {
    FirstSample backend;
    NoProgress progress;
    Rows rows;
    summary = score_together(all, backend, options_, progress)(
        inputs_, embeddings,
        [&](size_t index, const ScoreRow& row) { rows.emplace_back(index, row); });
    return rows;
  }

  Scratch folder_;
  ScoringOptions options_;
  std::vector<Input> inputs_;
};

TEST_F(ScoreTogetherTest, GivesEveryProcessTheRowsThatOneAloneWouldHave) {
  for (const bool embeddings : {true, false}) {
    ScoringSummary alone;
    const auto one = join({}, torch::kCPU);
    const Rows expected = score(*one, embeddings, alone);
    ASSERT_EQ(expected.size(), inputs_.size());
    EXPECT_EQ(expected[0].second.embedding.empty(), !embeddings);

    Table table;
    std::array<Rows, kProcesses> rows;
    std::array<ScoringSummary, kProcesses> summaries;
    std::vector<std::thread> processes;
    for (size_t rank = 0; rank < kProcesses; ++rank) {
      processes.emplace_back([&, rank] {
        Seat seat(table, static_cast<int>(rank));
        rows[rank] = score(seat, embeddings, summaries[rank]);
      });
    }
    for (std::thread& process : processes) process.join();

    for (size_t rank = 0; rank < kProcesses; ++rank) {
      EXPECT_EQ(summaries[rank].scored, alone.scored);
      EXPECT_EQ(summaries[rank].failed, 1U);
      ASSERT_EQ(rows[rank].size(), expected.size());
      for (size_t i = 0; i < expected.size(); ++i) {
        const auto& [index, row] = rows[rank][i];
        const ScoreRow& wanted = expected[i].second;
        EXPECT_EQ(index, i);
        EXPECT_EQ(row.file, wanted.file);
        EXPECT_EQ(row.score, wanted.score);
        EXPECT_EQ(row.llr, wanted.llr);
        EXPECT_EQ(row.probability, wanted.probability);
        EXPECT_EQ(row.verdict, wanted.verdict);
        EXPECT_EQ(row.seconds, wanted.seconds);
        EXPECT_EQ(row.detail, wanted.detail);
        EXPECT_EQ(row.over, wanted.over);
        EXPECT_EQ(row.parts, wanted.parts);
        EXPECT_EQ(row.embedding, wanted.embedding);
        ASSERT_EQ(row.segments.size(), wanted.segments.size());
        for (size_t s = 0; s < row.segments.size(); ++s) {
          EXPECT_EQ(row.segments[s].start, wanted.segments[s].start);
          EXPECT_EQ(row.segments[s].end, wanted.segments[s].end);
          EXPECT_EQ(row.segments[s].score, wanted.segments[s].score);
          EXPECT_EQ(row.segments[s].detail, wanted.segments[s].detail);
        }
      }
    }
  }
}

TEST_F(ScoreTogetherTest, RefusesToSplitWhatIsJudgedByItsBatch) {
  Table table;
  Seat seat(table, 1);
  FirstSample backend(/*alone=*/false);
  NoProgress progress;
  EXPECT_THROW(score_together(seat, backend, options_, progress), UsageError);
  const auto one = join({}, torch::kCPU);
  EXPECT_NO_THROW(score_together(*one, backend, options_, progress));
}

}  // namespace
}  // namespace bonafide
