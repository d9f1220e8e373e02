#include "trials/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/error.h"
#include "base/list_text.h"
#include "base/pipe.h"
#include "base/text.h"

namespace bonafide {

namespace {

static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");

// The high bit of each byte that is `character`, right up to the first.
uint64_t bytes_equal(uint64_t word, char character) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  const uint64_t difference = word ^ (kOnes * static_cast<unsigned char>(character));
  return (difference - kOnes) & ~difference & (kOnes << 7);
}

// The first of two characters, or `end`. Fields are short: eight bytes a step beat memchr.
const char* find_either(const char* at, const char* end, char a, char b) {
  for (uint64_t word = 0; end - at >= std::ptrdiff_t{sizeof word}; at += sizeof word) {
    std::memcpy(&word, at, sizeof word);
    const uint64_t found = bytes_equal(word, a) | bytes_equal(word, b);
    if (found != 0) return at + std::countr_zero(found) / 8;
  }
  while (at != end && *at != a && *at != b) ++at;
  return at;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

void split_at_blanks(std::string_view line, std::vector<std::string_view>& fields) {
  size_t i = 0;
  for (;;) {
    while (i < line.size() && is_blank(line[i])) ++i;
    if (i == line.size()) return;
    const size_t start = i;
    while (i < line.size() && !is_blank(line[i])) ++i;
    fields.push_back(line.substr(start, i - start));
  }
}

std::string_view without_blanks(std::string_view field) {
  while (!field.empty() && is_blank(field.back())) field.remove_suffix(1);
  while (!field.empty() && is_blank(field.front())) field.remove_prefix(1);
  return field;
}

bool blank(std::string_view line) { return std::all_of(line.begin(), line.end(), is_blank); }

}  // namespace

TextTable::TextTable(const std::filesystem::path& path) : name_(path.native()) {
  if (is_pipe(path)) {
    converted_ = std::make_shared<const std::string>(list_text(read_text_or_pipe(path), name_));
    text_ = *converted_;
    begin();
    return;
  }
  file_.emplace_back(path).watch();
  const auto bytes = file_.front().bytes();
  text_ = {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  // The beginning shows another encoding; of all the rest nothing is read before its time.
  constexpr size_t kBeginning = size_t{1} << 16;
  if (!is_plain_list(text_.substr(0, kBeginning))) convert();
  begin();
}

TextTable::TextTable(std::string_view text, std::string name)
    : text_(text), name_(std::move(name)) {
  begin();
}

void TextTable::convert() {
  converted_ = std::make_shared<const std::string>(list_text(std::string(text_), name_));
  file_.front().expect_unchanged();
  file_.clear();
  text_ = *converted_;
}

void TextTable::begin() {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text_.substr(0, kMark.size()) == kMark) text_.remove_prefix(kMark.size());
  rewind();
  std::string_view first;
  while (!rest_.empty() && blank(first)) first = next_line();
  separator_ = ' ';
  first = without_blanks(first);
  for (const char candidate : {',', '\t'}) {
    if (first.find(candidate) != std::string_view::npos) {
      separator_ = candidate;
      break;
    }
  }
  columns_ = static_cast<size_t>(std::count(first.begin(), first.end(), separator_)) + 1;
  rewind();
}

void TextTable::rewind() {
  rest_ = text_;
  mapped_ = file_.empty() ? text_.data() + text_.size() : text_.data();
  line_ = 0;
  record_line_ = 0;
}

// The next stretch of a file, which is read from its first byte to its last.
void TextTable::map_ahead() {
  constexpr size_t kStretch = size_t{8} << 20;
  const auto* const start = reinterpret_cast<const char*>(file_.front().bytes().data());
  file_.front().map_now(static_cast<size_t>(rest_.data() - start), kStretch);
  mapped_ = rest_.data() + std::min(kStretch, rest_.size());
}

size_t TextTable::expected_rows() const {
  const std::string_view sample = text_.substr(0, 4096);
  const auto lines = static_cast<size_t>(std::count(sample.begin(), sample.end(), '\n'));
  return sample.empty() ? 0 : text_.size() / sample.size() * (lines + 1) + lines;
}

std::string_view TextTable::next_line() {
  const auto end = rest_.find('\n');
  std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  ++line_;
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

bool TextTable::next(std::vector<std::string_view>& fields) {
  while (!rest_.empty()) {
    if (rest_.data() >= mapped_) map_ahead();
    fields.clear();
    const std::string_view line = separator_ == ' ' ? next_line() : split_line(fields);
    if (line.empty() || (is_blank(line.front()) && blank(line))) continue;
    record_line_ = line_;
    if (separator_ == ' ') {
      split_at_blanks(line, fields);
    } else if (separator_ == ',' && line.find('"') != std::string_view::npos) {
      fields.clear();
      split_quoted(line, fields);
    }
    return true;
  }
  if (!file_.empty()) file_.front().expect_unchanged();
  fields.clear();
  return false;
}

// The next line, without its end, and its fields as if there were no quotes.
std::string_view TextTable::split_line(std::vector<std::string_view>& fields) {
  const char* const start = rest_.data();
  const char* const end = start + rest_.size();
  const char* at = start;
  for (;;) {
    const char* const stop = find_either(at, end, separator_, '\n');
    fields.push_back(without_blanks({at, static_cast<size_t>(stop - at)}));
    at = stop;
    if (at == end || *at == '\n') break;
    ++at;
  }
  std::string_view line(start, static_cast<size_t>(at - start));
  rest_.remove_prefix(line.size() + (at == end ? 0 : 1));
  ++line_;
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (separator_ == '\t') {
    while (fields.size() > columns_ && fields.back().empty()) fields.pop_back();
  }
  return line;
}

void TextTable::split_quoted(std::string_view line, std::vector<std::string_view>& fields) {
  const char* at = line.data();
  const char* end = line.data() + line.size();
  for (;;) {
    if (at < end && *at == '"') {
      std::string field;
      ++at;
      for (;;) {
        if (at == end) {
          // The field goes on in the next line.
          if (rest_.empty()) {
            throw UsageError(fmt::format("{}: line {}: a quote that never closes", printable(name_),
                                         record_line_));
          }
          const std::string_view more = next_line();
          at = more.data();
          end = more.data() + more.size();
          field += '\n';
        } else if (*at != '"') {
          field += *at++;
        } else if (at + 1 < end && at[1] == '"') {
          field += '"';
          at += 2;
        } else {
          ++at;
          break;
        }
      }
      unquoted_.push_back(std::move(field));
      fields.push_back(unquoted_.back());
      at = std::find(at, end, ',');
    } else {
      const char* comma = std::find(at, end, ',');
      fields.push_back(without_blanks({at, static_cast<size_t>(comma - at)}));
      at = comma;
    }
    if (at == end) return;
    ++at;
  }
}

}  // namespace bonafide
