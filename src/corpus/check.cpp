#include "corpus/check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <span>
#include <string_view>
#include <unordered_set>

#include "audio/decode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/file_kind.h"
#include "base/interrupt.h"
#include "base/ordered_pipeline.h"
#include "base/text.h"
#include "corpus/check_state.h"
#include "corpus/surplus.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

// Every recording that the trials name, once, in their order.
std::vector<AudioLocation> recordings_of(const std::vector<Part>& parts) {
  std::vector<AudioLocation> recordings;
  std::unordered_set<std::string> names;
  std::unordered_set<const void*> enrolments;  // shared by many trials
  const auto add = [&](AudioLocation location) {
    if (names.insert(location.name()).second) recordings.push_back(std::move(location));
  };
  for (const Part& part : parts) {
    for (const Trial& trial : part.trials) {
      add(location_of(trial));
      if (!trial.reference.path.empty()) add(trial.reference);
      if (!trial.enrolments || !enrolments.insert(trial.enrolments.get()).second) continue;
      for (const fs::path& path : *trial.enrolments) add(path);
    }
  }
  return recordings;
}

std::vector<AudioLocation> recordings_of_all(const Corpus& corpus, const fs::path& root) {
  std::vector<std::string> unreadable;
  return recordings_of(read_parts(corpus, root, std::nullopt, unreadable, nullptr));
}

// Pointers, web pages and servers' error messages are smaller than any recording of use.
constexpr uintmax_t kSmall = 2048;  // bytes

void look_for(const fs::path& path, bool is_recording) {
  std::error_code code;
  const auto status = fs::status(path, code);
  const std::string name = printable(path.native());
  if (!fs::is_regular_file(status)) throw Error(fmt::format("{}: not a regular file", name));
  const auto size = fs::file_size(path, code);
  if (size == 0) throw Error(fmt::format("{}: an empty file", name));
  if (code || size >= kSmall || !is_recording) return;
  const std::string text = read_text(path);
  const auto kind = kind_of(std::as_bytes(std::span(text)));
  if (kind && !kind->plain_text && !kind->remedy.empty()) {
    throw Error(fmt::format("{}: {}", name, mistaken_for(std::as_bytes(std::span(text)), "audio")));
  }
}

struct Outcome {
  std::string reason;  // empty: all well
  bool remembered = false;
  bool missing = false;
};

Outcome look_at(const AudioLocation& location, bool deep, CheckState& state) {
  std::error_code unknown;
  if (!fs::exists(location.path, unknown)) {
    return {printable(location.path.native()) + ": no such file", false, true};
  }
  try {
    look_for(location.path, location.member.empty());
    if (!deep) return {};
    const uint64_t fingerprint = CheckState::fingerprint(location);
    if (state.knows(fingerprint)) return {"", true};
    if (const Recording recording = decode(location, {.sample_rate = 0}); recording.losses > 0) {
      return {fmt::format("{}: {}", printable(location.name()), recording.warnings.front())};
    }
    state.add(fingerprint);
    return {};
  } catch (const std::bad_alloc&) {
    return {printable(location.name()) + ": out of memory"};
  } catch (const std::exception& e) {
    return {e.what()};
  }
}

void look_at_all(const std::vector<AudioLocation>& recordings, const CheckOptions& options,
                 CheckReport& report, Progress& progress) {
  CheckState state(options.deep ? options.state : fs::path());
  OrderedPipeline<Outcome> pipeline(
      recordings.size(), options.threads, /*ahead=*/64 * options.threads,
      [&](size_t i) { return look_at(recordings[i], options.deep, state); });
  NearNames near;
  progress.start("checking", recordings.size());
  for (size_t i = 0; i < recordings.size() && !interrupted(); ++i) {
    Outcome outcome = *pipeline.next();
    if (!outcome.reason.empty()) {
      if (outcome.missing) outcome.reason += near.hint(recordings[i].path);
      report.troubles.push_back({recordings[i].name(), outcome.reason});
    }
    report.remembered += outcome.remembered ? 1 : 0;
    progress.update(++report.looked_at, "");
  }
  progress.finish();
  report.interrupted = report.looked_at < recordings.size();
}

void compare(std::string_view what, size_t found, size_t known, const KnownCount& count,
             std::vector<CountMismatch>& mismatches) {
  if (known == 0 || found == known) return;
  mismatches.push_back(
      {fmt::format("{}{}{}: {} in the protocol, {} are {}", printable(count.part),
                   count.part.empty() ? "" : ": ", what, found, known,
                   count.knowledge == Knowledge::kFirstHand ? "in the release"
                                                            : "said to be in the release"),
       count.knowledge});
}

}  // namespace

bool CheckReport::all_well() const {
  const auto is_sure = [](const CountMismatch& m) { return m.knowledge == Knowledge::kFirstHand; };
  return !interrupted && troubles.empty() && unreadable_parts.empty() &&
         leftovers.troubles().empty() &&
         std::none_of(mismatches.begin(), mismatches.end(), is_sure);
}

std::vector<Part> read_parts(const Corpus& corpus, const fs::path& root,
                             const std::optional<std::string>& part,
                             std::vector<std::string>& unreadable, Leftovers* leftovers) {
  std::vector<std::string> names(corpus.parts.begin(), corpus.parts.end());
  if (names.empty()) names.emplace_back();
  if (part) names = {*part};
  std::vector<Part> parts;
  for (const std::string& name : names) {
    try {
      parts.push_back({name, corpus.read({root, name, {}, leftovers})});
    } catch (const UsageError& e) {
      if (names.size() == 1) throw;
      unreadable.emplace_back(e.what());
    }
  }
  if (parts.empty()) {
    throw UsageError(fmt::format("{}: no part of {} can be read there; the first: {}",
                                 printable(root.native()), corpus.name, unreadable.front()));
  }
  return parts;
}

PartCounts count(const Part& part) {
  PartCounts counts{.part = part.name};
  for (const Trial& trial : part.trials) {
    ++(is_bona_fide(trial.truth)      ? counts.bona_fide
       : trial.truth == Truth::kSpoof ? counts.spoof
                                      : counts.unlabelled);
  }
  return counts;
}

std::vector<CountMismatch> compare_counts(const std::vector<KnownCount>& known,
                                          const PartCounts& counts) {
  std::vector<CountMismatch> mismatches;
  for (const KnownCount& count : known) {
    if (count.part != counts.part) continue;
    compare("bona fide", counts.bona_fide, count.bona_fide, count, mismatches);
    compare("spoofed", counts.spoof, count.spoof, count, mismatches);
    compare("trials", counts.all(), count.all, count, mismatches);
  }
  return mismatches;
}

CheckReport check_corpus(const Corpus& corpus, const CheckOptions& options, Progress& progress) {
  CheckReport report;
  const auto parts =
      read_parts(corpus, options.root, options.part, report.unreadable_parts, &report.leftovers);
  for (const Part& part : parts) {
    report.parts.push_back(count(part));
    const auto mismatches = compare_counts(corpus.counts, report.parts.back());
    report.mismatches.insert(report.mismatches.end(), mismatches.begin(), mismatches.end());
  }
  const auto recordings = recordings_of(parts);
  report.recordings = recordings.size();
  look_at_all(recordings, options, report, progress);
  if (report.interrupted) return report;
  // What another part lists is listed too.
  const bool has_others = options.part && !corpus.parts.empty();
  note_surplus(options.root, recordings,
               has_others ? recordings_of_all(corpus, options.root) : recordings,
               /*whole_root=*/!options.part, report.leftovers);
  return report;
}

}  // namespace bonafide
