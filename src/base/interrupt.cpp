#include "base/interrupt.h"

#include <csignal>

namespace bonafide {

namespace {

volatile std::sig_atomic_t requested = 0;

void request(int) {
  requested = 1;
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

}  // namespace

void watch_for_interrupts() {
  requested = 0;
  struct sigaction action {};
  action.sa_handler = request;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return requested != 0; }

}  // namespace bonafide
