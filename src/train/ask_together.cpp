#include "train/ask_together.h"

#include <iterator>
#include <utility>

#include "base/error.h"
#include "base/json.h"

namespace bonafide {

namespace {

// CBOR carries numbers to the last bit, and details of any bytes.
std::string pack(const RecordingAnswers& answers) {
  Json rows = Json::array();
  for (const RecordingAnswer& row : answers.rows) {
    const Json::binary_t detail({row.detail.begin(), row.detail.end()});
    rows.push_back(
        {row.score ? Json(*row.score) : Json(), row.embedding, row.parts, detail, row.asked});
  }
  const auto bytes = Json::to_cbor(Json{{"rows", rows}, {"interrupted", answers.interrupted}});
  return {bytes.begin(), bytes.end()};
}

void unpack(const std::string& packed, RecordingAnswers& answers) {
  const Json json = Json::from_cbor(packed);
  for (const Json& row : json.at("rows")) {
    RecordingAnswer answer;
    if (!row[0].is_null()) answer.score = row[0].get<double>();
    answer.embedding = row[1].get<std::vector<float>>();
    answer.parts = row[2].get<std::vector<float>>();
    const auto& detail = row[3].get_binary();
    answer.detail.assign(detail.begin(), detail.end());
    answer.asked = row[4].get<bool>();
    answers.rows.push_back(std::move(answer));
  }
  answers.interrupted = answers.interrupted || json.at("interrupted").get<bool>();
}

}  // namespace

AskAboutAll ask_together(Communicator& all, Backend& backend, const ScoringOptions& options,
                         Progress& progress) {
  if (!backend.judges_alone() && all.size() > 1) {
    throw UsageError("this system judges a recording by the others of its batch: in one process");
  }
  const AskAboutAll here = ask_here(backend, options, progress);
  return [here, &all](std::span<const Input> recordings, bool embeddings) {
    if (all.size() == 1) return here(recordings, embeddings);
    const auto [begin, end] = share_of(recordings.size(), all.rank(), all.size());
    RecordingAnswers mine = here(recordings.subspan(begin, end - begin), embeddings);
    // When interrupted: the next share begins at its place.
    mine.rows.resize(end - begin, {.asked = false});
    RecordingAnswers answers;
    for (const std::string& packed : all.gather(pack(mine))) unpack(packed, answers);
    return answers;
  };
}

}  // namespace bonafide
