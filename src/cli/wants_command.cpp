#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "base/json_value.h"
#include "cli/torch_commands.h"
#include "systems/torch_backend.h"

namespace bonafide {

// What `convert` asks of a network, whose options its user gave: {"description", "bytes"} on
// standard input becomes [["fc.weight", [2, 160]], ...].
std::function<int()> declare_wants(CLI::App&, const SystemTable& systems) {
  return [&systems] {
    const std::string question{std::istreambuf_iterator<char>(std::cin), {}};
    const Json asked = parse_json(question);
    const auto description = ModelDescription::from_json(asked.at("description"), "standard input");
    Json answer = Json::array();
    const auto bytes = asked.at("bytes").get<size_t>();
    for (const WantedTensor& tensor : wanted_by(description, bytes, systems)) {
      answer.push_back({tensor.name, tensor.shape});
    }
    fmt::print("{}\n", answer.dump());
    return 0;
  };
}

}  // namespace bonafide
