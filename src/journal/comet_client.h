#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/json_value.h"

namespace bonafide {

// What Comet answers to a request.
struct CometAnswer {
  long status = 0;      // of HTTP; 0: no answer came
  std::string trouble;  // one line, when the status is not 200
  Json body;            // null when the answer is no JSON
  bool ok() const { return status == 200; }
  // Whether the same request may succeed later: no answer, too many requests, a server in trouble.
  bool passing() const { return status == 0 || status == 429 || status >= 500; }
};

// Posts JSON to Comet's REST interface, version 2 (comet.com/docs/v2/api-and-sdk/rest-api). For one
// thread; redirects are not followed, so that the key goes nowhere else.
class CometClient {
 public:
  // `server`: "https://www.comet.com". `stop` ends a request under way.
  CometClient(const std::string& server, const std::string& key, const std::atomic<bool>& stop);
  ~CometClient();

  // `path`: below /api/rest/v2/, "write/experiment/metric".
  CometAnswer post(const std::string& path, const Json& body);

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
  const std::string address_;
};

}  // namespace bonafide
