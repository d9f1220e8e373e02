#include "processes/score_together.h"

#include <utility>

#include "base/error.h"
#include "base/json_value.h"

namespace bonafide {

namespace {

// Texts may be of any bytes, as names of files are.
Json pack_text(const std::string& text) { return Json::binary({text.begin(), text.end()}); }

std::string unpack_text(const Json& json) {
  const auto& bytes = json.get_binary();
  return {bytes.begin(), bytes.end()};
}

template <typename Number>
Json pack(const std::optional<Number>& value) {
  return value ? Json(*value) : Json();
}

template <typename Number>
std::optional<Number> unpack(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<Number>());
}

Json pack_parts(const ScoreRow& row) {
  Json parts = Json::array();
  for (const auto& [name, value] : row.parts) parts.push_back({name, value});
  return parts;
}

Json pack_segments(const ScoreRow& row) {
  Json segments = Json::array();
  for (const Segment& s : row.segments) {
    segments.push_back({s.start, s.end, s.score, pack_text(s.detail)});
  }
  return segments;
}

Json pack(const ScoreRow& row) {
  return {{"file", pack_text(row.file)},
          {"score", pack(row.score)},
          {"llr", pack(row.llr)},
          {"probability", pack(row.probability)},
          {"verdict", pack(row.verdict)},
          {"seconds", row.seconds},
          {"detail", pack_text(row.detail)},
          {"over", row.over},
          {"precision", row.precision},
          {"parts", pack_parts(row)},
          {"embedding", row.embedding},
          {"segments", pack_segments(row)}};
}

ScoreRow unpack_row(const Json& json) {
  ScoreRow row = {.file = unpack_text(json.at("file")),
                  .score = unpack<double>(json.at("score")),
                  .llr = unpack<double>(json.at("llr")),
                  .probability = unpack<double>(json.at("probability")),
                  .verdict = unpack<Verdict>(json.at("verdict")),
                  .seconds = json.at("seconds").get<double>(),
                  .detail = unpack_text(json.at("detail")),
                  .over = json.at("over").get<Over>(),
                  .precision = json.at("precision").get<std::string>()};
  for (const Json& part : json.at("parts")) {
    row.parts.emplace_back(part[0].get<std::string>(), part[1].get<float>());
  }
  row.embedding = json.at("embedding").get<std::vector<float>>();
  for (const Json& s : json.at("segments")) {
    row.segments.push_back(
        {s[0].get<double>(), s[1].get<double>(), s[2].get<double>(), unpack_text(s[3])});
  }
  return row;
}

// What one process has of all rows: its share, of which there may be less when it was interrupted.
struct Share {
  Json rows = Json::array();
  ScoringSummary summary;
};

// CBOR carries numbers to the last bit.
std::string pack(const Share& share) {
  const auto& [scored, failed, interrupted] = share.summary;
  const auto bytes = Json::to_cbor(Json{
      {"rows", share.rows}, {"scored", scored}, {"failed", failed}, {"interrupted", interrupted}});
  return {bytes.begin(), bytes.end()};
}

Share unpack_share(const std::string& packed) {
  Json json = Json::from_cbor(packed);
  return {.rows = std::move(json.at("rows")),
          .summary = {.scored = json.at("scored").get<size_t>(),
                      .failed = json.at("failed").get<size_t>(),
                      .interrupted = json.at("interrupted").get<bool>()}};
}

void add(ScoringSummary& sum, const ScoringSummary& share) {
  sum.scored += share.scored;
  sum.failed += share.failed;
  sum.interrupted = sum.interrupted || share.interrupted;
}

}  // namespace

ScoreAll score_together(Communicator& all, Backend& backend, const ScoringOptions& options,
                        Progress& progress) {
  const ScoreAll here = score_here(backend, options, progress);
  if (all.size() == 1) return here;
  if (!backend.judges_alone()) {
    throw UsageError("this system judges a recording by the others of its batch: in one process");
  }
  return [here, &all](std::span<const Input> inputs, bool embeddings, const RowSink& sink) {
    const auto [begin, end] = share_of(inputs.size(), all.rank(), all.size());
    Share mine;
    mine.summary = here(inputs.subspan(begin, end - begin), embeddings,
                        [&](size_t, const ScoreRow& row) { mine.rows.push_back(pack(row)); });
    ScoringSummary sum;
    const auto shares = all.gather(pack(mine));
    for (int rank = 0; rank < all.size(); ++rank) {
      const Share share = unpack_share(shares[static_cast<size_t>(rank)]);
      size_t index = share_of(inputs.size(), rank, all.size()).first;
      for (const Json& row : share.rows) sink(index++, unpack_row(row));
      add(sum, share.summary);
    }
    return sum;
  };
}

}  // namespace bonafide
