#include "models/aasist.h"

#include <tuple>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"

namespace bonafide {

namespace {

AasistGraphOptions graph_options(const AasistOptions& o) {
  const auto& [ratios, heat] = std::tie(o.pool_ratios, o.temperatures);
  return {o.rows(),
          o.channels(),
          o.gat_dims,
          {ratios[0], ratios[1], ratios[2]},
          {heat[0], heat[1], heat[2]}};
}

}  // namespace

// The parameters stand before the modules, as in the published code's state dict.
Aasist::Aasist(const AasistOptions& o)
    : SincNetwork(o), graphs_(graph_options(o)), out_layer_(graphs_.width(), 2) {
  graphs_.register_parameters(*this);
  register_first_bn();
  encoder_ = register_module("encoder", make_encoder(o));
  graphs_.register_modules(*this);
  register_module("out_layer", out_layer_);
}

torch::Tensor Aasist::encode(const torch::Tensor& wave) {
  return encoded(encoder_, "encoder", filtered(wave));
}

NetworkOutput Aasist::forward(const NetworkInput& input) { return classify(encode(input.wave)); }

NetworkOutput Aasist::classify(const torch::Tensor& map) {
  const auto magnitude = map.abs();
  const auto hidden = graphs_.run(
      magnitude.amax(/*dim=*/3).transpose(1, 2), magnitude.amax(/*dim=*/2).transpose(1, 2),
      [this](const std::string& name, const torch::Tensor& value) { show(name, value); });
  return {out_layer_(hidden), hidden};
}

AasistOptions AasistOptions::from_json(const Json& model) {
  const OptionReader read(model, "model",
                          {"architecture", "nb_samp", "first_conv", "filts", "gat_dims",
                           "pool_ratios", "temperatures"});
  AasistOptions o;
  o.SincNetworkOptions::read(read);
  read.numbers("pool_ratios", o.pool_ratios, 0.01, 1.0);
  read.numbers("temperatures", o.temperatures, 1e-3, 1e6);
  read.integers("gat_dims", o.gat_dims, 1, 4096);
  return o;
}

std::shared_ptr<Network> make_aasist(const Json& model) {
  return std::make_shared<Aasist>(AasistOptions::from_json(model));
}

}  // namespace bonafide
