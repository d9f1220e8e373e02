#include <fmt/format.h>

#include "base/text.h"
#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

const std::vector<std::string_view>& parts() {
  static const std::vector<std::string_view> names = {
      "clean/train", "clean/dev", "clean/test_seen", "clean/test_unseen",
      "noisy/train", "noisy/dev", "noisy/test_seen", "noisy/test_unseen",
      "codec/train", "codec/dev", "codec/test_seen", "codec/test_unseen"};
  return names;
}

// {real,fake}_VERSION/SOURCE
std::vector<Trial> read(const CorpusRequest& request) {
  check_part("cfad", parts(), request.part);
  const auto words = split(request.part, '/');
  const std::string folder = fmt::format("{0}_version/{1}_{0}", words[0], words[1]);
  return trials_in_folder(request, folder,
                          [&](Trial& trial, const std::vector<std::string>& folders) {
                            if (folders.size() < 2) return false;
                            const bool is_real = folders[0].starts_with("real");
                            if (!is_real && !folders[0].starts_with("fake")) return false;
                            if (is_real) mark_bona_fide(trial);
                            if (is_real) trial.source = folders[1];
                            if (!is_real) mark_spoof(trial, folders[1]);
                            trial.partition = request.part;
                            trial.conditions.push_back({"version", std::string(words[0])});
                            return true;
                          });
}

}  // namespace

Corpus describe_cfad() {
  return {"cfad",
          "CFAD: Chinese fake audio, clean, noisy and coded",
          "ROOT/VERSION_version/PART_VERSION/{real,fake}_VERSION/SOURCE/*.wav, with VERSION clean, "
          "noisy or codec,\n"
          "PART train, dev, test_seen or test_unseen; a part's name here is VERSION/PART",
          parts(),
          read,
          Knowledge::kSecondHand,
          {{"clean/test_seen", 14000, 28000}, {"clean/test_unseen", 7000, 14000}}};
}

}  // namespace bonafide
