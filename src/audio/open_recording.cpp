#include "audio/open_recording.h"

#include <fmt/format.h>

#include "audio/flac_chain.h"
#include "audio/flac_source.h"
#include "audio/header_file.h"
#include "audio/mpeg_file.h"
#include "audio/ogg_file.h"
#include "audio/signature.h"
#include "audio/sound_file.h"
#include "audio/tags.h"
#include "base/error.h"

namespace bonafide {

namespace {

std::unique_ptr<SoundSource> open_known(std::span<const std::byte> whole) {
  const auto tagged = without_tags_before(whole);
  const bool had_tag = tagged.size() < whole.size();
  if (is_ogg(tagged)) return open_ogg(without_tags_behind(tagged));
  if (is_flac(tagged)) return open_flac(tagged);
  // A tag before anything but a container is MPEG's.
  if (is_mpeg(tagged) || (had_tag && tagged.size() >= 4 && !is_container(tagged))) {
    return open_mpeg(without_tags_behind(tagged));
  }
  return open_header_file(had_tag && is_container(tagged) ? tagged : whole);
}

}  // namespace

std::unique_ptr<SoundSource> open_recording(std::span<const std::byte> bytes, int raw_format) {
  try {
    if (raw_format != 0) return std::make_unique<SoundFile>(bytes, raw_format);
    return open_known(bytes);
  } catch (const Error& e) {
    const std::string format = foreign_format(bytes);
    throw Error(format.empty() ? fmt::format("cannot be read as audio ({})", e.what()) : format);
  }
}

}  // namespace bonafide
