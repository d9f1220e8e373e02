#include "report/listening_page.h"

#include <fmt/format.h>

#include <cctype>
#include <string_view>

#include "base/text.h"
#include "report/svg.h"

namespace bonafide {

namespace {

std::string url_of(std::string_view path) {
  std::string url;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        std::isalnum(byte) != 0 || std::string_view("/.-_").find(c) != std::string_view::npos;
    url += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return url;
}

std::string player(std::string_view path) {
  return fmt::format(R"(<audio controls preload="none" src="{}"></audio>)", url_of(path));
}

std::string draw_picture(const ListeningPair& pair) {
  if (pair.picture.empty()) return "";
  return fmt::format(R"(<img src="{}" alt="spectrograms: original, augmented">)",
                     url_of(pair.picture));
}

}  // namespace

std::string listening_page(const std::vector<ListeningPair>& pairs) {
  std::string rows;
  for (const ListeningPair& pair : pairs) {
    rows += fmt::format("<tr><th>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        escape_html(printable(pair.name)), player(pair.before), player(pair.after),
                        draw_picture(pair));
  }
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Augmented</title>\n"
      "<style>body{{font-family:sans-serif}}img{{max-width:40em;max-height:12em}}</style>\n"
      "<table>\n<tr><th></th><th>original</th><th>augmented</th><th></th></tr>\n{}</table>\n"
      "</html>\n",
      rows);
}

}  // namespace bonafide
