#include "train/gradient_exchange.h"

namespace bonafide {

GradientExchange::GradientExchange(torch::nn::Module& module, Communicator& communicator,
                                   size_t bucket_bytes)
    : communicator_(communicator) {
  if (communicator.size() == 1) return;
  auto parameters = module.parameters();
  for (auto it = parameters.rbegin(); it != parameters.rend(); ++it) {
    if (it->requires_grad()) add(*it, bucket_bytes);
  }
}

GradientExchange::~GradientExchange() {
  for (Slot& slot : slots_) slot.parameter.remove_hook(slot.hook);
}

void GradientExchange::add(const torch::Tensor& parameter, size_t bucket_bytes) {
  const auto bytes = static_cast<size_t>(parameter.nbytes());
  const bool fits = !buckets_.empty() && buckets_.back().flat.dtype() == parameter.dtype() &&
                    static_cast<size_t>(buckets_.back().flat.nbytes()) + bytes <= bucket_bytes;
  if (!fits) {
    Bucket bucket;
    bucket.flat = torch::empty({0}, parameter.options().requires_grad(false));
    buckets_.push_back(std::move(bucket));
  }
  Bucket& bucket = buckets_.back();
  const size_t index = slots_.size();
  const unsigned hook = parameter.register_hook(
      [this, index](const torch::Tensor& gradient) { arrived(index, gradient); });
  slots_.push_back({parameter, buckets_.size() - 1, bucket.flat.numel(), hook});
  bucket.flat = torch::zeros({bucket.flat.numel() + parameter.numel()}, bucket.flat.options());
  ++bucket.members;
}

void GradientExchange::begin() {
  if (communicator_.size() == 1) return;
  const std::lock_guard lock(mutex_);
  for (Bucket& bucket : buckets_) {
    bucket.flat.zero_();
    bucket.waiting = bucket.members;
    bucket.wait = nullptr;
  }
  used_ = torch::zeros({static_cast<int64_t>(slots_.size())}, torch::kInt32);
  next_ = 0;
  active_ = true;
}

// Comes before `gradient` is added to what earlier passes of an accumulation have left.
void GradientExchange::arrived(size_t index, const torch::Tensor& gradient) {
  const std::lock_guard lock(mutex_);
  if (!active_) return;
  const torch::NoGradGuard no_grad;
  const Slot& slot = slots_[index];
  Bucket& bucket = buckets_[slot.bucket];
  auto place = bucket.flat.narrow(0, slot.offset, slot.parameter.numel());
  place.copy_(gradient.reshape(-1));
  if (slot.parameter.grad().defined()) place.add_(slot.parameter.grad().reshape(-1));
  used_.data_ptr<int32_t>()[index] = 1;
  --bucket.waiting;
  send_full_buckets();
}

void GradientExchange::send_full_buckets() {
  while (next_ < buckets_.size() && buckets_[next_].waiting == 0) {
    buckets_[next_].wait = communicator_.begin_sum(buckets_[next_].flat);
    ++next_;
  }
}

void GradientExchange::finish() {
  if (communicator_.size() == 1) return;
  const torch::NoGradGuard no_grad;
  active_ = false;
  for (size_t i = 0; i < slots_.size(); ++i) {
    // What an earlier pass of the accumulation reached and the last one did not.
    const Slot& slot = slots_[i];
    if (used_.data_ptr<int32_t>()[i] != 0 || !slot.parameter.grad().defined()) continue;
    Bucket& bucket = buckets_[slot.bucket];
    bucket.flat.narrow(0, slot.offset, slot.parameter.numel())
        .copy_(slot.parameter.grad().reshape(-1));
    used_.data_ptr<int32_t>()[i] = 1;
  }
  for (; next_ < buckets_.size(); ++next_) {
    buckets_[next_].wait = communicator_.begin_sum(buckets_[next_].flat);
  }
  used_ = used_.to(slots_.front().parameter.device());
  communicator_.sum(used_);
  used_ = used_.cpu();
  for (Bucket& bucket : buckets_) bucket.wait();
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (used_.data_ptr<int32_t>()[i] == 0) continue;
    Slot& slot = slots_[i];
    slot.parameter.mutable_grad() = buckets_[slot.bucket]
                                        .flat.narrow(0, slot.offset, slot.parameter.numel())
                                        .view_as(slot.parameter)
                                        .clone();
  }
}

}  // namespace bonafide
