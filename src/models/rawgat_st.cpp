#include "models/rawgat_st.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "models/sinc_network.h"
#include "nn/graph_attention.h"
#include "nn/graph_pool.h"

namespace bonafide {

namespace {

constexpr int64_t kFrames = 29;  // of the encoders' maps
constexpr int64_t kNodes = 12;   // of the graph that joins the two others
constexpr int64_t kWidth = 32;
constexpr int64_t kJointWidth = 16;
constexpr int64_t kLeastNodes = 2;
constexpr double kRatioOfRows = 0.64;
constexpr double kRatioOfFrames = 0.81;
constexpr double kRatioOfJoint = 0.64;

int64_t kept(int64_t nodes, double ratio) {
  return std::max(static_cast<int64_t>(static_cast<double>(nodes) * ratio), kLeastNodes);
}

// Its names T and S are the other way round than AASIST's: the spectral nodes, one a row of the
// map, carry T.
class RawGatSt : public SincNetwork {
 public:
  explicit RawGatSt(const SincNetworkOptions& options);

  NetworkOutput forward(const NetworkInput& input) override;

 private:
  torch::Tensor branch(const std::string& name, const torch::Tensor& nodes,
                       GraphAttention& attention, GraphPool& pool);

  torch::nn::ModuleList encoder_T_ = nullptr, encoder_S_ = nullptr;
  GraphAttention gat_T_ = nullptr, gat_S_ = nullptr, gat_ST_ = nullptr;
  GraphPool pool_T_ = nullptr, pool_S_ = nullptr, pool_ST_ = nullptr;
  torch::nn::Linear proj_T_ = nullptr, proj_S_ = nullptr, proj_ST_ = nullptr;
  torch::nn::Linear out_layer_ = nullptr;
};

RawGatSt::RawGatSt(const SincNetworkOptions& o) : SincNetwork(o) {
  register_first_bn();
  encoder_T_ = register_module("encoder_T", make_encoder(o));
  encoder_S_ = register_module("encoder_S", make_encoder(o));
  gat_T_ = register_module("GAT_layer_T", GraphAttention(o.channels(), kWidth));
  gat_S_ = register_module("GAT_layer_S", GraphAttention(o.channels(), kWidth));
  gat_ST_ = register_module("GAT_layer_ST", GraphAttention(kWidth, kJointWidth));
  pool_T_ = register_module("pool_T", GraphPool(kRatioOfRows, kWidth, kLeastNodes));
  pool_S_ = register_module("pool_S", GraphPool(kRatioOfFrames, kWidth, kLeastNodes));
  pool_ST_ = register_module("pool_ST", GraphPool(kRatioOfJoint, kJointWidth, kLeastNodes));
  proj_T_ = register_module("proj_T", torch::nn::Linear(kept(o.rows(), kRatioOfRows), kNodes));
  proj_S_ = register_module("proj_S", torch::nn::Linear(kept(kFrames, kRatioOfFrames), kNodes));
  proj_ST_ = register_module("proj_ST", torch::nn::Linear(kJointWidth, 1));
  out_layer_ = register_module("out_layer", torch::nn::Linear(kept(kNodes, kRatioOfJoint), 2));
}

torch::Tensor RawGatSt::branch(const std::string& name, const torch::Tensor& nodes,
                               GraphAttention& attention, GraphPool& pool) {
  const auto attended = attention(nodes);
  show("GAT_layer_" + name, attended);
  const auto pooled = pool(attended);
  show("pool_" + name, pooled);
  return pooled;
}

NetworkOutput RawGatSt::forward(const NetworkInput& input) {
  const auto map = filtered(input.wave);
  const auto map_T = encoded(encoder_T_, "encoder_T", map).abs();
  const auto map_S = encoded(encoder_S_, "encoder_S", map).abs();
  if (map_T.size(3) != kFrames) {
    throw Error(fmt::format("RawGAT-ST wants 63551 to 65737 samples, got {}", input.wave.size(1)));
  }
  const auto rows = map_T.amax(/*dim=*/3).transpose(1, 2);    // [B, 23, 64]
  const auto frames = map_S.amax(/*dim=*/2).transpose(1, 2);  // [B, 29, 64]
  // The projections go over the nodes: [B, 32, nodes] -> [B, 32, 12].
  const auto T = proj_T_(branch("T", rows, gat_T_, pool_T_).transpose(1, 2));
  const auto S = proj_S_(branch("S", frames, gat_S_, pool_S_).transpose(1, 2));
  const auto joint = branch("ST", (T * S).transpose(1, 2), gat_ST_, pool_ST_);
  const auto embedding = proj_ST_(joint).flatten(1);  // [B, 7]
  return {out_layer_(embedding), embedding};
}

}  // namespace

std::shared_ptr<Network> make_rawgat_st(const Json& model) {
  const OptionReader reader(model, "model", {"architecture", "nb_samp", "first_conv", "filts"});
  SincNetworkOptions options;
  options.read(reader);
  return std::make_shared<RawGatSt>(options);
}

}  // namespace bonafide
