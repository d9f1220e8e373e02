#include "corpus/flac_file.h"

#include <fmt/format.h>
#include <sndfile.h>
#include <unistd.h>

#include "audio/sound_file.h"
#include "base/error.h"
#include "base/text.h"

namespace bonafide {

void write_flac(const std::filesystem::path& path, std::span<const int16_t> samples,
                int sample_rate) {
  std::filesystem::path part = path;
  part += ".part";
  SF_INFO info{};
  info.samplerate = sample_rate;
  info.channels = 1;
  info.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
  OpenSound file(nullptr, sf_close);
  try {
    file = open_sound([&] { return sf_open(part.c_str(), SFM_WRITE, &info); });
  } catch (const Error& e) {
    throw Error(fmt::format("{}: {}", printable(path.native()), e.what()));
  }
  const auto count = static_cast<sf_count_t>(samples.size());
  const bool whole = sf_write_short(file.get(), samples.data(), count) == count;
  if (sf_close(file.release()) != 0 || !whole) {
    ::unlink(part.c_str());
    throw Error(fmt::format("{}: cannot be written whole", printable(path.native())));
  }
  std::filesystem::rename(part, path);
}

}  // namespace bonafide
