#include "corpus/shard_group.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "corpus/json_lines.h"

namespace bonafide {

namespace {

constexpr std::string_view kBeside = "recordings in archives beside that of their sample";

size_t begin_of_last_part(std::string_view name) {
  const size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? 0 : slash + 1;
}

// Whether the name is that of a sample, a dot and more.
bool belongs(std::string_view name, const std::unordered_set<std::string>& keys) {
  size_t dot = name.find('.', begin_of_last_part(name) + 1);
  for (; dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
    if (keys.contains(std::string(name.substr(0, dot)))) return true;
  }
  return false;
}

std::string about_member(const std::string& member, std::string_view why) {
  return fmt::format("member \"{}\": {}", printable(member), why);
}

}  // namespace

MemberName split_member_name(const std::string& name) {
  const size_t begin = begin_of_last_part(name);
  const size_t first = name.find('.', begin);
  if (first == std::string::npos || first == begin) return {name, name, ""};
  const size_t last = name.rfind('.');
  return {name.substr(0, first), name.substr(0, last), lower(std::string_view(name).substr(last))};
}

ShardGroup::Part& ShardGroup::part_of(const MemberName& name) {
  const auto [entry, fresh] = index_.emplace(name.stem, parts_.size());
  if (fresh) {
    parts_.push_back({.stem = name.stem});
    bytes_ += sizeof(Part) + 4 * name.stem.size() + 64;
  }
  return parts_[entry->second];
}

void ShardGroup::add_broken(const MemberName& name, const std::string& member,
                            const std::string& why) {
  const std::string text = about_member(member, why);
  // Compound extensions ("x.meta.json") may hold anything, until they are a sample's label.
  if (name.stem == name_) throw UsageError(text);
  Part& part = part_of(name);
  part.labels.push_back(member);
  if (part.trouble.empty()) part.trouble = text;
}

void ShardGroup::add_recording(const MemberName& name, const ArchiveMember& member) {
  Part& part = part_of(name);
  if (part.recording.empty()) {
    part.recording = member;
  } else {
    add_broken(name, member.name, "a second recording of one sample");
  }
}

void ShardGroup::add_json(const MemberName& name, const std::string& member,
                          std::string_view text) {
  try {
    Json object = parse_small_json(text);
    // The recording is the member, whatever file it was made from.
    if (object.is_object()) {
      for (const char* key : {"path", "file", "audio_filepath"}) object.erase(key);
    }
    Trial trial = trial_of_json(object);
    if (trial.excerpt) {
      throw UsageError(
          "means a stretch of a recording, and it is not said whether the member has "
          "been cut to it already");
    }
    Part& part = part_of(name);
    part.trial = std::move(trial);
    part.labels.push_back(member);
    bytes_ += 4 * text.size();
  } catch (const UsageError& e) {
    add_broken(name, member, e.what());
  }
}

void ShardGroup::add_label(const MemberName& name, const std::string& member,
                           std::string_view text) {
  Part& part = part_of(name);
  part.label = trim(text);
  part.labels.push_back(member);
}

// "x.wav.json" and "x.wav.cls" are labels of "x.wav", as "x.json" and "x.cls" are.
void ShardGroup::adopt_labels(Part& part) {
  const auto found = part.recording.empty() ? index_.end() : index_.find(part.recording.name);
  if (found == index_.end()) return;
  Part& named = parts_[found->second];
  if (!named.recording.empty() || !named.is_labelled()) return;
  if (!part.is_labelled()) {
    part.trial = std::move(named.trial);
    part.label = named.label;
    part.trouble = named.trouble;
    part.labels.swap(named.labels);
  } else if (part.label.empty()) {
    part.label =
        !named.label.empty() ? named.label : std::string(name_of(label_of(named.trial.truth)));
  } else if (named.says_label()) {
    add_broken({name_, part.stem, ""}, named.labels.front(), "another label of a labelled sample");
  }
}

// A recording of the group's own name has those of longer names for companions ("x.seg.wav"),
// unless they have a label of their own.
bool ShardGroup::is_sample(const Part& part) const {
  if (part.recording.empty() || part.stem == name_) return !part.recording.empty();
  const auto own = index_.find(name_);
  const bool has_head = own != index_.end() && !parts_[own->second].recording.empty();
  return has_head ? part.says_label() : true;
}

// The only recording, where the group's name has labels and no recording: "x.16k.wav", "x.json".
ShardGroup::Part* ShardGroup::lone_recording() {
  Part* lone = nullptr;
  for (Part& part : parts_) {
    if (part.recording.empty() || part.is_labelled()) continue;
    if (lone != nullptr) return nullptr;
    lone = &part;
  }
  return lone;
}

ShardSample ShardGroup::take(Part& part, const std::string& key, Part& labels) {
  if (!labels.trouble.empty()) throw UsageError(labels.trouble);
  labels.labels.clear();
  return {key, std::move(labels.trial), std::exchange(part.recording, {}), labels.label};
}

std::vector<ShardSample> ShardGroup::finish(const std::string& prefix, Leftovers& leftovers) {
  std::vector<ShardSample> samples;
  for (size_t i = 0; i < parts_.size(); ++i) adopt_labels(parts_[i]);
  const auto own = index_.find(name_);
  Part* head = own == index_.end() ? nullptr : &parts_[own->second];
  if (head && !head->recording.empty()) head = nullptr;  // complete
  Part* const lone = head && head->is_labelled() ? lone_recording() : nullptr;
  if (head && head->says_label() && !lone) {
    throw UsageError(fmt::format("sample \"{}\" has no recording", printable(name_)));
  }
  std::vector<Part*> taken;
  for (Part& part : parts_) {
    if (is_sample(part)) taken.push_back(&part);
  }
  for (Part* part : taken) {
    samples.push_back(part == lone ? take(*part, name_, *head) : take(*part, part->stem, *part));
  }
  note_rest(samples, prefix, leftovers);
  return samples;
}

void ShardGroup::note_rest(const std::vector<ShardSample>& samples, const std::string& prefix,
                           Leftovers& leftovers) const {
  std::unordered_set<std::string> keys;
  for (const ShardSample& sample : samples) keys.insert(sample.key);
  const auto note = [&](const std::string& member) {
    if (!belongs(member, keys)) leftovers.add(kNoSample, prefix + member);
  };
  for (const Part& part : parts_) {
    if (!part.recording.empty()) leftovers.add(kBeside, prefix + part.recording.name);
    std::for_each(part.labels.begin(), part.labels.end(), note);
  }
  std::for_each(others_.begin(), others_.end(), note);
}

}  // namespace bonafide
