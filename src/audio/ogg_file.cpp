#include "audio/ogg_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "audio/bytes.h"
#include "audio/chained_source.h"
#include "audio/flac_source.h"
#include "audio/ogg_links.h"
#include "audio/sound_file.h"
#include "base/error.h"

namespace bonafide {

namespace {

std::vector<std::string> names_without(const OggLink& link, const OggStream* read) {
  std::vector<std::string> names;
  for (const OggStream& stream : link.streams) {
    if (&stream != read) names.push_back(stream.name);
  }
  return names;
}

// The first that can be read and is more than a beginning: a link that broke off at once looks as
// if it lay beside the next.
const OggStream& stream_to_read(const OggLink& link) {
  if (link.streams.empty()) throw Error("no Ogg stream begins in it");
  const auto find = [&](size_t pages) {
    return std::find_if(link.streams.begin(), link.streams.end(), [&](const OggStream& stream) {
      return stream.codec != OggCodec::kOther && stream.pages >= pages;
    });
  };
  for (const size_t pages : {size_t{2}, size_t{1}}) {
    if (const auto found = find(pages); found != link.streams.end()) return *found;
  }
  throw Error(fmt::format("it holds {}; convert it to wav or flac first",
                          fmt::join(names_without(link, nullptr), " and ")));
}

std::unique_ptr<SoundSource> open_stream(const OggLink& link, const OggStream& stream) {
  const bool alone = link.streams.size() == 1 && link.foreign_bytes == 0;
  MemoryStream pages = alone ? MemoryStream(link.bytes) : MemoryStream(link.pages_of(stream), {});
  if (stream.codec != OggCodec::kFlac) return std::make_unique<SoundFile>(std::move(pages));
  return std::make_unique<FlacSource>(std::move(pages), FlacSource::Wrapping::kOgg);
}

void add_remarks(const OggLink& link, const OggStream& stream, SoundSource& source) {
  if (!stream.ended) source.set_cut("the Ogg stream has no end");
  if (stream.missing_places > 0) {
    source.add_remark(
        fmt::format("damaged: Ogg pages are missing in {} place(s)", stream.missing_places));
  }
  if (const auto others = names_without(link, &stream); !others.empty()) {
    source.add_remark(fmt::format("only one {} stream of it was read; others beside it: {}",
                                  stream.name, fmt::join(others, ", ")));
  }
  if (link.foreign_bytes > 0) {
    source.add_remark(fmt::format("{} bytes that are no whole Ogg pages of it were not read",
                                  link.foreign_bytes));
  }
}

std::unique_ptr<SoundSource> open_next(OggLinks& links) {
  const auto link = links.next();
  if (!link) return nullptr;
  const OggStream& stream = stream_to_read(*link);
  auto source = open_stream(*link, stream);
  add_remarks(*link, stream, *source);
  return source;
}

}  // namespace

bool is_ogg(std::span<const std::byte> bytes) { return begins(bytes, 0, "OggS"); }

std::unique_ptr<SoundSource> open_ogg(std::span<const std::byte> bytes) {
  return std::make_unique<ChainedSource>(
      [links = OggLinks(bytes)]() mutable { return open_next(links); });
}

}  // namespace bonafide
