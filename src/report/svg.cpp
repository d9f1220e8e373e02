#include "report/svg.h"

#include <fmt/format.h>

#include <cmath>

#include "base/digest.h"

namespace bonafide {

namespace {

std::string attributes(const Ink& ink) {
  std::string text =
      fmt::format(" stroke=\"{}\" fill=\"{}\"", ink.stroke.empty() ? "none" : ink.stroke,
                  ink.fill.empty() ? "none" : ink.fill);
  if (!ink.stroke.empty()) text += fmt::format(" stroke-width=\"{:.3g}\"", ink.width);
  if (ink.opacity < 1) text += fmt::format(" opacity=\"{:.3g}\"", ink.opacity);
  if (ink.dashed) text += " stroke-dasharray=\"5 4\"";
  return text;
}

// One decimal is a tenth of a pixel.
std::string number(double x) { return fmt::format("{:.1f}", x); }

std::string coordinates(const std::vector<Point>& points) {
  constexpr double kVisible = 0.5;  // pixels
  std::string text;
  Point last{1e9, 1e9};
  for (size_t i = 0; i < points.size(); ++i) {
    const bool end = i + 1 == points.size();
    if (!end && std::hypot(points[i].x - last.x, points[i].y - last.y) < kVisible) continue;
    if (!text.empty()) text += ' ';
    text += number(points[i].x) + ',' + number(points[i].y);
    last = points[i];
  }
  return text;
}

std::string_view name_of(Anchor anchor) {
  switch (anchor) {
    case Anchor::kStart:
      return "start";
    case Anchor::kMiddle:
      return "middle";
    case Anchor::kEnd:
      return "end";
  }
  return "start";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

Svg::Svg(double width, double height, std::string description)
    : width_(width), height_(height), description_(std::move(description)) {}

void Svg::line(Point from, Point to, const Ink& ink) {
  body_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"{}/>\n", number(from.x),
                       number(from.y), number(to.x), number(to.y), attributes(ink));
}

void Svg::polyline(const std::vector<Point>& points, const Ink& ink) {
  body_ += fmt::format("<polyline points=\"{}\" stroke-linejoin=\"round\"{}/>\n",
                       coordinates(points), attributes(ink));
}

void Svg::polygon(const std::vector<Point>& points, const Ink& ink) {
  body_ += fmt::format("<polygon points=\"{}\"{}/>\n", coordinates(points), attributes(ink));
}

void Svg::rectangle(Point corner, double width, double height, const Ink& ink) {
  body_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{}/>\n", number(corner.x),
                       number(corner.y), number(width), number(height), attributes(ink));
}

void Svg::circle(Point centre, double radius, const Ink& ink) {
  body_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{}/>\n", number(centre.x),
                       number(centre.y), number(radius), attributes(ink));
}

void Svg::label(Point at, std::string_view text, Anchor anchor, double size,
                std::string_view colour) {
  body_ += fmt::format(
      "<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" font-size=\"{:.3g}\" fill=\"{}\">{}</text>\n",
      number(at.x), number(at.y), name_of(anchor), size, colour, escape_html(text));
}

void Svg::vertical_label(Point at, std::string_view text, double size) {
  body_ += fmt::format(
      "<text transform=\"translate({} {}) rotate(-90)\" text-anchor=\"middle\" "
      "font-size=\"{:.3g}\" fill=\"#333\">{}</text>\n",
      number(at.x), number(at.y), size, escape_html(text));
}

void Svg::begin_clip(Point corner, double width, double height) {
  // Several pictures share one HTML page, and so the page's ids.
  const std::string key = fmt::format("{} {} {}", description_, clips_++, body_.size());
  const std::string id = "clip" + sha256(std::as_bytes(std::span(key))).substr(0, 10);
  body_ += fmt::format(
      "<clipPath id=\"{0}\"><rect x=\"{1}\" y=\"{2}\" width=\"{3}\" height=\"{4}\"/></clipPath>\n"
      "<g clip-path=\"url(#{0})\">\n",
      id, number(corner.x), number(corner.y), number(width), number(height));
}

void Svg::end_clip() { body_ += "</g>\n"; }

std::string Svg::text() const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
      "aria-label=\"{2}\" font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, "
      "'DejaVu Sans', sans-serif\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n{3}</svg>\n",
      number(width_), number(height_), escape_html(description_), body_);
}

}  // namespace bonafide
