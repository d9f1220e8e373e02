#include "report/html.h"

#include <fmt/format.h>

#include "base/version.h"
#include "report/svg.h"

namespace bonafide {

namespace {

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--ink:#1c1c1e;--soft:#5f6368;--line:#dadce0;--paper:#fff;--card:#f6f7f8;--warn:#fff4e0;--edge:#e69f00}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#9aa0a6;--line:#3c4043;--paper:#17181a;--card:#202124;--warn:#33290f;--edge:#e69f00}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:46rem;margin:0 auto;padding:1.2rem 1rem 3rem}
h1{font-size:1.6rem;line-height:1.25;margin:.4rem 0 1rem}
h2{font-size:1.15rem;margin:2rem 0 .6rem}
p{margin:.6rem 0;overflow-wrap:anywhere}
.warning{background:var(--warn);border-left:4px solid var(--edge);padding:.5rem .8rem}
.merit{display:inline-block;vertical-align:top;background:var(--card);border-radius:.6rem;padding:.7rem 1rem;margin:.2rem .5rem .5rem 0;min-width:9rem}
.merit b{display:block;font-size:1.7rem;line-height:1.25;font-variant-numeric:tabular-nums}
.merit span{display:block;color:var(--soft);font-size:.85rem}
.wide{overflow-x:auto;margin:.8rem 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem}
caption{text-align:left;color:var(--soft);padding-bottom:.3rem}
th,td{padding:.28rem .7rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left;padding-left:.2rem}
tbody th{font-weight:400}
td.note{text-align:left;white-space:normal}
figure{margin:1rem 0;background:#fff;border:1px solid var(--line);border-radius:.6rem;padding:.5rem;max-width:34rem}
figure svg{display:block;width:100%;height:auto}
figcaption{color:#5f6368;font-size:.88rem;padding:.3rem .4rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;background:var(--card);border-radius:.6rem;padding:.8rem 1rem;font-size:.88rem}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
pre{background:var(--card);border-radius:.6rem;padding:.8rem 1rem;overflow-x:auto;font-size:.82rem;line-height:1.4}
footer{margin-top:2.5rem;color:var(--soft);font-size:.82rem}
@media (max-width:30rem){main{padding:.8rem .7rem 2rem}figure{padding:.2rem}th,td{padding:.28rem .4rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}}
@media print{figure,.merit,dl{break-inside:avoid}}
)";

}  // namespace

HtmlReport::HtmlReport(std::string title) : title_(std::move(title)) {}

void HtmlReport::add_heading(std::string_view text) {
  body_ += fmt::format("<h2>{}</h2>\n", escape_html(text));
}

void HtmlReport::add_paragraph(std::string_view text) {
  body_ += fmt::format("<p>{}</p>\n", escape_html(text));
}

void HtmlReport::add_warning(std::string_view text) {
  body_ += fmt::format("<p class=\"warning\">{}</p>\n", escape_html(text));
}

void HtmlReport::add_figure_of_merit(std::string_view name, std::string_view value,
                                     std::string_view note) {
  body_ += fmt::format("<div class=\"merit\">{}<b>{}</b><span>{}</span></div>\n", escape_html(name),
                       escape_html(value), escape_html(note));
}

void HtmlReport::add_table(const HtmlTable& table) {
  body_ += "<div class=\"wide\"><table>\n";
  if (!table.caption.empty()) {
    body_ += fmt::format("<caption>{}</caption>\n", escape_html(table.caption));
  }
  body_ += "<thead><tr>";
  for (const std::string& column : table.columns) {
    body_ += fmt::format("<th scope=\"col\">{}</th>", escape_html(column));
  }
  // A last column without a name holds remarks, not numbers: words may break.
  const bool notes = table.columns.size() > 1 && table.columns.back().empty();
  body_ += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    body_ += "<tr>";
    for (size_t i = 0; i < row.size(); ++i) {
      const bool note = notes && i + 1 == table.columns.size();
      body_ +=
          i == 0 ? fmt::format("<th scope=\"row\">{}</th>", escape_html(row[i]))
                 : fmt::format("<td{}>{}</td>", note ? " class=\"note\"" : "", escape_html(row[i]));
    }
    body_ += "</tr>\n";
  }
  body_ += "</tbody></table></div>\n";
}

void HtmlReport::add_run_card(const std::vector<std::pair<std::string, std::string>>& entries) {
  body_ += "<dl>\n";
  for (const auto& [name, value] : entries) {
    body_ += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_html(name), escape_html(value));
  }
  body_ += "</dl>\n";
}

void HtmlReport::add_figure(std::string_view caption, std::string_view svg) {
  body_ +=
      fmt::format("<figure>\n{}<figcaption>{}</figcaption></figure>\n", svg, escape_html(caption));
}

void HtmlReport::add_preformatted(std::string_view text) {
  body_ += fmt::format("<pre>{}</pre>\n", escape_html(text));
}

std::string HtmlReport::text() const {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n{2}"
      "<footer>Made by bonafide {3}.</footer>\n</main>\n</body>\n</html>\n",
      escape_html(title_), kStyle, body_, kVersion);
}

}  // namespace bonafide
