#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bonafide {

struct Point {
  double x = 0;
  double y = 0;
};

// How a shape is drawn; empty colours draw nothing.
struct Ink {
  std::string stroke;
  std::string fill;
  double width = 1.5;
  double opacity = 1;
  bool dashed = false;
};

enum class Anchor { kStart, kMiddle, kEnd };

// A picture in SVG that needs nothing else: no scripts, no fonts, no network. Units are pixels of
// the view box; the picture scales to the width it is given.
class Svg {
 public:
  // `description` is what a screen reader says.
  Svg(double width, double height, std::string description);

  void line(Point from, Point to, const Ink& ink);
  // Consecutive points that the eye cannot tell apart are left out.
  void polyline(const std::vector<Point>& points, const Ink& ink);
  void polygon(const std::vector<Point>& points, const Ink& ink);
  void rectangle(Point corner, double width, double height, const Ink& ink);
  void circle(Point centre, double radius, const Ink& ink);
  void label(Point at, std::string_view text, Anchor anchor, double size = 12,
             std::string_view colour = "#333");
  // Reads from bottom to top.
  void vertical_label(Point at, std::string_view text, double size = 12);

  // What is drawn between the two calls is cut off at the rectangle's edges.
  void begin_clip(Point corner, double width, double height);
  void end_clip();

  std::string text() const;

 private:
  double width_;
  double height_;
  std::string description_;
  std::string body_;
  int clips_ = 0;
};

// Text that may stand in HTML and in attributes.
std::string escape_html(std::string_view text);

}  // namespace bonafide
