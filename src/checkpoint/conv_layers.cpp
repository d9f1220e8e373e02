#include "checkpoint/conv_layers.h"

#include <fmt/format.h>

#include <cctype>
#include <charconv>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr int64_t kMost = 1 << 16;

// One method for each rule of
//   expression = term { "+" term }
//   term       = list [ "*" integer ]
//   list       = "[" tuple { "," tuple } [ "," ] "]"
//   tuple      = "(" integer "," integer "," integer ")"
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::vector<ConvLayerShape> expression() {
    std::vector<ConvLayerShape> layers = term();
    while (accept('+')) append(layers, term());
    if (at_ != text_.size()) fail("\"+\"");
    return layers;
  }

 private:
  [[noreturn]] void fail(std::string_view expected) const {
    throw Error(fmt::format("\"{}\": expected {} at \"{}\"", printable(text_, 200), expected,
                            printable(text_.substr(at_), 20)));
  }

  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  bool accept(char mark) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != mark) return false;
    ++at_;
    skip_blanks();
    return true;
  }

  void expect(char mark) {
    if (!accept(mark)) fail(fmt::format("\"{}\"", mark));
  }

  int64_t integer() {
    int64_t value = 0;
    const auto [end, error] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc() || value < 1 || value > kMost) {
      fail(fmt::format("a whole number from 1 to {}", kMost));
    }
    at_ = static_cast<size_t>(end - text_.data());
    return value;
  }

  void append(std::vector<ConvLayerShape>& layers, const std::vector<ConvLayerShape>& more) const {
    if (layers.size() + more.size() > kMostConvLayers) {
      throw Error(
          fmt::format("\"{}\": more than {} convolutions", printable(text_, 200), kMostConvLayers));
    }
    layers.insert(layers.end(), more.begin(), more.end());
  }

  std::vector<ConvLayerShape> term() {
    const std::vector<ConvLayerShape> once = list();
    std::vector<ConvLayerShape> all = once;
    const int64_t times = accept('*') ? integer() : 1;
    for (int64_t i = 1; i < times; ++i) append(all, once);
    return all;
  }

  std::vector<ConvLayerShape> list() {
    std::vector<ConvLayerShape> layers;
    expect('[');
    do {
      if (!layers.empty() && accept(']')) return layers;
      append(layers, {tuple()});
    } while (accept(','));
    expect(']');
    return layers;
  }

  ConvLayerShape tuple() {
    ConvLayerShape layer;
    expect('(');
    layer.channels = integer();
    expect(',');
    layer.kernel = integer();
    expect(',');
    layer.stride = integer();
    expect(')');
    return layer;
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

std::vector<ConvLayerShape> read_conv_layers(std::string_view expression) {
  return Parser(expression).expression();
}

}  // namespace bonafide
