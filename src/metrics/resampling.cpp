#include "metrics/resampling.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

struct NamedResampling {
  std::string_view name;
  Resampling resampling;
};

constexpr std::array<NamedResampling, 4> kTable = {{{"plain", Resampling::kPlain},
                                                    {"stratified", Resampling::kStratified},
                                                    {"speaker", Resampling::kSpeaker},
                                                    {"joint", Resampling::kJoint}}};

}  // namespace

Resampling parse_resampling(std::string_view name) {
  std::vector<std::string_view> names;
  for (const NamedResampling& entry : kTable) {
    if (entry.name == name) return entry.resampling;
    names.push_back(entry.name);
  }
  throw UsageError(fmt::format("no resampling called \"{}\"; there are: {}", printable(name),
                               fmt::join(names, ", ")));
}

std::string_view name_of(Resampling resampling) {
  return kTable[static_cast<size_t>(resampling)].name;
}

std::unique_ptr<Resampler> make_resampler(Resampling resampling, std::span<const uint8_t> classes,
                                          const TrialSpeakers& speakers) {
  const bool by_speaker = resampling == Resampling::kSpeaker || resampling == Resampling::kJoint;
  if (by_speaker && speakers.speakers.size() != classes.size()) {
    throw UsageError(fmt::format(
        "bootstrap {}: neither score file nor key has a column \"speaker\"", name_of(resampling)));
  }
  if (resampling == Resampling::kJoint && speakers.claims.size() != classes.size()) {
    throw UsageError("bootstrap joint: neither score file nor key has claimed speakers");
  }
  switch (resampling) {
    case Resampling::kPlain:
      return plain_resampler();
    case Resampling::kStratified:
      return stratified_resampler(classes);
    case Resampling::kSpeaker:
      return clustered_resampler(speakers.speakers);
    case Resampling::kJoint:
      return joint_resampler(speakers.speakers, speakers.claims);
  }
  throw Error("a resampling without a rule");
}

}  // namespace bonafide
