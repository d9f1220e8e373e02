#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bonafide {

// What lies in a data set and is no trial of it: noted while its lists, folders and archives are
// read, so that it can be said. Nothing here stops the reading.
class Leftovers {
 public:
  // Recordings and members that nothing takes, each name once,
  // under the first kind. `kind` says what they are, in the
  // plural: "recordings in folders that the data set does not have".
  void add(std::string_view kind, std::string name);

  // What should have been read and could not: one line that names it. Once.
  void add_trouble(std::string line);

  struct Kind {
    std::string name;
    std::set<std::string> members;
  };
  const std::vector<Kind>& kinds() const { return kinds_; }
  // How many recordings and members of all kinds.
  size_t count() const;
  const std::vector<std::string>& troubles() const { return troubles_; }

  // A line of each kind, as "not read: 3 KIND (a, b, c)", and the troubles; printable. `most` of
  // the names are in it.
  std::vector<std::string> lines(size_t most = 3) const;

 private:
  bool has(const std::string& name) const;

  std::vector<Kind> kinds_;
  std::vector<std::string> troubles_;
};

}  // namespace bonafide
