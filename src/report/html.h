#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bonafide {

struct HtmlTable {
  std::string caption;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // the first cell of each is its heading
};

// One HTML page that carries everything it shows: no scripts, nothing from the network, readable on
// a phone and on paper. Texts are plain and escaped here; figures are SVG from this room.
class HtmlReport {
 public:
  explicit HtmlReport(std::string title);

  void add_heading(std::string_view text);
  void add_paragraph(std::string_view text);
  // Set apart from the paragraphs, in a colour that says "look here".
  void add_warning(std::string_view text);
  // The one number that the reader came for: "EER", "0.83 %", "95 % interval 0.71 to 0.95 %".
  void add_figure_of_merit(std::string_view name, std::string_view value, std::string_view note);
  void add_table(const HtmlTable& table);
  // What was run with what: file digests, versions, seeds.
  void add_run_card(const std::vector<std::pair<std::string, std::string>>& entries);
  void add_figure(std::string_view caption, std::string_view svg);
  // Text with its own line ends and columns, such as an official report.
  void add_preformatted(std::string_view text);

  std::string text() const;

 private:
  std::string title_;
  std::string body_;
};

}  // namespace bonafide
