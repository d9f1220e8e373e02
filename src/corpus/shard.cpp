#include "corpus/shard.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "audio/decode.h"
#include "audio/recordings.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "corpus/shard_group.h"
#include "corpus/tar_reader.h"
#include "corpus/trial_fields.h"

namespace bonafide {

namespace {

constexpr size_t kMostLabelBytes = 100;
constexpr size_t kMostJsonBytes = size_t{1} << 20;
constexpr size_t kMostSampleBytes = size_t{64} << 10;  // in memory, without the recording
constexpr size_t kHarmless = size_t{16} << 20;         // bytes in memory of all samples
constexpr size_t kMostRatio = 16;                      // and so many for each of the archive
constexpr size_t kMostNames = 100000;

// What it takes in memory, about.
size_t bytes_of(const Trial& trial) {
  size_t bytes = sizeof(Trial);
  for (const TrialField& field : trial_fields()) {
    if (field.name != "enrolments") bytes += field.get(trial).size();
  }
  if (trial.enrolments) {
    for (const auto& path : *trial.enrolments) bytes += sizeof(path) + path.native().size();
  }
  return bytes;
}

// A member that is an archive itself.
bool is_archive_name(const std::string& name) {
  const std::string word = lower(name);
  return is_shard_name(name) || word.ends_with(".zip") || word.ends_with(".rar") ||
         word.ends_with(".7z") || word.ends_with(".tar.bz2") || word.ends_with(".tbz2");
}

class ShardReader {
 public:
  ShardReader(std::span<const std::byte> bytes, const std::filesystem::path& path,
              Leftovers& leftovers)
      : tar_(bytes),
        archive_bytes_(bytes.size()),
        path_(path),
        prefix_(path.native() + '/'),
        leftovers_(leftovers) {}

  std::vector<Trial> read() {
    while (const auto member = tar_.next()) {
      note_links();
      if (has_companion_part(member->name)) continue;
      const MemberName name = split_member_name(member->name);
      if (name.extension.empty()) {
        note(kNoSample, member->name);
        continue;
      }
      if (name.group != group_.name()) finish();
      if (name.group != group_.name()) group_ = ShardGroup(name.group);
      add(*member, name);
    }
    note_links();
    finish();
    return std::move(trials_);
  }

 private:
  void add(const ArchiveMember& member, const MemberName& name) {
    if (is_archive_name(member.name)) {
      note("archives inside archives", member.name);
    } else if (name.extension == ".json" || name.extension == ".cls") {
      add_label(member, name);
    } else if (!name.extension.empty() && has_audio_extension("x" + name.extension)) {
      group_.add_recording(name, member);
    } else {
      group_.add_other(member.name);
    }
    expect_no_bomb(sizeof(ArchiveMember) + member.name.size());
  }

  void add_label(const ArchiveMember& member, const MemberName& name) {
    const bool is_json = name.extension == ".json";
    const size_t most = is_json ? kMostJsonBytes : kMostLabelBytes;
    if (member.size > most) {
      group_.add_broken(name, member.name, fmt::format("{} bytes; at most {}", member.size, most));
    } else if (is_json) {
      group_.add_json(name, member.name, tar_.text(most));
    } else {
      group_.add_label(name, member.name, tar_.text(most));
    }
  }

  void note_links() {
    for (const std::string& name : tar_.take_links()) {
      if (!has_companion_part(name)) note("links, pipes and devices in archives", name);
    }
  }

  void note(std::string_view kind, const std::string& name) {
    leftovers_.add(kind, prefix_ + name);
    expect_no_bomb(2 * (prefix_.size() + name.size()));
  }

  void finish() {
    for (ShardSample& sample : std::exchange(group_, ShardGroup()).finish(prefix_, leftovers_)) {
      keep(sample);
    }
  }

  void keep(ShardSample& sample) {
    if (!keys_.insert(sample.key).second) {
      throw UsageError(fmt::format("sample \"{}\" again", printable(sample.key)));
    }
    Trial& trial = sample.trial;
    if (!sample.label.empty() && !is_class_number(sample)) set_label(sample);
    if (trial.id.empty()) trial.id = sample.key;
    // The audio is the member, whatever the JSON says; its references lie beside the archive.
    trial.path = path_.filename();
    trial.member = sample.recording;
    complete_trial(trial, path_.parent_path());
    const size_t bytes = bytes_of(sample.trial);
    if (bytes > kMostSampleBytes) {
      throw UsageError(fmt::format("sample \"{}\": {} bytes of names and fields; at most {}",
                                   printable(sample.key), bytes, kMostSampleBytes));
    }
    expect_no_bomb(bytes);
    trials_.push_back(std::move(trial));
  }

  // Compressed, thousands of members alike fit into few bytes, and all of them are kept.
  void expect_no_bomb(size_t bytes) {
    kept_bytes_ += bytes;
    if (kept_bytes_ + group_.bytes() > kHarmless + kMostRatio * archive_bytes_) {
      throw UsageError(
          fmt::format("a bomb: {} bytes hold {} samples and more", archive_bytes_, trials_.size()));
    }
  }

  // Beside a label in the JSON, .cls may hold what WebDataset has there: the number of a class.
  static bool is_class_number(const ShardSample& sample) {
    return sample.trial.truth != Truth::kUnknown && parse_integer(sample.label).has_value();
  }

  static void set_label(ShardSample& sample) {
    try {
      set_once(sample.trial, *find_trial_field("label"), sample.label);
    } catch (const UsageError& e) {
      throw UsageError(fmt::format("sample \"{}\": .cls: {}", printable(sample.key), e.what()));
    }
  }

  TarReader tar_;
  size_t archive_bytes_;
  size_t kept_bytes_ = 0;
  const std::filesystem::path& path_;
  std::string prefix_;  // of members' names in what is left over
  Leftovers& leftovers_;
  ShardGroup group_;
  std::vector<Trial> trials_;
  std::unordered_set<std::string> keys_;
};

}  // namespace

std::vector<Trial> parse_shard(std::span<const std::byte> bytes, const std::filesystem::path& path,
                               Leftovers* leftovers) {
  Leftovers unwanted;
  try {
    return ShardReader(bytes, path, leftovers ? *leftovers : unwanted).read();
  } catch (const Error& e) {
    throw UsageError(fmt::format("{}: {}", printable(path.native()), e.what()));
  }
}

std::vector<Trial> read_shard(const std::filesystem::path& path, Leftovers* leftovers) {
  try {
    MappedFile file(path);
    file.watch();
    auto trials = parse_shard(file.bytes(), path, leftovers);
    file.expect_unchanged();
    return trials;
  } catch (const UsageError&) {
    throw;
  } catch (const Error& e) {
    throw UsageError(e.what());
  }
}

bool is_shard_name(const std::filesystem::path& path) {
  static constexpr std::string_view kEnds[] = {".tar", ".tar.gz",  ".tgz", ".tar.xz",
                                               ".txz", ".tar.zst", ".tzst"};
  const std::string name = lower(path.filename().native());
  return std::any_of(std::begin(kEnds), std::end(kEnds),
                     [&](std::string_view end) { return name.ends_with(end); });
}

std::vector<std::string> expand_braces(const std::string& pattern) {
  const size_t open = pattern.find('{');
  if (open == std::string::npos) return {pattern};
  const auto refuse = [&](std::string_view why) {
    throw UsageError(fmt::format("\"{}\": {}", printable(pattern), why));
  };
  const size_t close = pattern.find('}', open);
  const size_t dots = pattern.find("..", open);
  if (close == std::string::npos || dots == std::string::npos || dots > close) {
    refuse("a pattern is NAME{FIRST..LAST}NAME");
  }
  const std::string first = pattern.substr(open + 1, dots - open - 1);
  const auto from = parse_integer(first);
  const auto to = parse_integer(pattern.substr(dots + 2, close - dots - 2));
  if (!from || !to || *from < 0 || *to < *from) refuse("a pattern is NAME{FIRST..LAST}NAME");
  if (static_cast<size_t>(*to - *from) >= kMostNames) refuse("too many names");
  std::vector<std::string> names;
  for (int64_t i = *from; i <= *to; ++i) {
    names.push_back(fmt::format("{}{:0{}}{}", pattern.substr(0, open), i, first.size(),
                                pattern.substr(close + 1)));
  }
  return names;
}

}  // namespace bonafide
