#include "minicorpus/notes.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/csv.h"
#include "base/file.h"

namespace bonafide {

namespace {

constexpr std::string_view kRecipe =
    R"(Every file, bona fide or spoof, went through the same steps:
 1. decoded, averaged to mono, resampled to 16 kHz (telephone: 8 kHz)
 2. copy synthesis only: analysed and synthesised again, prompt by prompt
 3. once through G.722 at 64 kbit/s (telephone: GSM 06.10 full rate), unless the package's file was
    so coded already
 4. mean subtracted; high-pass 100 Hz, 16th-order Butterworth; low-pass 6.8 kHz (telephone:
    3.4 kHz), linear phase
 5. trimmed to 50 ms outside the part within 40 dB of the loudest 10 ms
 6. prompts of one speaker or voice joined with gaps of 0.12 s, and cut to a length drawn from 3 to
    5 s (a copy has its original's length)
 7. level: root mean square drawn from -30 to -22 dBFS
 8. white noise drawn from -72 to -62 dBFS; 16 bits; FLAC
)";

std::string counts_text(const std::vector<MiniUtterance>& utterances) {
  std::map<std::pair<std::string, std::string>, size_t> counts;
  for (const MiniUtterance& utterance : utterances) {
    const Trial& trial = utterance.trial;
    const std::string who =
        is_bona_fide(trial.truth) ? "bona fide, " + trial.speaker : "spoof, " + trial.attack;
    ++counts[{trial.partition, who}];
  }
  std::string text;
  for (const auto& [what, count] : counts) {
    text += fmt::format("{:<15} {:<45} {:>5}\n", what.first, what.second, count);
  }
  return text;
}

std::string licences_text(const std::vector<MiniUtterance>& utterances) {
  std::set<std::string> lines;
  for (const MiniUtterance& utterance : utterances) {
    lines.insert(fmt::format("{:<31} {}\n", utterance.source, utterance.licence));
  }
  return fmt::format("{}", fmt::join(lines, ""));
}

void write_table(const MinicorpusOptions& options, const std::vector<MiniUtterance>& utterances) {
  write_atomically(options.folder / "manifest.csv", [&](std::ostream& out) {
    out << csv_line(
        {"id", "path", "label", "speaker", "attack", "partition", "language", "source", "licence"});
    for (const MiniUtterance& utterance : utterances) {
      const Trial& trial = utterance.trial;
      out << csv_line({trial.id, fmt::format("{}/{}.flac", trial.partition, trial.id),
                       std::string(name_of(label_of(trial.truth))), trial.speaker, trial.attack,
                       trial.partition, utterance.language, utterance.source, utterance.licence});
    }
  });
}

void write_shortcuts(const MinicorpusOptions& options, const ShortcutTable& table) {
  write_atomically(options.folder / "shortcuts.csv", [&](std::ostream& out) {
    out << csv_line({"partition", "shortcut", "area_under_roc"});
    for (size_t p = 0; p < table.partitions.size(); ++p) {
      for (size_t s = 0; s < kShortcutNames.size(); ++s) {
        out << csv_line({table.partitions[p], std::string(kShortcutNames[s]),
                         fmt::format("{:.4f}", table.areas[p][s])});
      }
    }
  });
}

}  // namespace

void write_notes(const MinicorpusOptions& options, const std::vector<MiniUtterance>& utterances,
                 const ShortcutTable& shortcuts) {
  write_table(options, utterances);
  write_shortcuts(options, shortcuts);
  write_atomically(
      options.folder / "README.txt",
      fmt::format("Mini corpus for voice anti-spoofing, made by \"bonafide data minicorpus\" "
                  "(scale {}, seed {}) from Debian packages.\n"
                  "A small corpus of few speakers and old synthesisers: good for trying things "
                  "out, never a benchmark.\n\n"
                  "{}\nUtterances\n{}\n"
                  "Packages and licences of the voices (each file's in manifest.csv; the packages' "
                  "own copyright files say more)\n{}",
                  options.scale, options.seed, kRecipe, counts_text(utterances),
                  licences_text(utterances)));
}

}  // namespace bonafide
