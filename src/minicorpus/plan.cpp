#include "minicorpus/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "base/error.h"
#include "minicorpus/sentences.h"
#include "minicorpus/sources.h"
#include "minicorpus/split.h"

namespace bonafide {

namespace {

constexpr double kSentenceSeconds = 3.6;  // a low guess of what a voice makes of a sentence

Channel channel_of(std::string_view partition) {
  return partition == kTelephonePartition ? Channel::kTelephone : Channel::kWideband;
}

// Deals out a source's prompts, in random order and as evenly as their lengths allow.
class PromptDealer {
 public:
  PromptDealer(const std::vector<Prompt>& prompts, Random random)
      : prompts_(prompts), random_(random) {}

  // Prompts for an utterance of so many seconds of voice; more than enough, since the lengths are
  // guesses, and the next utterance begins with the first that should not be needed.
  std::vector<std::filesystem::path> deal(double seconds) {
    constexpr double kPlenty = 6;
    std::vector<std::filesystem::path> dealt;
    double dealt_seconds = 0;
    size_t next = position_;
    for (size_t i = position_; dealt_seconds < kPlenty * seconds || dealt.size() < 3; ++i) {
      const Prompt& prompt = at(i);
      if (dealt_seconds < seconds) next = i + 1;
      dealt.push_back(prompt.path);
      dealt_seconds += prompt.seconds;
    }
    position_ = next;
    return dealt;
  }

 private:
  // One shuffled round of all prompts after another.
  const Prompt& at(size_t i) {
    while (order_.size() <= i) {
      const size_t begin = order_.size();
      order_.resize(begin + prompts_.size());
      std::iota(order_.begin() + static_cast<ptrdiff_t>(begin), order_.end(), size_t{0});
      random_.shuffle(std::span(order_).subspan(begin));
    }
    return prompts_[order_[i]];
  }

  const std::vector<Prompt>& prompts_;
  Random random_;
  std::vector<size_t> order_;
  size_t position_ = 0;
};

class Planner {
 public:
  explicit Planner(const MinicorpusOptions& options) : options_(options) {}

  MiniPlan plan() {
    for (const Share& share : human_shares()) add_humans(share);
    const std::vector<MiniUtterance> humans = plan_.utterances;
    for (const Share& share : voice_shares()) add_voice(share);
    for (const std::string_view partition : mini_partitions()) add_copies(partition, humans);
    if (humans.empty()) throw Error(no_class("human recordings"));
    if (plan_.utterances.size() == humans.size()) throw Error(no_class("spoofs"));
    return std::move(plan_);
  }

 private:
  std::string no_class(std::string_view what) const {
    return fmt::format("no {}: install some of these Debian packages: {}", what,
                       fmt::join(plan_.missing, " "));
  }

  // Utterance `number` of the share, but for what the kind of source says.
  MiniUtterance begin(const Share& share, size_t number) const {
    MiniUtterance utterance;
    utterance.trial.partition = share.partition;
    utterance.trial.id = fmt::format("{}-{}-{:04}", share.partition, share.source, number);
    utterance.trial.path = options_.folder / share.partition / (utterance.trial.id + ".flac");
    utterance.channel = channel_of(share.partition);
    utterance.length_of = utterance.trial.id;
    return utterance;
  }

  Random random_of(const std::string& name) const { return Random(options_.seed, hash(name)); }

  std::vector<std::filesystem::path> deal(PromptDealer& dealer, const MiniUtterance& utterance) {
    Random random = random_of(utterance.length_of);
    return dealer.deal(draw_seconds(random));
  }

  void add_humans(const Share& share) {
    const HumanSource& source = find_human_source(share.source);
    std::vector<Prompt> prompts = list_prompts(source, options_.share);
    if (prompts.empty()) {
      plan_.missing.insert(source.package);
      return;
    }
    prompts.resize(std::min(prompts.size(), share.most_files));
    PromptDealer dealer(prompts, random_of(source.id));
    for (size_t i = 0; i < scaled(share, options_.scale); ++i) {
      MiniUtterance utterance = begin(share, i);
      utterance.trial.truth = Truth::kBonaFide;
      utterance.trial.speaker = source.speaker;
      utterance.language = source.language;
      utterance.source = source.package;
      utterance.licence = source.licence;
      utterance.coded = source.coded;
      utterance.prompts = deal(dealer, utterance);
      plan_.utterances.push_back(std::move(utterance));
    }
  }

  void add_voice(const Share& share) {
    const Voice& voice = find_voice(share.source);
    if (!is_installed(voice, options_.share)) {
      plan_.missing.insert(voice.package);
      return;
    }
    const size_t count = scaled(share, options_.scale);
    const std::string name = fmt::format("{}-{}", share.partition, voice.id);
    const auto folder = work_folder(options_) / name;
    // An utterance begins at most two sentences after the one before it, and may want four.
    const size_t enough = 2 * count + 4;
    const auto texts = mini_sentences(voice.language, enough, options_.seed ^ hash(name));
    std::vector<Prompt> prompts;
    for (size_t i = 0; i < enough; ++i) {
      prompts.push_back({folder / fmt::format("{:04}.wav", i), kSentenceSeconds});
    }
    SpokenPart part = {&voice, {}, plan_.utterances.size(), count};
    size_t position = 0;
    for (size_t i = 0; i < count; ++i) {
      MiniUtterance utterance = begin(share, i);
      utterance.trial.truth = Truth::kSpoof;
      utterance.trial.speaker = voice.speaker;
      utterance.trial.attack = voice.id;
      utterance.language = voice.language;
      utterance.source = voice.package;
      utterance.licence = voice.licence;
      Random random = random_of(utterance.length_of);
      const bool needs_two = draw_seconds(random) > kSentenceSeconds;
      for (size_t k = 0; k < 3; ++k) utterance.prompts.push_back(prompts[position + k].path);
      position += needs_two ? 2 : 1;
      plan_.utterances.push_back(std::move(utterance));
    }
    for (size_t i = 0; i < position + 2; ++i) part.sentences.push_back({texts[i], prompts[i].path});
    plan_.spoken.push_back(std::move(part));
  }

  // The partition's copies: each of another of its human utterances, in random order.
  void add_copies(std::string_view partition, const std::vector<MiniUtterance>& all_humans) {
    std::vector<MiniUtterance> humans;
    for (const MiniUtterance& human : all_humans) {
      if (human.trial.partition == partition) humans.push_back(human);
    }
    if (humans.empty()) return;
    random_of(fmt::format("{}-copies", partition)).shuffle(std::span(humans));
    size_t next = 0;
    for (Share share : copy_shares()) {
      if (share.partition != partition) continue;
      share = available(share);
      if (share.source.empty()) continue;
      const CopySystem& system = find_copy_system(share.source);
      for (size_t i = 0; i < scaled(share, options_.scale); ++i) {
        add_copy(share, copies_of_[fmt::format("{}-{}", partition, share.source)]++, system,
                 humans[next++ % humans.size()]);
      }
    }
  }

  // The share itself when its program is there. Without SPTK, Griffin-Lim makes all copies of the
  // training part, so that they stay half of its spoofs.
  Share available(Share share) {
    const CopySystem& system = find_copy_system(share.source);
    if (is_installed(system)) return share;
    plan_.missing.insert(system.package);
    share.source = share.source == "sptk-mcep24" ? "griffin-lim" : "";
    return share;
  }

  void add_copy(const Share& share, size_t number, const CopySystem& system,
                const MiniUtterance& human) {
    MiniUtterance utterance = begin(share, number);
    utterance.trial.truth = Truth::kSpoof;
    utterance.trial.speaker = human.trial.speaker;
    utterance.trial.attack = system.id;
    utterance.language = human.language;
    utterance.source = human.source;
    utterance.licence = human.licence;
    utterance.length_of = human.trial.id;
    utterance.prompts = human.prompts;
    utterance.copy = &system;
    plan_.utterances.push_back(std::move(utterance));
  }

  const MinicorpusOptions& options_;
  MiniPlan plan_;
  std::map<std::string, size_t> copies_of_;  // planned so far, by partition and system
};

}  // namespace

MiniPlan plan_minicorpus(const MinicorpusOptions& options) { return Planner(options).plan(); }

std::filesystem::path work_folder(const MinicorpusOptions& options) {
  return options.folder / ".work";
}

}  // namespace bonafide
