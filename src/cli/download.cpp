#include "cli/download.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <memory>

#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/temporary_file.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr long kConnectSeconds = 20;
constexpr long kSilentSeconds = 30;
constexpr long kSlowBytesPerSecond = 10;
constexpr long kMaxRedirects = 5;
constexpr long kOk = 200;

// What the callbacks need while the bytes come in.
struct Transfer {
  std::ofstream file;
  size_t received = 0;
  size_t limit = 0;
  Progress& progress;
};

// Returning less than `count` ends the transfer.
size_t receive(const char* bytes, size_t, size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (count > transfer.limit - transfer.received) return 0;
  transfer.file.write(bytes, static_cast<std::streamsize>(count));
  if (!transfer.file) return 0;
  transfer.received += count;
  transfer.progress.update(transfer.received, "");
  return count;
}

// Asked now and then; anything but 0 ends the transfer.
int should_stop(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return interrupted() ? 1 : 0;
}

class Client {
 public:
  explicit Client(const std::string& address) : curl_(curl_easy_init()) {
    if (curl_ == nullptr) throw Error("libcurl cannot be started");
    set(CURLOPT_URL, address.c_str());
    set(CURLOPT_PROTOCOLS_STR, "https,http");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "https,http");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, kMaxRedirects);
    set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    set(CURLOPT_LOW_SPEED_TIME, kSilentSeconds);
    set(CURLOPT_LOW_SPEED_LIMIT, kSlowBytesPerSecond);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_USERAGENT, fmt::format("bonafide/{}", kVersion).c_str());
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &should_stop);
    set(CURLOPT_WRITEFUNCTION, &receive);
  }
  ~Client() { curl_easy_cleanup(curl_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  CURLcode run(Transfer& transfer) {
    set(CURLOPT_WRITEDATA, &transfer);
    return curl_easy_perform(curl_);
  }

  // The status of the last answer; 0 when there was none.
  long status() const {
    long code = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &code);
    return code;
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(curl_, option, value);
  }

  CURL* curl_;
};

// Why the transfer failed, for people.
std::string reason(CURLcode code, const Client& client, const Transfer& transfer) {
  if (interrupted()) return "interrupted";
  if (code == CURLE_WRITE_ERROR && transfer.file.good()) {
    return fmt::format("sends more than the {} bytes expected", transfer.limit);
  }
  if (code == CURLE_WRITE_ERROR) return "cannot be written to the disk";
  if (code == CURLE_HTTP_RETURNED_ERROR) {
    return fmt::format("the server answers with status {}", client.status());
  }
  const bool unreachable = code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
                           code == CURLE_OPERATION_TIMEDOUT;
  return fmt::format("{}{}", curl_easy_strerror(code),
                     unreachable ? " (is this machine connected to the internet?)" : "");
}

void transfer_to(const fs::path& path, const Download& wanted, Progress& progress) {
  Transfer transfer{std::ofstream(path, std::ios::binary), 0, wanted.bytes, progress};
  if (!transfer.file) throw Error(describe_errno(path, errno));
  Client client(wanted.address);
  progress.start("downloading (bytes)", wanted.bytes);
  const CURLcode code = client.run(transfer);
  progress.finish();
  if (code == CURLE_OK && client.status() != kOk) {
    throw Error(fmt::format("{}: the server answers with status {}", printable(wanted.address),
                            client.status()));
  }
  if (code != CURLE_OK) {
    throw Error(fmt::format("{}: {}", printable(wanted.address), reason(code, client, transfer)));
  }
  transfer.file.close();
  if (!transfer.file) throw Error(describe_errno(path, errno));
}

void check_content(const fs::path& path, const Download& wanted) {
  const std::string digest = sha256_of_file(path);
  if (digest == wanted.sha256) return;
  throw Error(fmt::format(
      "{}: sends another file than expected (SHA-256 {}, {} bytes; expected {}, "
      "{} bytes); it was removed",
      printable(wanted.address), digest, fs::file_size(path), wanted.sha256, wanted.bytes));
}

}  // namespace

void download(const Download& wanted, Progress& progress) {
  fs::path part = wanted.to;
  part += ".part";
  const TemporaryFile temporary(part);
  transfer_to(part, wanted, progress);
  check_content(part, wanted);
  std::error_code code;
  fs::rename(part, wanted.to, code);
  if (code) throw Error(describe_errno(wanted.to, code.value()));
}

}  // namespace bonafide
