#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "cli/data_commands.h"
#include "corpus/corpus.h"

namespace bonafide {

namespace {

constexpr std::string_view kSecondHand =
    "(Layout known from papers and users' code, not from the release itself.)";

void print_corpus(const Corpus& corpus) {
  fmt::print("{}: {}\n", corpus.name, corpus.title);
  for (const std::string_view line : split(corpus.layout, '\n')) fmt::print("    {}\n", line);
  if (!corpus.parts.empty()) fmt::print("    parts: {}\n", fmt::join(corpus.parts, ", "));
  if (corpus.knowledge == Knowledge::kSecondHand) fmt::print("    {}\n", kSecondHand);
}

Json count_of(const KnownCount& count) {
  Json object = {{"part", count.part}};
  if (count.bona_fide > 0) object["bona_fide"] = count.bona_fide;
  if (count.spoof > 0) object["spoof"] = count.spoof;
  if (count.all > 0) object["all"] = count.all;
  object["first_hand"] = count.knowledge == Knowledge::kFirstHand;
  return object;
}

void print_json() {
  Json list = Json::array();
  for (const Corpus& corpus : corpora()) {
    Json counts = Json::array();
    for (const KnownCount& count : corpus.counts) counts.push_back(count_of(count));
    list.push_back({{"name", corpus.name},
                    {"title", corpus.title},
                    {"layout", corpus.layout},
                    {"parts", corpus.parts},
                    {"first_hand", corpus.knowledge == Knowledge::kFirstHand},
                    {"counts", counts}});
  }
  fmt::print("{}\n", list.dump(2));
}

}  // namespace

std::function<int()> declare_data_list(CLI::App& app) {
  struct Options {
    std::string corpus;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  app.add_option("corpus", options->corpus, "only this one");
  app.add_flag("--json", options->json, "for programs: also the known counts");
  return [options]() -> int {
    if (options->json) {
      print_json();
    } else if (!options->corpus.empty()) {
      print_corpus(find_corpus(options->corpus));
    } else {
      for (const Corpus& corpus : corpora()) print_corpus(corpus);
    }
    return 0;
  };
}

}  // namespace bonafide
