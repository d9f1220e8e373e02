#include "train/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"

namespace bonafide {

namespace {

using std::numbers::pi;

double number(const Json& options, const char* key) { return options.at(key).get<double>(); }
int64_t integer(const Json& options, const char* key) { return options.at(key).get<int64_t>(); }

void require(bool holds, const char* key, const char* wanted) {
  if (!holds) throw UsageError(fmt::format("schedule.{}: wants {}", key, wanted));
}

// A schedule that is a function of the step alone.
template <typename Function>
class Fixed : public Schedule {
 public:
  explicit Fixed(Function function) : function_(std::move(function)) {}
  double at(int64_t step) const override { return function_(step); }

 private:
  Function function_;
};

template <typename Function>
std::unique_ptr<Schedule> fixed(Function function) {
  return std::make_unique<Fixed<Function>>(std::move(function));
}

std::unique_ptr<Schedule> constant(const Json&, double rate, TrainingLength) {
  return fixed([rate](int64_t) { return rate; });
}

std::unique_ptr<Schedule> cosine(const Json& options, double rate, TrainingLength length) {
  const double floor = number(options, "lr_min") / rate;
  const auto steps = static_cast<double>(length.epochs * length.steps_per_epoch);
  return fixed([=](int64_t step) {
    const double share = static_cast<double>(step) / steps;
    return rate * (floor + (1.0 - floor) * 0.5 * (1.0 + std::cos(share * pi)));
  });
}

std::unique_ptr<Schedule> warmup_cosine(const Json& options, double rate, TrainingLength length) {
  const int64_t warmup = integer(options, "warmup");
  const Json& given = options.at("max_steps");
  const int64_t steps =
      given.is_null() ? length.epochs * length.steps_per_epoch : given.get<int64_t>();
  require(warmup >= 0 && steps > warmup, "warmup", "steps, at least 0 and fewer than max_steps");
  return fixed([=](int64_t step) {
    if (step < warmup) return rate * static_cast<double>(step) / static_cast<double>(warmup);
    const double share = static_cast<double>(step - warmup) / static_cast<double>(steps - warmup);
    return rate * std::max(0.0, 0.5 * (1.0 + std::cos(pi * std::min(1.0, share))));
  });
}

std::unique_ptr<Schedule> exponential(const Json& options, double rate, TrainingLength length) {
  const double gamma = number(options, "gamma");
  require(gamma > 0, "gamma", "a number above 0");
  return fixed([=](int64_t step) {
    return rate * std::pow(gamma, static_cast<double>(step / length.steps_per_epoch));
  });
}

std::unique_ptr<Schedule> multistep(const Json& options, double rate, TrainingLength length) {
  const double gamma = number(options, "gamma");
  require(gamma > 0, "gamma", "a number above 0");
  std::vector<int64_t> milestones;
  for (const Json& milestone : options.at("milestones")) {
    require(milestone.is_number_integer(), "milestones", "a list of epochs");
    milestones.push_back(milestone.get<int64_t>());
  }
  return fixed([=](int64_t step) {
    const int64_t epoch = step / length.steps_per_epoch;
    const auto passed = std::count_if(milestones.begin(), milestones.end(),
                                      [&](int64_t milestone) { return milestone <= epoch; });
    return rate * std::pow(gamma, static_cast<double>(passed));
  });
}

std::unique_ptr<Schedule> keras_decay(const Json&, double rate, TrainingLength) {
  return fixed([=](int64_t step) { return rate / (1.0 + 1e-4 * static_cast<double>(step)); });
}

std::unique_ptr<Schedule> restarts(const Json& options, double rate, TrainingLength length) {
  RestartOptions restart;
  restart.max = rate;
  restart.min = number(options, "lr_min");
  restart.first_cycle = integer(options, "cycle");
  restart.multiplier = number(options, "cycle_multiplier");
  restart.warmup = integer(options, "warmup");
  restart.decay = number(options, "gamma");
  const std::string stepping = options.at("stepping").get<std::string>();
  restart.by_increment = stepping == "increment";
  require(restart.by_increment || stepping == "assign", "stepping", "increment or assign");
  require(restart.warmup >= 0, "warmup", "epochs, at least 0");
  require(restart.first_cycle > restart.warmup, "cycle", "more epochs than the warm-up has");
  require(restart.multiplier >= 1, "cycle_multiplier", "a number of at least 1");
  return fixed(
      [=](int64_t step) { return restarting_cosine(restart, step / length.steps_per_epoch); });
}

class Plateau : public Schedule {
 public:
  Plateau(double rate, double factor, int64_t patience, double least)
      : rate_(rate), factor_(factor), patience_(patience), least_(least) {}

  double at(int64_t) const override {
    const double reduced = rate_ * std::pow(factor_, static_cast<double>(reductions_));
    return std::max(std::min(least_, rate_), reduced);
  }

  void epoch_done(double metric) override {
    if (metric < best_) {
      best_ = metric;
      waited_ = 0;
    } else if (++waited_ > patience_) {
      ++reductions_;
      waited_ = 0;
    }
  }

  Json state() const override {
    return {{"best", std::isfinite(best_) ? Json(best_) : Json()},
            {"waited", waited_},
            {"reductions", reductions_}};
  }

  void restore(const Json& state) override {
    const Json& best = state.at("best");
    best_ = best.is_null() ? std::numeric_limits<double>::infinity() : best.get<double>();
    state.at("waited").get_to(waited_);
    state.at("reductions").get_to(reductions_);
  }

 private:
  double rate_, factor_;
  int64_t patience_;
  double least_;
  double best_ = std::numeric_limits<double>::infinity();
  int64_t waited_ = 0;
  int64_t reductions_ = 0;
};

std::unique_ptr<Schedule> plateau(const Json& options, double rate, TrainingLength) {
  const double factor = number(options, "factor");
  const int64_t patience = integer(options, "patience");
  require(factor > 0 && factor < 1, "factor", "a number between 0 and 1");
  require(patience >= 0, "patience", "epochs, at least 0");
  return std::make_unique<Plateau>(rate, factor, patience, number(options, "lr_min"));
}

using Maker = std::unique_ptr<Schedule> (*)(const Json&, double, TrainingLength);

const std::map<std::string, Maker>& makers() {
  static const std::map<std::string, Maker> table = {
      {"constant", constant},       {"cosine", cosine},
      {"exponential", exponential}, {"keras_decay", keras_decay},
      {"multistep", multistep},     {"plateau", plateau},
      {"restarts", restarts},       {"warmup_cosine", warmup_cosine},
  };
  return table;
}

struct Cycle {
  int64_t number = 0;
  int64_t begun = 0;  // epochs into it
  double length = 0;  // epochs
};

Cycle cycle_by_increment(const RestartOptions& o, int64_t epoch) {
  Cycle cycle{0, epoch, static_cast<double>(o.first_cycle)};
  while (static_cast<double>(cycle.begun) >= cycle.length) {
    cycle.begun -= static_cast<int64_t>(cycle.length);
    const double warmup = static_cast<double>(o.warmup);
    cycle.length = std::trunc((cycle.length - warmup) * o.multiplier) + warmup;
    ++cycle.number;
  }
  return cycle;
}

Cycle cycle_by_assignment(const RestartOptions& o, int64_t epoch) {
  const double first = static_cast<double>(o.first_cycle);
  if (o.multiplier == 1) return {epoch / o.first_cycle, epoch % o.first_cycle, first};
  if (epoch < o.first_cycle) return {0, epoch, first};
  const double share = static_cast<double>(epoch) / first * (o.multiplier - 1) + 1;
  const auto number = static_cast<int64_t>(std::log(share) / std::log(o.multiplier));
  const double growth = std::pow(o.multiplier, static_cast<double>(number));
  return {number, epoch - static_cast<int64_t>(first * (growth - 1) / (o.multiplier - 1)),
          first * growth};
}

}  // namespace

Json Schedule::state() const { return nullptr; }

std::unique_ptr<Schedule> make_schedule(const Json& options, double rate, TrainingLength length) {
  const std::string name = options.at("name").get<std::string>();
  const auto maker = makers().find(name);
  if (maker == makers().end()) {
    std::vector<std::string> names;
    for (const auto& [known, make] : makers()) names.push_back(known);
    throw UsageError(fmt::format("schedule.name: there is no \"{}\"; there are: {}",
                                 printable(name), fmt::join(names, ", ")));
  }
  return maker->second(options, rate, length);
}

double restarting_cosine(const RestartOptions& o, int64_t epoch) {
  const Cycle cycle = o.by_increment ? cycle_by_increment(o, epoch) : cycle_by_assignment(o, epoch);
  const double span = o.max * std::pow(o.decay, static_cast<double>(cycle.number)) - o.min;
  const auto begun = static_cast<double>(cycle.begun);
  const auto warmup = static_cast<double>(o.warmup);
  if (begun < warmup) return o.min + span * begun / warmup;
  return o.min + span * (1 + std::cos(pi * (begun - warmup) / (cycle.length - warmup))) / 2;
}

}  // namespace bonafide
