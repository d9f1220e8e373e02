// Any bytes in the place of a kept file: they count as absent unless they are whole, and what is
// whole but no recording is decoded anew.

#include <stdlib.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>

#include "audio/audio_cache.h"
#include "base/file_cache.h"

namespace {

namespace fs = std::filesystem;

// A cache with one entry, and where its file lies; in memory where the system has such a folder.
class Cache {
 public:
  Cache() {
    const fs::path memory = "/dev/shm";
    std::string name =
        ((fs::exists(memory) ? memory : fs::temp_directory_path()) / "bonafide-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    files_ = std::make_unique<bonafide::FileCache>(folder_);
    files_->keep("key", {});
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (entry.is_regular_file()) file_ = entry.path();
    }
  }
  ~Cache() { fs::remove_all(folder_); }

  const bonafide::FileCache& files() const { return *files_; }
  const fs::path& file() const { return file_; }

 private:
  fs::path folder_, file_;
  std::unique_ptr<bonafide::FileCache> files_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bonafide;
  static const Cache cache;
  const auto bytes = std::as_bytes(std::span(data, size));
  std::ofstream(cache.file(), std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  if (const auto entry = cache.files().find("key"); entry && entry->bytes.size() > size)
    std::abort();

  const auto kept = unpack_recording(bytes, 16000, {1000, [&](size_t) { return size; }});
  if (!kept) return 0;
  const auto& samples = kept->waveform.samples;
  if (samples.empty() || samples.size() > 1000) std::abort();
  if (kept->losses > kept->warnings.size()) std::abort();
  for (const float sample : samples) {
    if (!std::isfinite(sample)) std::abort();
  }
  return 0;
}
