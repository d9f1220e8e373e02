#include "journal/comet.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/environment.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/json_value.h"
#include "base/text.h"
#include "journal/text_archive.h"

namespace bonafide {

namespace {

using namespace std::chrono_literals;

constexpr size_t kMaxQueue = 100000;
constexpr int kAttempts = 3;
constexpr auto kRecordEvery = 2s;
constexpr auto kPatience = 20s;  // at the end, without a figure getting through

std::string word_or(const Json& value, const std::string& otherwise) {
  return value.is_string() ? value.get<std::string>() : otherwise;
}

// Scheme, host and port: the Python package's variable goes on with a path of its own.
std::string server_of(const std::string& address) {
  const auto scheme = address.find("://");
  if (scheme == std::string::npos || !is_utf8(address) ||
      (!address.starts_with("http://") && !address.starts_with("https://"))) {
    throw UsageError(
        fmt::format("COMET_URL_OVERRIDE=\"{}\": wants an address", printable(address)));
  }
  return address.substr(0, address.find('/', scheme + 3));
}

void add_parameters(const Json& values, const std::string& path, Json& list) {
  for (const auto& [key, value] : values.items()) {
    if (value.is_object() && !value.empty()) {
      add_parameters(value, path + key + ".", list);
    } else {
      const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      list.push_back({{"parameterName", path + key}, {"parameterValue", text}});
    }
  }
}

Json parameters_of(const Recipe& recipe) {
  Json list = Json::array();
  add_parameters(recipe.json(), "", list);
  return list;
}

}  // namespace

CometOptions CometOptions::of(const Recipe& recipe) {
  CometOptions options;
  const std::string mode = recipe.text("comet.mode");
  if (mode != "off" && mode != "online" && mode != "offline") {
    throw UsageError(
        fmt::format("comet.mode: \"{}\" is not one of: off, online, offline", printable(mode)));
  }
  options.log_step = recipe.integer("comet.log_step");
  if (options.log_step < 1) throw UsageError("comet.log_step: wants at least 1");
  options.server =
      server_of(environment_variable("COMET_URL_OVERRIDE").value_or("https://www.comet.com"));
  options.project = word_or(recipe.at("comet.project"),
                            environment_variable("COMET_PROJECT_NAME").value_or("bonafide"));
  options.workspace =
      word_or(recipe.at("comet.workspace"), environment_variable("COMET_WORKSPACE").value_or(""));
  options.experiment =
      word_or(recipe.at("comet.experiment"), word_or(recipe.at("name"), "unnamed"));
  if (mode != "online") return options;
  options.key = environment_variable("COMET_API_KEY").value_or("");
  if (std::any_of(options.key.begin(), options.key.end(),
                  [](char c) { return c <= ' ' || c > '~'; })) {
    throw UsageError("COMET_API_KEY: holds characters that no key has");
  }
  return options;
}

Json comet_metric(const Scalar& scalar) {
  Json body = {{"metricName", scalar.name},
               {"metricValue", fmt::format("{}", scalar.value)},
               {scalar.of_epoch ? "epoch" : "step", scalar.at}};
  if (scalar.time > 0) body["timestamp"] = scalar.time;
  return body;
}

Comet::Comet(CometOptions options, const Recipe& recipe, std::filesystem::path directory,
             std::function<void(const std::string&)> warn)
    : options_(std::move(options)),
      parameters_(parameters_of(recipe)),
      directory_(std::move(directory)),
      warn_(std::move(warn)),
      client_(options_.server, options_.key, stop_) {
  complete_ = !options_.key.empty();
  if (!complete_) return;
  take_up_experiment();
  for (const Json& parameter : parameters_) push({"write/experiment/parameter", parameter});
  for (const Scalar& scalar : Scalars::read(directory_)) add(scalar);
  // Sent, but dropped since: steps that are taken again.
  delivered_ -= known_;
  known_ = 0;
  thread_ = std::thread([this] { send_all(); });
}

void Comet::take_up_experiment() {
  if (!std::filesystem::exists(record_path())) return;
  const Json stored = Json::parse(read_text(record_path(), 1 << 16), nullptr, false);
  if (!stored.is_object()) return;
  experiment_key_ = word_or(stored.value("experimentKey", Json()), "");
  link_ = word_or(stored.value("link", Json()), "");
  const Json sent = stored.value("sent", Json());
  if (!experiment_key_.empty() && sent.is_number_unsigned()) delivered_ = sent.get<uint64_t>();
  known_ = delivered_;
}

Comet::~Comet() {
  stop_ = true;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Comet::add(const Scalar& scalar) {
  if (!std::isfinite(scalar.value)) return;
  if (!scalar.of_epoch && scalar.at % options_.log_step != 0) return;
  push({"write/experiment/metric", comet_metric(scalar)});
}

void Comet::push(Request request) {
  {
    const std::lock_guard lock(mutex_);
    if (!complete_) return;
    if (known_ > 0) {
      --known_;
      return;
    }
    if (queue_.size() >= kMaxQueue) {
      complete_ = false;
      trouble_ = fmt::format("the server is too slow: {} figures wait", queue_.size());
      queue_.clear();
      return;
    }
    queue_.push_back(std::move(request));
  }
  changed_.notify_all();
}

// Nothing more is sent.
void Comet::give_up(const std::string& trouble) {
  const std::lock_guard lock(mutex_);
  complete_ = false;
  if (trouble_.empty()) trouble_ = trouble;
  queue_.clear();
  changed_.notify_all();
}

// Whether to try again.
bool Comet::wait_before_retry(int attempt) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(1 << attempt), [this] { return stop_.load(); });
  return !stop_;
}

// Asks again when that may help.
CometAnswer Comet::insist(const std::string& path, const Json& body) {
  for (int attempt = 1;; ++attempt) {
    CometAnswer answer = client_.post(path, body);
    if (answer.ok() || !answer.passing() || attempt == kAttempts || !wait_before_retry(attempt)) {
      return answer;
    }
  }
}

bool Comet::open_experiment() {
  if (!experiment_key_.empty()) return true;
  Json body = {{"projectName", options_.project}, {"experimentName", options_.experiment}};
  if (!options_.workspace.empty()) body["workspaceName"] = options_.workspace;
  const CometAnswer answer = insist("write/experiment/create", body);
  if (answer.ok() && answer.body.is_object()) {
    experiment_key_ = word_or(answer.body.value("experimentKey", Json()), "");
  }
  if (experiment_key_.empty()) {
    give_up(answer.ok() ? "the server's answer names no experiment" : answer.trouble);
    return false;
  }
  link_ = word_or(answer.body.value("link", Json()), "");
  keep_record();
  return true;
}

void Comet::keep_record() {
  const Json record = {{"experimentKey", experiment_key_}, {"link", link_}, {"sent", delivered_}};
  write_atomically(record_path(), record.dump(2) + "\n");
  recorded_ = std::chrono::steady_clock::now();
}

bool Comet::deliver(Request request) {
  request.body["experimentKey"] = experiment_key_;
  const CometAnswer answer = insist(request.path, request.body);
  if (!answer.ok()) give_up(answer.trouble);
  return answer.ok();
}

// The sending thread.
void Comet::send_all() {
  try {
    if (!open_experiment()) return;
    send_queue();
    keep_record();
  } catch (const std::exception& e) {
    give_up(e.what());
  }
}

void Comet::send_queue() {
  while (true) {
    Request request;
    {
      std::unique_lock lock(mutex_);
      busy_ = false;
      changed_.notify_all();
      changed_.wait(lock, [this] { return closing_ || !queue_.empty(); });
      if (queue_.empty() || stop_) return;
      request = std::move(queue_.front());
      queue_.pop_front();
      busy_ = true;
    }
    if (!deliver(std::move(request))) return;
    {
      const std::lock_guard lock(mutex_);
      ++delivered_;
    }
    if (std::chrono::steady_clock::now() - recorded_ > kRecordEvery) keep_record();
  }
}

void Comet::look() {
  std::string trouble;
  {
    const std::lock_guard lock(mutex_);
    if (said_ || trouble_.empty()) return;
    said_ = true;
    trouble = trouble_;
  }
  warn_(fmt::format("Comet: {}; the journal goes to comet.zip in the run directory instead",
                    trouble));
}

void Comet::finish() {
  const auto settled = [this] { return !complete_ || (queue_.empty() && !busy_); };
  {
    std::unique_lock lock(mutex_);
    uint64_t before = delivered_;
    while (!settled()) {
      const auto patience = interrupted() ? std::chrono::seconds(5) : kPatience;
      changed_.wait_for(lock, patience, [&] { return settled() || delivered_ != before; });
      if (settled()) break;
      if (delivered_ == before) {
        complete_ = false;
        if (trouble_.empty()) trouble_ = "the server does not answer in time";
      }
      before = delivered_;
    }
    closing_ = true;
  }
  if (!complete_) stop_ = true;
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  look();
  if (complete_) return;
  try {
    write_archive();
  } catch (const std::exception& e) {
    warn_(fmt::format("Comet: {}", e.what()));
  }
}

void Comet::write_archive() const {
  const Json experiment = {{"projectName", options_.project},
                           {"workspaceName", options_.workspace},
                           {"experimentName", options_.experiment},
                           {"experimentKey", experiment_key_},
                           {"parameters", parameters_}};
  std::string metrics;
  for (const Scalar& scalar : Scalars::read(directory_)) {
    metrics += comet_metric(scalar).dump() + "\n";
  }
  write_text_archive(
      directory_ / "comet.zip",
      {{"experiment.json", experiment.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"},
       {"metrics.jsonl", std::move(metrics)}});
}

}  // namespace bonafide
