#include "models/rat.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "nn/ff_stack.h"
#include "nn/norms.h"

namespace bonafide {

namespace {

constexpr int64_t kInner = 4;  // how much wider the inner layer of attn_mlp is

torch::nn::MultiheadAttention make_attention(int64_t dim, int64_t heads) {
  if (dim % heads == 0) return torch::nn::MultiheadAttention(dim, heads);
  throw UsageError(fmt::format(
      "model.attention_heads: {} does not divide the encoder's {} dimensions", heads, dim));
}

// What the block comes to in each layer, for those who watch.
struct Watched {
  std::vector<torch::Tensor> attention, mlp, residual, final_out;
};

class Rat : public PairClassifier {
 public:
  enum class Reference { kMatched, kZero, kSelf, kNone };

  Rat(int64_t dim, int64_t heads, Reference reference)
      : attention_(register_module("attn", make_attention(dim, heads))),
        first_norm_(register_module("preattn_ln", norm(dim))),
        mlp_(register_module(
            "attn_mlp",
            torch::nn::Sequential(torch::nn::Linear(dim, kInner * dim), torch::nn::ReLU(),
                                  torch::nn::Linear(kInner * dim, dim)))),
        last_norm_(register_module("final_ln", norm(dim))),
        stack_(register_module("classifier", make_ff_stack(dim))),
        reference_(reference) {}

  bool compares() const override { return reference_ == Reference::kMatched; }
  bool needs_reference() const override { return false; }

  NetworkOutput forward(const torch::Tensor& test, const torch::Tensor& reference) override {
    const auto embedding = reference_ == Reference::kNone ? test.mean(torch::IntArrayRef({0, 2}))
                                                          : embedded(test, reference);
    const auto logits = stack_->forward(embedding);
    watcher_("emb", embedding);
    watcher_("logits", logits);
    return {logits, embedding};
  }

 private:
  static LayerNorm norm(int64_t dim) { return LayerNorm(torch::nn::LayerNormOptions({dim})); }

  // Layer by layer, as the attention of all at once would fill the memory on long recordings.
  torch::Tensor embedded(const torch::Tensor& test, const torch::Tensor& reference) {
    Watched watched;
    torch::Tensor sum;
    for (int64_t layer = 0; layer < test.size(0); ++layer) {
      const bool there = compares() && reference.defined();
      const auto mean =
          of_layer(test[layer], there ? reference[layer] : reference, watched).mean(1);
      sum = sum.defined() ? sum + mean : mean;
    }
    if (watcher_) show(watched);
    return sum / test.size(0);
  }

  // [B, T, D]
  torch::Tensor of_layer(const torch::Tensor& test, const torch::Tensor& reference,
                         Watched& watched) {
    const auto query = first_norm_(test);
    const auto attended = attend(query, reference);
    const auto mlp = mlp_->forward(query);
    const auto residual = test + attended + mlp;
    const auto final_out = last_norm_(residual);
    if (watcher_) {
      watched.attention.push_back(attended.expand_as(mlp));
      watched.mlp.push_back(mlp);
      watched.residual.push_back(residual);
      watched.final_out.push_back(final_out);
    }
    return final_out;
  }

  torch::Tensor attend(const torch::Tensor& query, const torch::Tensor& reference) {
    const bool itself = reference_ == Reference::kSelf;
    if (!itself && (!compares() || !reference.defined())) return attended_zeros();
    const auto frames_first = [](const torch::Tensor& x) { return x.transpose(0, 1); };
    const auto asked = frames_first(query);
    const auto other = itself ? asked : frames_first(first_norm_(reference));
    const auto answers = attention_->forward(asked, other, other, /*key_padding_mask=*/{},
                                             /*need_weights=*/false);
    return frames_first(std::get<0>(answers));
  }

  // Keys and values that are all zero before their projections give one vector, whatever asks.
  torch::Tensor attended_zeros() {
    const auto& bias = attention_->in_proj_bias;
    const int64_t dim = bias.size(0) / 3;
    return attention_->out_proj(bias.narrow(0, 2 * dim, dim));
  }

  void show(const Watched& watched) const {
    const auto frames_first = [](const std::vector<torch::Tensor>& layers) {
      return torch::cat(layers).transpose(0, 1);
    };
    watcher_("attn_map", frames_first(watched.attention));
    watcher_("mlp_out", frames_first(watched.mlp));
    watcher_("combined", torch::stack(watched.attention) + torch::stack(watched.mlp));
    watcher_("residual", torch::stack(watched.residual));
    watcher_("final_out", torch::stack(watched.final_out));
  }

  torch::nn::MultiheadAttention attention_;
  LayerNorm first_norm_;
  torch::nn::Sequential mlp_;
  LayerNorm last_norm_;
  torch::nn::Sequential stack_;
  Reference reference_;
};

}  // namespace

std::shared_ptr<PairClassifier> make_rat(const Json& model, int64_t dim) {
  const OptionReader read(model, "model",
                          {"classifier", "processor", "attention_heads", "reference"});
  int64_t heads = 4;
  std::string reference = "matched";
  read.integer("attention_heads", heads, 1, 1024);
  const std::vector<std::string> words = {"matched", "zero", "self", "none"};
  read.word("reference", reference, words);
  const auto place = std::find(words.begin(), words.end(), reference) - words.begin();
  return std::make_shared<Rat>(dim, heads, static_cast<Rat::Reference>(place));
}

}  // namespace bonafide
