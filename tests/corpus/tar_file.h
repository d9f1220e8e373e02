#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bonafide {

// A tar archive made by hand (POSIX ustar), so that tests can break it.
class TarFile {
 public:
  // `type` is that of the header: '0' a file, '5' a folder, '2' a link to `link`, 'x' a pax header.
  TarFile& add(std::string_view name, std::string_view data, char type = '0',
               std::string_view link = "") {
    std::string header(512, '\0');
    put(header, 0, name);
    put(header, 100, "0000644");
    put(header, 124, octal(data.size(), 11));
    put(header, 136, "00000000000");
    put(header, 148, "        ");
    header[156] = type;
    put(header, 157, link);
    put(header, 257,
        std::string_view("ustar\0"
                         "00",
                         8));
    unsigned sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    put(header, 148, octal(sum, 6));
    header[154] = '\0';
    bytes_ += header;
    bytes_ += data;
    bytes_.resize((bytes_.size() + 511) / 512 * 512);
    return *this;
  }

  std::string bytes() const { return bytes_ + std::string(1024, '\0'); }

 private:
  static void put(std::string& header, size_t at, std::string_view text) {
    header.replace(at, text.size(), text);
  }
  static std::string octal(size_t number, size_t digits) {
    std::string text(digits, '0');
    for (size_t i = digits; i > 0; --i, number /= 8) {
      text[i - 1] = static_cast<char>('0' + number % 8);
    }
    return text;
  }

  std::string bytes_;
};

}  // namespace bonafide
