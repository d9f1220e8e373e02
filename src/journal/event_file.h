#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace bonafide {

// A file of scalars that TensorBoard shows: records (length, masked CRC-32C, bytes, masked CRC-32C)
// of protocol-buffer Events (tensorflow/core/util/event.proto).
class EventFile {
 public:
  // Begins a file in `folder` whose name carries the time, as TensorBoard expects. TensorBoard
  // drops what the folder's older files have of `first_step` and later steps. Throws Error.
  EventFile(const std::filesystem::path& folder, int64_t first_step);

  void add(std::string_view name, double value, int64_t step);
  void flush() { file_.flush(); }

 private:
  void write_record(std::string_view event);

  std::ofstream file_;
};

// CRC-32C (Castagnoli), reflected, as in RFC 3720.
uint32_t crc32c(std::string_view bytes);

}  // namespace bonafide
