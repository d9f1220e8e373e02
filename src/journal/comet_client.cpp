#include "journal/comet_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "base/version.h"

namespace bonafide {

namespace {

constexpr long kConnectSeconds = 10;
constexpr long kAnswerSeconds = 15;
constexpr size_t kMaxAnswer = size_t{1} << 20;

size_t receive(const char* bytes, size_t, size_t count, void* user) {
  auto& text = *static_cast<std::string*>(user);
  if (text.size() + count > kMaxAnswer) return 0;
  text.append(bytes, count);
  return count;
}

int should_stop(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(user)->load() ? 1 : 0;
}

}  // namespace

struct CometClient::Connection {
  CURL* curl = curl_easy_init();
  curl_slist* headers = nullptr;

  Connection() {
    if (curl == nullptr) throw Error("libcurl cannot be started");
  }
  ~Connection() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  template <typename Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(curl, option, value);
  }
};

CometClient::CometClient(const std::string& server, const std::string& key,
                         const std::atomic<bool>& stop)
    : connection_(std::make_unique<Connection>()), address_(server + "/api/rest/v2/") {
  for (const std::string& header :
       {"Authorization: " + key, std::string("Content-Type: application/json"),
        std::string("Expect:")}) {
    connection_->headers = curl_slist_append(connection_->headers, header.c_str());
  }
  connection_->set(CURLOPT_HTTPHEADER, connection_->headers);
  connection_->set(CURLOPT_PROTOCOLS_STR, "https,http");
  connection_->set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  connection_->set(CURLOPT_TIMEOUT, kAnswerSeconds);
  connection_->set(CURLOPT_NOSIGNAL, 1L);
  connection_->set(CURLOPT_USERAGENT, fmt::format("bonafide/{}", kVersion).c_str());
  connection_->set(CURLOPT_NOPROGRESS, 0L);
  connection_->set(CURLOPT_XFERINFOFUNCTION, &should_stop);
  connection_->set(CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&stop));
  connection_->set(CURLOPT_WRITEFUNCTION, &receive);
}

CometClient::~CometClient() = default;

CometAnswer CometClient::post(const std::string& path, const Json& body) {
  const std::string address = address_ + path;
  const std::string text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string received;
  connection_->set(CURLOPT_URL, address.c_str());
  connection_->set(CURLOPT_POSTFIELDS, text.c_str());
  connection_->set(CURLOPT_POSTFIELDSIZE, static_cast<long>(text.size()));
  connection_->set(CURLOPT_WRITEDATA, &received);
  const CURLcode code = curl_easy_perform(connection_->curl);

  CometAnswer answer;
  if (code != CURLE_OK) {
    answer.trouble = fmt::format("{}: {}", printable(address), curl_easy_strerror(code));
    return answer;
  }
  curl_easy_getinfo(connection_->curl, CURLINFO_RESPONSE_CODE, &answer.status);
  answer.body = Json::parse(received, nullptr, /*allow_exceptions=*/false);
  if (answer.body.is_discarded()) answer.body = nullptr;
  if (answer.status == 401 || answer.status == 403) {
    answer.trouble = fmt::format("{} answers with status {}: is COMET_API_KEY right?",
                                 printable(address), answer.status);
  } else if (!answer.ok()) {
    answer.trouble = fmt::format("{} answers with status {}", printable(address), answer.status);
  }
  return answer;
}

}  // namespace bonafide
