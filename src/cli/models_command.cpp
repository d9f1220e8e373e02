#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/environment.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/text.h"
#include "checkpoint/model_file.h"
#include "checkpoint/published.h"
#include "checkpoint/published_systems.h"
#include "cli/commands.h"
#include "cli/download.h"
#include "cli/model_import.h"
#include "cli/temporary_file.h"
#include "cli/terminal.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr const char* kHostVariable = "BONAFIDE_MODELS_URL";

struct Options {
  std::string model;
  std::string to;
  std::string from;
  bool json = false;
};

void print_row(std::string_view name, std::string_view licence, std::string_view where,
               std::string_view what) {
  fmt::print("{:<18} {:<12} {:<12} {}\n", printable(name), printable(licence), where,
             printable(what));
}

// Systems that can be trained and evaluated, with weights or without.
void list_systems() {
  constexpr const char* kRow = "{:<11} {:>11} {:>6} {:<8} {:<62} {}\n";
  fmt::print(kRow, "RECIPE", "PARAMETERS", "GMAC", "WEIGHTS", "COMPARED WITH THE REFERENCE",
             "PUBLISHED RESULT; REFERENCE");
  for (const PublishedSystem& system : published_systems()) {
    fmt::print(kRow, system.recipe, system.parameters,
               fmt::format("{:.2f}", static_cast<double>(system.macs) / 1e9), system.weights,
               system.checked, fmt::format("{}; {}", system.result, system.source));
  }
  fmt::print(
      "\nGMAC: billions of multiply-accumulates to score one window, about four seconds.\n"
      "WEIGHTS: the licence of those that the authors published; unstated: there are some, without "
      "one.\n");
}

bool is_installed(const PublishedWeights& weights) {
  std::error_code unreadable;
  return fs::exists(installed_model(std::string(weights.name)), unreadable);
}

// The same for scripts.
int list_json() {
  Json json = {{"models", Json::array()}, {"systems", Json::array()}};
  for (const std::string& name : builtin_models()) {
    json["models"].push_back({{"name", name}, {"installed", true}});
  }
  for (const PublishedWeights& weights : published_weights()) {
    json["models"].push_back({{"name", weights.name},
                              {"licence", weights.licence},
                              {"installed", is_installed(weights)}});
  }
  for (const PublishedSystem& system : published_systems()) {
    json["systems"].push_back({{"recipe", system.recipe},
                               {"paper", system.paper},
                               {"source", system.source},
                               {"parameters", system.parameters},
                               {"macs", system.macs},
                               {"weights", system.weights},
                               {"checked", system.checked},
                               {"result", system.result}});
  }
  fmt::print("{}\n", json.dump(2, ' ', /*ensure_ascii=*/true));
  return 0;
}

int list_models() {
  print_row("NAME", "LICENCE", "WHERE", "WHAT");
  for (const std::string& name : builtin_models()) {
    const ModelDescription description = read_model(name).description;
    print_row(name, description.card_text("licence"), "built in", description.card_text("title"));
  }
  for (const PublishedWeights& weights : published_weights()) {
    print_row(weights.name, weights.licence, is_installed(weights) ? "fetched" : "to fetch",
              fmt::format("{} ({:.1f} MB; {}, as published)", weights.title,
                          static_cast<double>(weights.bytes) / 1e6, weights.result));
  }
  fmt::print("\n");
  list_systems();
  return 0;
}

// An object as indented "key: value" lines, a list of objects or texts as lines with a dash.
void print_tree(const Json& value, int indent) {
  for (const auto& [key, item] : value.items()) {
    const std::string label = value.is_array() ? "-" : fmt::format("{}:", printable(key));
    const bool is_flat = item.is_array() &&
                         std::none_of(item.begin(), item.end(),
                                      [](const Json& x) { return x.is_string() || x.is_object(); });
    if (item.is_null()) continue;
    if (item.is_structured() && !is_flat) {
      fmt::print("{:{}}{}\n", "", indent, label);
      print_tree(item, indent + 2);
    } else {
      constexpr size_t kLongest = 2000;
      const std::string text = item.is_string() ? item.get<std::string>() : item.dump();
      fmt::print("{:{}}{} {}\n", "", indent, label, printable(text, kLongest));
    }
  }
}

int show_model(const Options& options) {
  const ModelFile model = read_model(options.model);
  Json json = model.description.to_json();
  int64_t values = 0;
  for (const auto& [name, tensor] : model.file.tensors) values += tensor.elements();
  json["tensors"] = {{"count", model.file.tensors.size()}, {"values", values}};
  if (options.json) {
    fmt::print("{}\n", json.dump(2, ' ', /*ensure_ascii=*/true));
  } else {
    print_tree(json, 0);
  }
  return 0;
}

const PublishedWeights& published(const std::string& name) {
  if (const PublishedWeights* weights = find_published(name)) return *weights;
  std::vector<std::string> names;
  for (const PublishedWeights& weights : published_weights()) names.emplace_back(weights.name);
  throw UsageError(fmt::format("models fetch: {}: not among the published weights ({})",
                               printable(name), fmt::join(names, ", ")));
}

std::string address_of(const PublishedWeights& weights, const std::string& from) {
  if (!from.empty()) return from;
  const auto host = environment_variable(kHostVariable);
  return host ? weights.address(*host) : weights.address();
}

int fetch_model(const Options& options) {
  const PublishedWeights& weights = published(options.model);
  const fs::path directory = options.to.empty() ? model_directory() : fs::path(options.to);
  std::error_code code;
  fs::create_directories(directory, code);
  if (code) throw Error(describe_errno(directory, code.value()));

  // A name that nobody has: it is removed at the end.
  const fs::path original = directory / fmt::format(".{}.pth.{}", weights.name, ::getpid());
  const fs::path model = directory / fmt::format("{}.safetensors", weights.name);
  const auto progress = terminal_progress();
  download(
      {address_of(weights, options.from), original, weights.bytes, std::string(weights.sha256)},
      *progress);
  const TemporaryFile temporary(original);
  import_model(original, model, Recipe::load(std::string(weights.recipe), {}), /*set=*/"",
               std::string(weights.name));
  fmt::print("{}: {} ({}, {})\n", printable(model.native(), 1000), weights.title, weights.licence,
             weights.copyright);
  return 0;
}

}  // namespace

std::function<int()> declare_models(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* list = app.add_subcommand("list", "models to score with, and the systems behind them");
  list->add_flag("--json", options->json, "as JSON");
  CLI::App* show = app.add_subcommand("show", "what a model says about itself");
  show->add_option("model", options->model, "a name, or a model file")->required();
  show->add_flag("--json", options->json, "as JSON");
  CLI::App* fetch = app.add_subcommand("fetch", "download published weights and convert them");
  fetch->add_option("name", options->model, "a name of the list")->required();
  fetch->add_option("--to", options->to, "folder (default: where score --model NAME looks)");
  fetch->add_option("--from", options->from, "another address of the file");
  app.require_subcommand(1);
  app.footer(fmt::format(
      "Downloads are checked by SHA-256, wherever they come from. {} names a mirror in place of\n"
      "https://raw.githubusercontent.com.\n\n"
      "Examples:\n"
      "  bonafide models list\n"
      "  bonafide models show builtin\n"
      "  bonafide models fetch aasist && bonafide score --model aasist call.wav",
      kHostVariable));
  return [options, list, show] {
    if (*list) return options->json ? list_json() : list_models();
    return *show ? show_model(*options) : fetch_model(*options);
  };
}

}  // namespace bonafide
