#pragma once

#include <gtest/gtest.h>
#include <sndfile.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include "scratch.h"

namespace bonafide {

inline void write_bytes(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Writes interleaved samples with libsndfile.
inline void write_sound(const std::filesystem::path& path, int format, int sample_rate,
                        int channels, const std::vector<float>& samples) {
  SF_INFO info{};
  info.format = format;
  info.samplerate = sample_rate;
  info.channels = channels;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  ASSERT_NE(file, nullptr) << sf_strerror(nullptr);
  const auto frames = static_cast<sf_count_t>(samples.size()) / channels;
  EXPECT_EQ(sf_writef_float(file, samples.data(), frames), frames);
  sf_close(file);
}

inline std::vector<float> sine(double hertz, int sample_rate, size_t length, double level = 0.5) {
  std::vector<float> samples(length);
  for (size_t i = 0; i < length; ++i) {
    samples[i] = static_cast<float>(
        level * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / sample_rate));
  }
  return samples;
}

// A 16-bit mono WAV by hand, so that a test can make any of its fields wrong.
struct Wav {
  uint32_t riff_size = 0xFFFFFFFF;
  uint16_t tag = 1;
  uint16_t channels = 1;
  uint32_t sample_rate = 16000;
  uint32_t data_size = 0xFFFFFFFF;
  std::vector<int16_t> samples = {1, -2, 3, -4};

  std::string bytes() const {
    std::string text = "RIFF";
    const auto append = [&](auto value) {
      char raw[sizeof value];
      std::memcpy(raw, &value, sizeof value);
      text.append(raw, sizeof value);
    };
    append(riff_size);
    text += "WAVEfmt ";
    append(uint32_t{16});
    append(tag);
    append(channels);
    append(sample_rate);
    append(sample_rate * 2 * channels);
    append(static_cast<uint16_t>(2 * channels));
    append(uint16_t{16});
    text += "data";
    append(data_size);
    for (const int16_t sample : samples) append(sample);
    return text;
  }
};

}  // namespace bonafide
