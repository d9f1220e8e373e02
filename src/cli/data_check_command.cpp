#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <thread>

#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/output_path.h"
#include "base/text.h"
#include "cli/data_commands.h"
#include "cli/say.h"
#include "cli/say_leftovers.h"
#include "cli/terminal.h"

namespace bonafide {

namespace {

constexpr size_t kShown = 20;  // troubles on the terminal; --report has all

struct Options {
  CorpusArguments arguments;
  std::string part;
  bool has_part = false;
  std::string state;
  std::string report;
  bool deep = false;
  size_t jobs = std::max(1u, std::thread::hardware_concurrency());
};

void write_report(const std::string& path, const CheckReport& report) {
  write_atomically(path, [&](std::ostream& out) {
    out << csv_line({"file", "reason"});
    for (const Trouble& trouble : report.troubles) out << csv_line({trouble.file, trouble.reason});
  });
}

void complain(const Options& options, const CheckReport& report) {
  for (const std::string& reason : report.unreadable_parts) {
    say("bonafide: {}\n", reason);
  }
  for (const CountMismatch& mismatch : report.mismatches) {
    say("bonafide: {}: {}{}\n", options.arguments.corpus, mismatch.text,
        mismatch.knowledge == Knowledge::kSecondHand ? " (a remark, no error)" : "");
  }
  say_leftovers(report.leftovers);
  const size_t shown = std::min(kShown, report.troubles.size());
  for (size_t i = 0; i < shown; ++i) {
    say("bonafide: {}\n", printable(report.troubles[i].reason, 1000));
  }
  if (report.troubles.size() > shown) {
    say("bonafide: and {} recordings more ({})\n", report.troubles.size() - shown,
        options.report.empty() ? "--report FILE lists all" : "all are in " + options.report);
  }
}

void summarise(const Options& options, const CheckReport& report) {
  print_counts(report.parts);
  const size_t more = report.leftovers.count();
  fmt::print("{} of {} {}recordings {}", report.looked_at - report.troubles.size(),
             report.recordings, more > 0 ? "listed " : "", options.deep ? "decode" : "are there");
  if (report.remembered > 0) fmt::print(", {} of them in an earlier run", report.remembered);
  if (more > 0) fmt::print("; {} more lie there and are not listed", more);
  fmt::print("\n");
  if (!report.interrupted) return;
  say("bonafide: check: interrupted after {} of {} recordings{}\n", report.looked_at,
      report.recordings,
      options.deep && !options.state.empty() ? "; the same command goes on from here" : "");
}

int check(const Options& options) {
  if (!options.state.empty() && !options.deep) {
    throw UsageError("data check: --state notes what --deep has decoded; without it there is none");
  }
  const std::array inputs = {options.arguments.root};
  for (const std::string& output : {options.report, options.state}) {
    expect_no_input("data check", output, inputs);
  }
  CheckOptions wanted;
  wanted.root = options.arguments.root;
  if (options.has_part) wanted.part = options.part;
  wanted.deep = options.deep;
  wanted.threads = options.jobs;
  wanted.state = options.state;
  const CheckReport report =
      check_corpus(find_corpus(options.arguments.corpus), wanted, *terminal_progress());
  summarise(options, report);
  std::fflush(stdout);
  complain(options, report);
  if (!options.report.empty()) write_report(options.report, report);
  if (report.all_well() && report.recordings == 0) {
    throw Error(fmt::format("check: {} lists no recordings", printable(options.arguments.root)));
  }
  if (report.all_well()) return 0;
  return report.looked_at == report.troubles.size() ? 1 : 3;
}

}  // namespace

std::function<int()> declare_data_check(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  add_corpus_arguments(app, options->arguments);
  const CLI::Option* part = app.add_option("--part", options->part, "only this part");
  app.add_flag("--deep", options->deep, "decode every recording");
  app.add_option("--state", options->state,
                 "with --deep: a file that remembers what decoded; an interrupted check goes on, "
                 "and files that have not changed are passed over");
  app.add_option("--report", options->report, "write all recordings that are not well as CSV");
  app.add_option("--jobs,--threads", options->jobs, "worker threads")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.footer(
      "Exit status: 0 all well, 3 something is missing or broken, 1 nothing is there, 2 no "
      "protocol. What lies there\nand is not listed is said, and no fault.\n\nExamples:\n"
      "  bonafide data check asvspoof2019-la /data/LA\n"
      "  bonafide data check asvspoof5 /data/asvspoof5 --part eval --deep --state eval.state "
      "--report broken.csv");
  return [options, part] {
    options->has_part = part->count() > 0;
    return check(*options);
  };
}

}  // namespace bonafide
