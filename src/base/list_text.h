#pragma once

#include <string>
#include <string_view>

namespace bonafide {

// What a list, table or protocol from outside says, as UTF-8 text with "\n" at its lines' ends:
// without the byte order mark of UTF-8, converted from UTF-16 (PowerShell's `>` writes it; also
// without a mark where every other byte of its beginning is a NUL), and with "\n" for the "\r" of
// a file that has no "\n". "\r\n" stays. Bytes that are no UTF-8 stay too: a path may hold any.
// `name` is for messages. Throws UsageError, naming the line, for UTF-16 that is broken and for a
// NUL byte, which no text has; for UTF-32; and for what is another kind of file (base/file_kind.h).
std::string list_text(std::string bytes, std::string_view name);

// The same, but a list that has a NUL and no "\n" ends each name by a NUL, as `find -print0` does:
// it is given as it stands.
struct PathList {
  std::string text;
  char separator;  // '\n' or '\0'
};
PathList path_list(std::string bytes, std::string_view name);

// Whether list_text() would change or refuse the text; quicker to ask than to copy it.
bool is_plain_list(std::string_view bytes);

}  // namespace bonafide
