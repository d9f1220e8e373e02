#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audio/location.h"
#include "corpus/leftovers.h"
#include "corpus/trial.h"

namespace bonafide {

// What a member is called in Leftovers that no sample has.
inline constexpr std::string_view kNoSample = "members of archives that belong to no sample";

// "a/Track 2.0.JSON": of the group "a/Track 2", which ends at the first dot of the last part, with
// the stem "a/Track 2.0" and the extension ".json".
struct MemberName {
  std::string group;
  std::string stem;
  std::string extension;  // with its dot, in lower case; empty: no dot, or a hidden file
};
MemberName split_member_name(const std::string& name);

// A sample of a shard as its members say it.
struct ShardSample {
  std::string key;
  Trial trial;  // what the JSON says
  ArchiveMember recording;
  std::string label;  // what .cls says
};

// The members of one group, which stand together, until they are samples (corpus/shard.h has the
// rule). What they throw is a UsageError without the archive's name.
class ShardGroup {
 public:
  explicit ShardGroup(std::string name = {}) : name_(std::move(name)) {}

  const std::string& name() const { return name_; }

  void add_recording(const MemberName& name, const ArchiveMember& member);
  // `what` is the text of a member .json or .cls.
  void add_json(const MemberName& name, const std::string& member, std::string_view text);
  void add_label(const MemberName& name, const std::string& member, std::string_view text);
  // A member that is neither, or one that cannot be read, with the reason.
  void add_other(const std::string& member) { others_.push_back(member); }
  void add_broken(const MemberName& name, const std::string& member, const std::string& why);

  // About how many bytes it takes in memory.
  size_t bytes() const { return bytes_; }

  // The samples, in the order of their recordings. What is none goes to `leftovers`, behind
  // `prefix`.
  std::vector<ShardSample> finish(const std::string& prefix, Leftovers& leftovers);

 private:
  // The members of one stem.
  struct Part {
    std::string stem;
    ArchiveMember recording = {};
    Trial trial = {};
    std::string label = {};
    std::vector<std::string> labels = {};  // names of its members .json and .cls
    std::string trouble = {};              // why they cannot be read

    bool says_label() const { return !label.empty() || trial.truth != Truth::kUnknown; }
    bool is_labelled() const { return !labels.empty(); }
  };

  void adopt_labels(Part& part);
  Part& part_of(const MemberName& name);
  bool is_sample(const Part& part) const;
  Part* lone_recording();
  ShardSample take(Part& part, const std::string& key, Part& labels);
  void note_rest(const std::vector<ShardSample>& samples, const std::string& prefix,
                 Leftovers& leftovers) const;

  std::string name_;
  std::vector<Part> parts_;
  std::unordered_map<std::string, size_t> index_;  // of parts_ by stem
  std::vector<std::string> others_;
  size_t bytes_ = 0;
};

}  // namespace bonafide
