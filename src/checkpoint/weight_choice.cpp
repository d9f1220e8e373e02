#include "checkpoint/weight_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/weight_sets.h"
#include "checkpoint/wrappers.h"

namespace bonafide {

namespace {

// A fit, and where in the file it lies.
struct Candidate {
  WeightFit fit;
  size_t dictionary = 0;      // bytes of the prefix that lead to the set
  std::string inner_wrapper;  // a name with a wrapper inside that was taken out; "": none

  std::string_view set() const { return std::string_view(fit.prefix).substr(0, dictionary); }
  std::string_view wrapper() const { return std::string_view(fit.prefix).substr(dictionary); }
  size_t first() const { return fit.taken.empty() ? 0 : fit.taken.front().first; }
};

std::vector<std::string> names_of(const StoredWeights& stored) {
  std::vector<std::string> names;
  for (const StoredTensor& tensor : stored.tensors) names.push_back(tensor.name);
  return names;
}

// Where the weights that fit whole and those that nearly do lie.
class Search {
 public:
  Search(const StoredWeights& stored, std::span<const WantedTensor> wanted) : stored_(stored) {
    const auto names = names_of(stored), unwrapped = unwrapped_names(stored);
    add(find_fits(stored, names, wanted), names);
    if (unwrapped != names) add(find_fits(stored, unwrapped, wanted), unwrapped);
    std::stable_sort(whole_.begin(), whole_.end(), [](const Candidate& a, const Candidate& b) {
      return unusualness(a.fit.prefix) < unusualness(b.fit.prefix);
    });
    if (whole_.empty() || is_optimizers(whole_.front().fit.prefix)) return;
    std::erase_if(whole_, [](const Candidate& one) { return is_optimizers(one.fit.prefix); });
  }

  const std::vector<Candidate>& whole() const { return whole_; }      // the one to take first
  const std::vector<Candidate>& partial() const { return partial_; }  // the fullest first

 private:
  void add(std::vector<WeightFit> fits, const std::vector<std::string>& names) {
    for (WeightFit& fit : fits) {
      Candidate candidate{std::move(fit), 0, {}};
      if (!candidate.fit.taken.empty()) {
        candidate.dictionary =
            std::min(stored_.tensors[candidate.first()].set, candidate.fit.prefix.size());
      }
      for (const auto& [given, wanted] : candidate.fit.taken) {
        if (names[given] != stored_.tensors[given].name) {
          candidate.inner_wrapper = stored_.tensors[given].name;
        }
      }
      if (!candidate.fit.whole()) {
        partial_.push_back(std::move(candidate));
      } else if (firsts_.insert(candidate.first()).second) {
        whole_.push_back(std::move(candidate));
      }
    }
  }

  const StoredWeights& stored_;
  std::set<size_t> firsts_;  // the same weights fit with and without wrappers inside
  std::vector<Candidate> whole_, partial_;
};

// By the dictionary's name where no other candidate lies there.
std::string name_among(const Candidate& one, const std::vector<Candidate>& all) {
  const auto there = std::count_if(
      all.begin(), all.end(), [&](const Candidate& other) { return other.set() == one.set(); });
  return called(there == 1 && one.dictionary > 0 ? one.set() : std::string_view(one.fit.prefix));
}

std::vector<std::string> names_among(const std::vector<Candidate>& all) {
  std::vector<std::string> names;
  for (const Candidate& one : all) names.push_back(name_among(one, all));
  return names;
}

[[noreturn]] void refuse_set(const StoredWeights& stored, const std::vector<Candidate>& whole,
                             const std::string& set, const std::string& name) {
  std::vector<std::string> there = names_among(whole);
  if (there.empty()) {
    for (const std::string& one : sets_of(stored)) there.push_back(called(one));
  }
  throw UsageError(fmt::format("{}: has no weights called \"{}\"; there are: {}", printable(name),
                               printable(set), some_of(there, 12)));
}

// "of the network's 229 tensors 137 stand under their own names, 92 behind "module."": where the
// names are only partly wrapped.
std::string scattered(const std::vector<Candidate>& partial, size_t wanted) {
  std::vector<std::string> parts;
  for (const Candidate& one : partial) {
    if (one.fit.taken.empty() || !one.inner_wrapper.empty() || parts.size() == 3) continue;
    parts.push_back(fmt::format("{} {}", one.fit.taken.size(),
                                one.fit.prefix.empty()
                                    ? "stand under their own names"
                                    : fmt::format("behind \"{}\"", printable(one.fit.prefix))));
  }
  if (parts.size() < 2) return "";
  return fmt::format("; of the network's {} tensors {}", wanted, fmt::join(parts, ", "));
}

// What the file has, where nothing of the network is there.
std::string first_names(const StoredWeights& stored) {
  std::vector<std::string> names;
  for (const StoredTensor& tensor : stored.tensors) names.push_back(printable(tensor.name, 80));
  return "; the file has " + some_of(names, 3);
}

[[noreturn]] void refuse_misfit(const StoredWeights& stored, const std::vector<Candidate>& partial,
                                size_t wanted, const std::string& name) {
  const Candidate& best = partial.front();
  const std::string what =
      best.fit.prefix.empty() ? "" : fmt::format("\"{}\" ", called(best.fit.prefix));
  throw Error(
      fmt::format("{}: {}does not fit the network: {}{}", printable(name), what, best.fit.why_not(),
                  best.fit.taken.empty() ? first_names(stored) : scattered(partial, wanted)));
}

void keep_called(std::vector<Candidate>& candidates, const std::string& set) {
  if (set.empty()) return;
  std::erase_if(candidates, [&](const Candidate& one) { return !is_called(one.fit.prefix, set); });
}

TensorFile take(const StoredWeights& stored, const WeightFit& fit,
                std::span<const WantedTensor> wanted) {
  TensorFile file{{}, stored.metadata, stored.mapped};
  for (const auto& [given, number] : fit.taken) {
    if (!stored.tensors[given].trouble.empty()) throw Error(stored.tensors[given].trouble);
    file.tensors.emplace_back(wanted[number].name, stored.tensors[given].tensor);
  }
  return file;
}

// What was neither taken nor is one of the other sets that fit.
std::string left_out(const StoredWeights& stored, const Candidate& chosen,
                     const std::vector<Candidate>& whole) {
  std::vector<bool> known(stored.tensors.size());
  for (const Candidate& one : whole) {
    for (const auto& [given, number] : one.fit.taken) known[given] = true;
  }
  std::vector<const StoredTensor*> left;
  for (size_t i = 0; i < known.size(); ++i) {
    if (!known[i]) left.push_back(&stored.tensors[i]);
  }
  return describe_left_out(left, chosen.set());
}

std::string note_of(const StoredWeights& stored, const Candidate& chosen,
                    const std::vector<Candidate>& whole) {
  std::vector<std::string> parts;
  if (chosen.dictionary > 0) {
    parts.push_back(fmt::format("weights of \"{}\"", called(chosen.set())));
  }
  if (!chosen.wrapper().empty()) {
    parts.push_back(fmt::format("\"{}\" taken off the names", printable(chosen.wrapper())));
  }
  if (!chosen.inner_wrapper.empty()) {
    parts.push_back(
        fmt::format("wrappers taken out of names as \"{}\"", printable(chosen.inner_wrapper)));
  }
  std::vector<std::string> others;
  for (const Candidate& one : whole) {
    if (&one != &chosen) others.push_back(name_among(one, whole));
  }
  if (!others.empty()) {
    parts.push_back(fmt::format("--weights-from takes {} instead", fmt::join(others, ", ")));
  }
  if (const std::string left = left_out(stored, chosen, whole); !left.empty()) {
    parts.push_back("left out: " + left);
  }
  if (!stored.unread.empty()) parts.push_back(stored.unread);
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace

WeightChoice choose_weights(const StoredWeights& stored, std::span<const WantedTensor> wanted,
                            const std::string& set, const std::string& name) {
  const Search search(stored, wanted);
  const auto chosen = std::find_if(
      search.whole().begin(), search.whole().end(),
      [&](const Candidate& one) { return set.empty() || is_called(one.fit.prefix, set); });
  if (chosen != search.whole().end()) {
    return {take(stored, chosen->fit, wanted), note_of(stored, *chosen, search.whole())};
  }
  std::vector<Candidate> partial = search.partial();
  keep_called(partial, set);
  if (partial.empty()) refuse_set(stored, search.whole(), set, name);
  refuse_misfit(stored, partial, wanted.size(), name);
}

}  // namespace bonafide
