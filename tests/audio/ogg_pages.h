#pragma once

#include <FLAC/stream_encoder.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audio/sound_files.h"

namespace bonafide {

// Pages of Ogg by hand, so that a test can put any of them anywhere.
inline std::string with_sum(std::string page) {
  page.replace(22, 4, std::string(4, '\0'));
  uint32_t sum = 0;
  for (const char c : page) {
    sum ^= static_cast<uint32_t>(static_cast<unsigned char>(c)) << 24;
    for (int bit = 0; bit < 8; ++bit) {
      sum = sum << 1 ^ ((sum & 0x80000000U) != 0 ? 0x04C11DB7U : 0U);
    }
  }
  for (size_t i = 0; i < 4; ++i) page[22 + i] = static_cast<char>(sum >> 8 * i & 0xFF);
  return page;
}

// A page with one short packet.
inline std::string ogg_page(std::string_view packet, char serial, char number, char flags) {
  std::string page("OggS", 4);
  page += '\0';
  page += flags;
  page += std::string(8, '\0');  // the time
  page += serial + std::string(3, '\0');
  page += number + std::string(3, '\0');
  page += std::string(4, '\0') + '\1' + static_cast<char>(packet.size());
  return with_sum(page + std::string(packet));
}

inline std::vector<std::string> pages_of(const std::string& file) {
  std::vector<std::string> pages;
  for (size_t at = 0; at < file.size(); at += pages.back().size()) {
    const auto segments = static_cast<unsigned char>(file[at + 26]);
    size_t size = size_t{27} + segments;
    for (size_t i = 0; i < segments; ++i) size += static_cast<unsigned char>(file[at + 27 + i]);
    pages.push_back(file.substr(at, size));
  }
  return pages;
}

inline std::string joined(const std::vector<std::string>& pages) {
  std::string file;
  for (const std::string& page : pages) file += page;
  return file;
}

inline std::string with_serial(const std::string& file, char serial) {
  std::string changed;
  for (std::string page : pages_of(file)) changed += with_sum(page.replace(14, 1, 1, serial));
  return changed;
}

// What libsndfile writes of the samples.
inline std::string sound_bytes(int format, int sample_rate, int channels,
                               const std::vector<float>& samples) {
  const Scratch folder;
  write_sound(folder / "sound", format, sample_rate, channels, samples);
  return read_bytes(folder / "sound");
}

// 16-bit mono FLAC in Ogg, which libsndfile cannot write.
inline std::string flac_in_ogg(int sample_rate, const std::vector<int32_t>& samples) {
  const Scratch folder;
  FLAC__StreamEncoder* encoder = FLAC__stream_encoder_new();
  FLAC__stream_encoder_set_channels(encoder, 1);
  FLAC__stream_encoder_set_bits_per_sample(encoder, 16);
  FLAC__stream_encoder_set_sample_rate(encoder, static_cast<unsigned>(sample_rate));
  FLAC__stream_encoder_set_ogg_serial_number(encoder, 5);
  EXPECT_EQ(
      FLAC__stream_encoder_init_ogg_file(encoder, (folder / "sound").c_str(), nullptr, nullptr),
      FLAC__STREAM_ENCODER_INIT_STATUS_OK);
  EXPECT_TRUE(FLAC__stream_encoder_process_interleaved(encoder, samples.data(),
                                                       static_cast<unsigned>(samples.size())));
  EXPECT_TRUE(FLAC__stream_encoder_finish(encoder));
  FLAC__stream_encoder_delete(encoder);
  return read_bytes(folder / "sound");
}

}  // namespace bonafide
