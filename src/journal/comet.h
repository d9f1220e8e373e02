#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "journal/comet_client.h"
#include "journal/scalars.h"
#include "recipe/recipe.h"

namespace bonafide {

// How a run's journal goes to Comet: the recipe's section `comet`, with what the environment says.
struct CometOptions {
  std::string server;  // COMET_URL_OVERRIDE's, or https://www.comet.com
  std::string key;     // COMET_API_KEY; "" : none, so only the archive is written
  std::string project, workspace, experiment;
  int64_t log_step = 1;

  // Throws UsageError for a value out of range. `online` by the recipe without a key is no error.
  static CometOptions of(const Recipe& recipe);
};

// A run's journal on Comet. A thread of its own sends each figure (Comet's REST interface takes one
// a request), so that training never waits for the network, and whatever goes wrong there is told
// by one warning and ends the sending, never the run. When something could not be sent, or there is
// no key, the whole journal is left in the run directory's comet.zip:
//   experiment.json  projectName, workspaceName, experimentName, experimentKey, parameters
//   metrics.jsonl    metricName, metricValue, step or epoch, timestamp (milliseconds): each line
//                    is the body of a request to write/experiment/metric but for its experimentKey
// (our own layout: the one that Comet's Python package writes offline is not documented). The file
// comet.json keeps for a run that goes on the experiment's key and, within some seconds, how much
// was sent: what waited when a run was killed is sent by the next.
class Comet {
 public:
  // Takes up what scalars.jsonl holds already and the run's experiment does not.
  Comet(CometOptions options, const Recipe& recipe, std::filesystem::path directory,
        std::function<void(const std::string&)> warn);
  ~Comet();

  void add(const Scalar& scalar);
  // Says what has gone wrong since, once. From the training thread.
  void look();
  // Sends what is left, then writes the archive if something is missing on the server.
  void finish();

 private:
  struct Request {
    std::string path;
    Json body;  // without the experiment's key
  };

  void push(Request request);
  void take_up_experiment();
  void keep_record();
  void send_all();
  void send_queue();
  bool open_experiment();
  bool deliver(Request request);
  CometAnswer insist(const std::string& path, const Json& body);
  void give_up(const std::string& trouble);
  bool wait_before_retry(int attempt);
  void write_archive() const;
  std::filesystem::path record_path() const { return directory_ / "comet.json"; }

  const CometOptions options_;
  const Json parameters_;  // [{parameterName, parameterValue}]
  const std::filesystem::path directory_;
  const std::function<void(const std::string&)> warn_;

  // Of the sending thread.
  std::string experiment_key_, link_;
  std::chrono::steady_clock::time_point recorded_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Request> queue_;
  bool busy_ = false;
  bool closing_ = false;
  bool complete_ = true;  // all of it is, or can still get, on the server
  bool said_ = false;
  std::string trouble_;
  uint64_t delivered_ = 0;  // parameters and figures, in their order
  uint64_t known_ = 0;      // so many of those that are taken up are on the server already
  std::atomic<bool> stop_ = false;
  CometClient client_;  // of the sending thread
  std::thread thread_;
};

// A metric as Comet's REST interface takes it, without the experiment's key.
Json comet_metric(const Scalar& scalar);

}  // namespace bonafide
