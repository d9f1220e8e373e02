#include "journal/event_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/error.h"
#include "base/file.h"

namespace bonafide {

namespace {

std::array<uint32_t, 256> make_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78U : 0U);
    table[byte] = value;
  }
  return table;
}

// The CRC of bytes that hold CRCs themselves is weak; the format turns it round and adds a number.
uint32_t masked_crc(std::string_view bytes) {
  const uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
}

template <typename Number>
void append_raw(std::string& out, Number value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);  // little-endian, like every machine LibTorch runs on
  out.append(bytes, sizeof value);
}

// Protocol buffers: a field is a varint of (number << 3 | wire type), then its value.
enum WireType : uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

void append_varint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void append_key(std::string& out, uint64_t field, WireType type) {
  append_varint(out, field << 3 | type);
}

void append_bytes(std::string& out, uint64_t field, std::string_view bytes) {
  append_key(out, field, kBytes);
  append_varint(out, bytes.size());
  out += bytes;
}

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// Event: 1 wall_time (double), 2 step (int64), 3 file_version (string), 5 summary (message),
// 7 session_log (message).
std::string event_now() {
  std::string event;
  append_key(event, 1, kFixed64);
  append_raw(event, now());
  return event;
}

std::string event_at_step(int64_t step) {
  std::string event = event_now();
  append_key(event, 2, kVarint);
  append_varint(event, static_cast<uint64_t>(step));
  return event;
}

// SessionLog: 1 status (enumeration), here START.
std::string session_start() {
  std::string log;
  append_key(log, 1, kVarint);
  append_varint(log, 1);
  return log;
}

// Summary: 1 value, repeated; Summary.Value: 1 tag (string), 2 simple_value (float).
std::string scalar_summary(std::string_view name, double value) {
  std::string entry;
  append_bytes(entry, 1, name);
  append_key(entry, 2, kFixed32);
  append_raw(entry, static_cast<float>(value));
  std::string summary;
  append_bytes(summary, 1, entry);
  return summary;
}

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  static const auto table = make_table();
  uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) crc = table[(crc ^ static_cast<uint8_t>(c)) & 0xFF] ^ (crc >> 8);
  return crc ^ 0xFFFFFFFFU;
}

EventFile::EventFile(const std::filesystem::path& folder, int64_t first_step) {
  char host[64] = "localhost";
  ::gethostname(host, sizeof host - 1);
  std::filesystem::create_directories(folder);
  const auto path = folder / fmt::format("events.out.tfevents.{:010}.{}.{}",
                                         static_cast<int64_t>(now()), host, ::getpid());
  file_.open(path, std::ios::binary | std::ios::app);
  if (!file_) throw Error(describe_errno(path, errno));
  std::string version = event_now();
  append_bytes(version, 3, "brain.Event:2");
  write_record(version);
  std::string start = event_at_step(first_step);
  append_bytes(start, 7, session_start());
  write_record(start);
}

void EventFile::add(std::string_view name, double value, int64_t step) {
  std::string event = event_at_step(step);
  append_bytes(event, 5, scalar_summary(name, value));
  write_record(event);
}

void EventFile::write_record(std::string_view event) {
  std::string length;
  append_raw(length, static_cast<uint64_t>(event.size()));
  std::string record = length;
  append_raw(record, masked_crc(length));
  record += event;
  append_raw(record, masked_crc(event));
  file_.write(record.data(), static_cast<std::streamsize>(record.size()));
}

}  // namespace bonafide
