#include "corpus/shard.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "audio/decode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "corpus/json_lines.h"
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

// "a/b.x.json" is the part "x.json" of the sample "a/b".
struct MemberName {
  std::string key;
  std::string extension;  // with its dot, in lower case; empty: no part of a sample
};

MemberName split_name(const std::string& name) {
  const size_t slash = name.rfind('/');
  const size_t begin = slash == std::string::npos ? 0 : slash + 1;
  const size_t dot = name.find('.', begin);
  // Hidden files are none of a sample; tar makers of some systems add them.
  if (dot == std::string::npos || dot == begin) return {name, ""};
  return {name.substr(0, dot), lower(std::string_view(name).substr(dot))};
}

// One that is being gathered from the members that stand together.
struct Sample {
  std::string key;
  Trial trial;  // what the JSON says
  ArchiveMember recording;
  std::string label;  // what .cls says
};

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

class ShardReader {
 public:
  ShardReader(std::span<const std::byte> bytes, const std::filesystem::path& path)
      : tar_(bytes), archive_bytes_(bytes.size()), path_(path) {}

  std::vector<Trial> read() {
    while (const auto member = tar_.next()) {
      const MemberName name = split_name(member->name);
      if (name.extension.empty()) continue;
      if (name.key != sample_.key) finish();
      sample_.key = name.key;
      add(*member, name.extension);
    }
    finish();
    return std::move(trials_);
  }

 private:
  void add(const ArchiveMember& member, const std::string& extension) {
    try {
      if (extension == ".json") {
        sample_.trial = trial_of_json(parse_small_json(tar_.text(kMostJsonBytes)));
      } else if (extension == ".cls") {
        if (member.size > kMostLabelBytes) throw UsageError("too long for a label");
        sample_.label = trim(tar_.text(kMostLabelBytes));
      } else if (has_audio_extension("x" + extension) &&
                 extension.find('.', 1) == std::string::npos) {
        if (!sample_.recording.empty()) throw UsageError("a second recording of one sample");
        sample_.recording = member;
      }
    } catch (const UsageError& e) {
      throw UsageError(fmt::format("member \"{}\": {}", printable(member.name), e.what()));
    }
  }

  void finish() {
    Sample sample = std::exchange(sample_, {});
    if (sample.recording.empty()) {
      if (sample.label.empty() && sample.trial.label == Label::kUnknown) return;
      throw UsageError(fmt::format("sample \"{}\" has no recording", printable(sample.key)));
    }
    if (!keys_.insert(sample.key).second) {
      throw UsageError(fmt::format("sample \"{}\" again", printable(sample.key)));
    }
    Trial& trial = sample.trial;
    if (trial.label == Label::kUnknown && !sample.label.empty()) set_label(sample);
    if (trial.id.empty()) trial.id = sample.key;
    // The audio is the member, whatever the JSON says; its references lie beside the archive.
    trial.path = path_.filename();
    trial.member = sample.recording;
    complete_trial(trial, path_.parent_path());
    expect_no_bomb(sample);
    trials_.push_back(std::move(trial));
  }

  // Compressed, thousands of samples alike fit into few bytes, and all of them are kept.
  void expect_no_bomb(const Sample& sample) {
    const size_t bytes = bytes_of(sample.trial);
    if (bytes > kMostSampleBytes) {
      throw UsageError(fmt::format("sample \"{}\": {} bytes of names and fields; at most {}",
                                   printable(sample.key), bytes, kMostSampleBytes));
    }
    kept_bytes_ += bytes;
    if (kept_bytes_ > kHarmless + kMostRatio * archive_bytes_) {
      throw UsageError(
          fmt::format("a bomb: {} bytes hold {} samples and more", archive_bytes_, trials_.size()));
    }
  }

  static void set_label(Sample& sample) {
    try {
      sample.trial.label = parse_label(sample.label);
    } catch (const UsageError& e) {
      throw UsageError(fmt::format("sample \"{}\": .cls: {}", printable(sample.key), e.what()));
    }
  }

  TarReader tar_;
  size_t archive_bytes_;
  size_t kept_bytes_ = 0;
  const std::filesystem::path& path_;
  Sample sample_;
  std::vector<Trial> trials_;
  std::unordered_set<std::string> keys_;
};

}  // namespace

std::vector<Trial> parse_shard(std::span<const std::byte> bytes,
                               const std::filesystem::path& path) {
  try {
    return ShardReader(bytes, path).read();
  } catch (const Error& e) {
    throw UsageError(fmt::format("{}: {}", printable(path.native()), e.what()));
  }
}

std::vector<Trial> read_shard(const std::filesystem::path& path) {
  try {
    MappedFile file(path);
    file.watch();
    auto trials = parse_shard(file.bytes(), path);
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
