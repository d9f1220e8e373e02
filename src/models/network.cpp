#include "models/network.h"

#include <fmt/format.h>

#include <map>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "models/aasist.h"
#include "models/lightcnn.h"
#include "models/rawgat_st.h"
#include "models/rawnet2.h"
#include "models/s2pecnet.h"

namespace bonafide {

namespace {

using Maker = std::shared_ptr<Network> (*)(const Json& model);

const std::map<std::string, Maker>& makers() {
  static const std::map<std::string, Maker> table = {
      {"AASIST", make_aasist},        {"LightCNN", make_lightcnn},
      {"RawNet2Spoof", make_rawnet2}, {"RawNetGatSpoofST", make_rawgat_st},
      {"S2pecNet", make_s2pecnet},
  };
  return table;
}

}  // namespace

Watcher Network::shown_below(const std::string& name) const {
  if (!watcher_) return {};
  return [this, name](const std::string& inner, const torch::Tensor& value) {
    show(name + "." + inner, value);
  };
}

std::shared_ptr<Network> make_network(const Json& model) {
  const auto name = model.find("architecture");
  if (name == model.end() || !name->is_string()) {
    throw UsageError(fmt::format("model.architecture is missing; there are: {}",
                                 fmt::join(architectures(), ", ")));
  }
  const auto maker = makers().find(name->get<std::string>());
  if (maker == makers().end()) {
    throw UsageError(fmt::format("model.architecture: no network called \"{}\"; there are: {}",
                                 printable(name->get<std::string>()),
                                 fmt::join(architectures(), ", ")));
  }
  return maker->second(model);
}

std::vector<std::string> architectures() {
  std::vector<std::string> names;
  for (const auto& [name, maker] : makers()) names.push_back(name);
  return names;
}

}  // namespace bonafide
