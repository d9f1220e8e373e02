#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

namespace bonafide {

// Makes items 0 .. count-1 on `threads` worker threads and hands them out in order, never more than
// `ahead` of the reader: bounded memory, and the same order whatever the number of threads.
// `make(i)` runs on a worker and must not throw: trouble with one item is part of the item.
// Starts fewer threads when there is work for fewer, or when the system gives no more.
template <typename Item>
class OrderedPipeline {
 public:
  OrderedPipeline(size_t count, size_t threads, size_t ahead, std::function<Item(size_t)> make)
      : count_(count), ahead_(ahead < 1 ? 1 : ahead), make_(std::move(make)) {
    const size_t useful = std::max<size_t>(1, std::min({threads, count_, ahead_}));
    while (workers_.size() < useful && start_worker()) {
    }
  }

  ~OrderedPipeline() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  OrderedPipeline(const OrderedPipeline&) = delete;
  OrderedPipeline& operator=(const OrderedPipeline&) = delete;

  // The next item, or nothing after the last.
  std::optional<Item> next() {
    std::unique_lock lock(mutex_);
    if (given_ == count_) return std::nullopt;
    changed_.wait(lock, [this] { return ready_.count(given_) > 0; });
    auto node = ready_.extract(given_++);
    changed_.notify_all();
    return std::move(node.mapped());
  }

 private:
  bool start_worker() {
    try {
      workers_.emplace_back([this] { work(); });
      return true;
    } catch (const std::system_error&) {
      if (workers_.empty()) throw;
      return false;
    }
  }

  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stop_ || taken_ == count_ || taken_ < given_ + ahead_; });
      if (stop_ || taken_ == count_) return;
      const size_t index = taken_++;
      lock.unlock();
      Item item = make_(index);
      lock.lock();
      ready_.emplace(index, std::move(item));
      changed_.notify_all();
    }
  }

  const size_t count_;
  const size_t ahead_;
  const std::function<Item(size_t)> make_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<size_t, Item> ready_;
  size_t taken_ = 0;  // items that a worker has begun
  size_t given_ = 0;  // items handed out
  bool stop_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace bonafide
