#include "base/mapping_guard.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <utility>

namespace bonafide {

// Read by a signal handler: atomics without locks, in memory that never goes away.
struct WatchedStretch {
  std::atomic<bool> taken = false;
  std::atomic<uintptr_t> begin = 0;  // 0: not watched
  std::atomic<uintptr_t> end = 0;
  std::atomic<bool> lost = false;
};

namespace {

static_assert(std::atomic<uintptr_t>::is_always_lock_free &&
              std::atomic<bool>::is_always_lock_free);

std::array<WatchedStretch, 1024> stretches;
uintptr_t page_size = 0;
struct sigaction former {};

bool zeros_from(uintptr_t address, WatchedStretch& stretch) {
  const uintptr_t page = address / page_size * page_size;
  const uintptr_t end = stretch.end.load();
  stretch.lost = true;
  return ::mmap(reinterpret_cast<void*>(page), end - page, PROT_READ,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
}

void recover(int, siginfo_t* info, void*) {
  const int kept_errno = errno;
  const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  for (WatchedStretch& stretch : stretches) {
    const uintptr_t begin = stretch.begin.load();
    if (begin == 0 || address < begin || address >= stretch.end.load()) continue;
    if (!zeros_from(address, stretch)) break;
    errno = kept_errno;
    return;  // and the read happens again
  }
  ::sigaction(SIGBUS, &former, nullptr);  // not ours: the read fails again, as it would have
  errno = kept_errno;
}

void watch_for_lost_pages() {
  static const bool done = [] {
    page_size = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
    struct sigaction action {};
    action.sa_sigaction = recover;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    return ::sigaction(SIGBUS, &action, &former) == 0;
  }();
  static_cast<void>(done);
}

}  // namespace

MappingGuard::MappingGuard(const void* address, size_t size) {
  watch_for_lost_pages();
  const auto begin = reinterpret_cast<uintptr_t>(address);
  for (WatchedStretch& stretch : stretches) {
    if (stretch.taken.exchange(true)) continue;
    stretch.lost = false;
    stretch.end = begin + (size + page_size - 1) / page_size * page_size;
    stretch.begin = begin;
    stretch_ = &stretch;
    return;
  }
}

MappingGuard::~MappingGuard() {
  if (stretch_ == nullptr) return;
  stretch_->begin = 0;
  stretch_->taken = false;
}

MappingGuard::MappingGuard(MappingGuard&& other) noexcept
    : stretch_(std::exchange(other.stretch_, nullptr)) {}

MappingGuard& MappingGuard::operator=(MappingGuard&& other) noexcept {
  std::swap(stretch_, other.stretch_);
  return *this;
}

bool MappingGuard::lost() const { return stretch_ != nullptr && stretch_->lost; }

}  // namespace bonafide
