// The system's futex: sleep while a word has a value, wake who sleeps on it. Thread-safe; waking an
// address whose object is gone is harmless, and every sleeper must expect to be woken for nothing.
#pragma once

#include <atomic>
#include <cstdint>

namespace thalweg {

/// Sleeps while `word` == `expected`, at most `timeout_ns` (< 0: no limit).
void FutexWait(std::atomic<uint32_t>& word, uint32_t expected, int64_t timeout_ns = -1);
void FutexWake(std::atomic<uint32_t>* word, int count);

/// Spins until `done()` or about 20 µs are over; the last value of done().
template <class Done>
bool SpinBriefly(Done done);

namespace detail {
int64_t SpinClockNs();
}

template <class Done>
bool SpinBriefly(Done done) {
  constexpr int64_t kSpinNs = 20'000;
  const int64_t end_ns = detail::SpinClockNs() + kSpinNs;
  do {
    for (int i = 0; i < 16; ++i) {
      if (done()) return true;
#if defined(__x86_64__)
      __builtin_ia32_pause();
#endif
    }
  } while (detail::SpinClockNs() < end_ns);
  return done();
}

}  // namespace thalweg
