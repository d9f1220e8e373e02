#pragma once

#include <string>
#include <vector>

namespace bonafide {

// A recording before and after a change, with a picture of both unless `picture` is empty: paths
// below the page's folder.
struct ListeningPair {
  std::string name;
  std::string before, after, picture;
};

// An HTML page to listen to both of each pair, in this order. Names and paths may hold anything.
std::string listening_page(const std::vector<ListeningPair>& pairs);

}  // namespace bonafide
