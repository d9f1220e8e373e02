#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "audio/recordings.h"
#include "base/error.h"
#include "base/text.h"
#include "corpus/sets/sets.h"
#include "corpus/shard.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> shards_in(const fs::path& folder) {
  std::vector<fs::path> shards;
  std::error_code code;
  for (fs::directory_iterator at(folder, code); !code && at != fs::directory_iterator();
       at.increment(code)) {
    const fs::path& path = at->path();
    if (is_shard_name(path) && !is_companion(path.filename().native())) shards.push_back(path);
  }
  if (code) throw UsageError(fmt::format("{}: {}", printable(folder.native()), code.message()));
  if (shards.empty()) {
    throw UsageError(
        fmt::format("{}: no *.tar, *.tar.gz, *.tar.zst or *.tar.xz", printable(folder.native())));
  }
  std::sort(shards.begin(), shards.end());
  return shards;
}

std::vector<fs::path> shards_of(const CorpusRequest& request) {
  const fs::path place = request.part.empty() ? request.root : request.root / request.part;
  std::error_code unreadable;
  if (fs::is_directory(place, unreadable)) return shards_in(place);
  std::vector<fs::path> shards;
  for (const std::string& name : expand_braces(place.native())) shards.emplace_back(name);
  return shards;
}

std::vector<Trial> read(const CorpusRequest& request) {
  std::vector<Trial> trials;
  std::unordered_map<std::string, fs::path> shard_of;  // of each id
  for (const fs::path& shard : shards_of(request)) {
    for (Trial& trial : read_shard(shard, request.leftovers)) {
      const auto [entry, fresh] = shard_of.emplace(identity(trial), shard);
      if (!fresh) {
        throw UsageError(fmt::format("{}: \"{}\" again ({} has it)", printable(shard.native()),
                                     printable(trial.id), printable(entry->second.native())));
      }
      if (trial.partition.empty()) trial.partition = request.part;
      trials.push_back(std::move(trial));
    }
  }
  return trials;
}

}  // namespace

Corpus describe_shards() {
  return {"shards",
          "tar archives of WebDataset form, read in place",
          "ROOT/PART/*.tar, with PART a folder (or empty), an archive, or a pattern such as "
          "train-{000..041}.tar; also .tar.gz, .tar.zst and .tar.xz, which are decompressed on the "
          "way and train with train.sampler=shards only\n"
          "In them KEY.flac (or other audio) beside KEY.json (label, speaker, attack, ... as in "
          "JSON lines) or KEY.cls (bonafide or spoof)",
          {},
          read};
}

}  // namespace bonafide
