#include "processes/communicator.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <exception>

#include "base/environment.h"
#include "base/error.h"
#include "base/text.h"

// LibTorch's header for Gloo wants Gloo's own, which come in a package of their own.
#if __has_include(<gloo/algorithm.h>)
#define BONAFIDE_GLOO
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#ifdef USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif
#endif

namespace bonafide {

namespace {

class Alone : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  void sum(torch::Tensor&) override {}
  std::function<void()> begin_sum(torch::Tensor&) override {
    return [] {};
  }
  void broadcast(torch::Tensor&) override {}
  std::vector<std::string> gather(const std::string& bytes) override { return {bytes}; }
};

#ifdef BONAFIDE_GLOO

#if TORCH_VERSION_MAJOR >= 2
using Group = c10d::Backend;
#else
using Group = c10d::ProcessGroup;
#endif

// LibTorch's errors go on with a stack trace; the first line says what happened.
template <typename Function>
auto or_say_why(Function function) {
  try {
    return function();
  } catch (const std::exception& e) {
    const std::string_view what = e.what();
    throw Error(
        fmt::format("another process of the job cannot be reached any more, or has ended: "
                    "{}",
                    printable(what.substr(0, what.find('\n')), 300)));
  }
}

constexpr std::chrono::minutes kTimeout{30};

// LibTorch 2 asks for libuv by default, and refuses where it was built without.
template <typename Options>
void use_plain_sockets(Options& options) {
  if constexpr (requires { options.useLibUV; }) options.useLibUV = false;
}

c10::intrusive_ptr<c10d::Store> open_store(const Place& place) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(place.port);
  options.isServer = place.rank == 0 && !place.store_is_hosted;
  options.numWorkers = static_cast<std::size_t>(place.size);
  options.timeout = std::chrono::minutes(5);
  use_plain_sockets(options);
  return c10::make_intrusive<c10d::PrefixStore>(
      "bonafide", c10::make_intrusive<c10d::TCPStore>(place.address, options));
}

c10::intrusive_ptr<Group> make_group(const Place& place, torch::Device device,
                                     const c10::intrusive_ptr<c10d::Store>& store) {
  if (device.is_cuda()) {
#if defined(USE_C10D_NCCL)
    auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = kTimeout;
    return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, place.rank, place.size, options);
#else
    throw Error("this LibTorch has no NCCL, which processes on GPUs talk through");
#endif
  }
  auto options = c10d::ProcessGroupGloo::Options::create();
  options->timeout = kTimeout;
  const auto interface = environment_variable("GLOO_SOCKET_IFNAME");
  const bool local = place.address == "127.0.0.1" || place.address == "localhost";
  options->devices.push_back(
      interface ? c10d::ProcessGroupGloo::createDeviceForInterface(*interface)
      : local   ? c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1")
                : c10d::ProcessGroupGloo::createDefaultDevice());
  return c10::make_intrusive<c10d::ProcessGroupGloo>(store, place.rank, place.size, options);
}

class Joined : public Communicator {
 public:
  Joined(const Place& place, torch::Device device) : place_(place), device_(device) {
    or_say_why([&] {
      store_ = open_store(place);
      group_ = make_group(place, device, store_);
    });
    auto nothing = torch::zeros({1}, device_);
    sum(nothing);  // whoever is missing is missed now
  }

  // Rank 0 may host the store that the others still need. A process that fails waits for nobody:
  // the others are somewhere else, and its end tells them.
  ~Joined() override {
    if (std::uncaught_exceptions() > exceptions_) return;
    try {
      auto nothing = torch::zeros({1}, device_);
      sum(nothing);
    } catch (const std::exception&) {
      // Another process has failed; it says so itself.
    }
  }

  int rank() const override { return place_.rank; }
  int size() const override { return place_.size; }

  void sum(torch::Tensor& tensor) override { begin_sum(tensor)(); }

  std::function<void()> begin_sum(torch::Tensor& tensor) override {
    std::vector<at::Tensor> tensors = {tensor};
    auto work = or_say_why([&] { return group_->allreduce(tensors); });
    return [work] { or_say_why([&] { work->wait(); }); };
  }

  void broadcast(torch::Tensor& tensor) override {
    std::vector<at::Tensor> tensors = {tensor};
    or_say_why([&] { group_->broadcast(tensors)->wait(); });
  }

  std::vector<std::string> gather(const std::string& bytes) override {
    auto lengths = torch::zeros({size()}, torch::dtype(torch::kInt64).device(device_));
    lengths[rank()] = static_cast<int64_t>(bytes.size());
    sum(lengths);
    lengths = lengths.cpu();
    const auto longest = std::max<int64_t>(lengths.max().item<int64_t>(), 1);
    auto mine = torch::zeros({longest}, torch::kUInt8);
    std::memcpy(mine.data_ptr(), bytes.data(), bytes.size());
    std::vector<at::Tensor> inputs = {mine.to(device_)};
    std::vector<std::vector<at::Tensor>> outputs(1);
    for (int r = 0; r < size(); ++r) outputs[0].push_back(torch::empty_like(inputs[0]));
    or_say_why([&] { group_->allgather(outputs, inputs)->wait(); });
    std::vector<std::string> all;
    for (int r = 0; r < size(); ++r) {
      const auto theirs = outputs[0][static_cast<size_t>(r)].cpu();
      all.emplace_back(static_cast<const char*>(theirs.data_ptr()),
                       static_cast<size_t>(lengths[r].item<int64_t>()));
    }
    return all;
  }

 private:
  const Place place_;
  const torch::Device device_;
  const int exceptions_ = std::uncaught_exceptions();
  c10::intrusive_ptr<c10d::Store> store_;
  c10::intrusive_ptr<Group> group_;
};

#endif  // BONAFIDE_GLOO

}  // namespace

std::unique_ptr<Communicator> join(const Place& place, [[maybe_unused]] torch::Device device) {
  if (place.size == 1) return std::make_unique<Alone>();
#ifdef BONAFIDE_GLOO
  return std::make_unique<Joined>(place, device);
#else
  throw Error(
      "the environment asks for several processes, but this program was built without Gloo");
#endif
}

}  // namespace bonafide
