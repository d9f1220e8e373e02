#include "corpus/corpus.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "corpus/sets/sets.h"

namespace bonafide {

const std::vector<Corpus>& corpora() {
  static const std::vector<Corpus> table = {
      // Of any data
      describe_manifest(),
      describe_pairs(),
      describe_cm_list(),
      describe_kaldi(),
      describe_shards(),
      describe_minicorpus(),
      // ASVspoof
      describe_asvspoof2015(),
      describe_asvspoof2017(),
      describe_asvspoof2019_la(),
      describe_asvspoof2019_la_sasv(),
      describe_asvspoof2019_pa(),
      describe_asvspoof2021_la(),
      describe_asvspoof2021_df(),
      describe_asvspoof2021_pa(),
      describe_asvspoof5(),
      describe_asvspoof5_track2(),
      // Other spoofed speech
      describe_in_the_wild(),
      describe_wavefake(),
      describe_fake_or_real(),
      describe_librisevoc(),
      describe_mlaad(),
      describe_m_ailabs(),
      describe_codecfake(),
      describe_add2022(),
      describe_add2023(),
      describe_partialspoof(),
      describe_sonar(),
      describe_cd_add(),
      describe_cfad(),
      describe_dfadd(),
      describe_habla(),
      describe_spoofceleb(),
      describe_morphing(),
      // Human voices, noise and rooms
      describe_voxceleb1(),
      describe_voxceleb2(),
      describe_musan(),
      describe_rirs_noises(),
  };
  return table;
}

const Corpus& find_corpus(std::string_view name) {
  std::vector<std::string> names;
  for (const Corpus& corpus : corpora()) {
    if (corpus.name == name) return corpus;
    names.emplace_back(corpus.name);
  }
  const auto meant = nearest(name, names);
  throw UsageError(fmt::format("no corpus called \"{}\" ({})", printable(name),
                               meant ? fmt::format("did you mean \"{}\"?", *meant)
                                     : fmt::format("there are: {}", fmt::join(names, ", "))));
}

namespace {

// What is before the tail, which must be a whole number of folders and a name.
std::optional<std::string> before(std::string_view path, std::string_view tail) {
  if (!path.ends_with(tail)) return {};
  path.remove_suffix(tail.size());
  if (!path.empty() && !path.ends_with('/')) return {};
  return std::string(path);
}

std::optional<CorpusRequest> request_of(const Corpus& corpus, const std::filesystem::path& path) {
  for (const std::string_view list : corpus.lists) {
    const bool of_all = list.find("{}") == std::string_view::npos;
    for (const std::string_view part : of_all ? std::vector<std::string_view>{""} : corpus.parts) {
      const auto root = before(path.native(), fmt::format(fmt::runtime(list), part));
      if (root) return CorpusRequest{*root, std::string(part), path};
    }
  }
  return {};
}

std::optional<std::vector<Trial>> read_list_at(const std::filesystem::path& path,
                                               Leftovers* leftovers) {
  for (const Corpus& corpus : corpora()) {
    auto request = request_of(corpus, path);
    if (!request) continue;
    request->leftovers = leftovers;
    return corpus.read(*request);
  }
  return {};
}

}  // namespace

std::optional<std::vector<Trial>> read_corpus_list(const std::filesystem::path& list,
                                                   Leftovers* leftovers) {
  std::error_code missing;
  if (!std::filesystem::is_regular_file(list, missing)) return {};
  // As it is written where that tells the root, for its trials' paths are shown to people.
  if (auto trials = read_list_at(list.lexically_normal(), leftovers)) return trials;
  return read_list_at(std::filesystem::absolute(list).lexically_normal(), leftovers);
}

void check_part(std::string_view corpus, const std::vector<std::string_view>& parts,
                std::string_view part) {
  if (std::find(parts.begin(), parts.end(), part) != parts.end()) return;
  throw UsageError(fmt::format("{}: no part \"{}\" ({})", corpus, printable(part),
                               parts == std::vector<std::string_view>{""}
                                   ? "it is one part, without a name"
                                   : fmt::format("{}", fmt::join(parts, ", "))));
}

}  // namespace bonafide
