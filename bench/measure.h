// Measuring: passes of several programs over the same input, in turn, so that a slow minute of the
// machine hits all of them; the best pass counts, and how far the others were from it is shown.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace thalweg {

/// What one pass took, on the wall and on all CPUs of this process.
struct Cost {
  double seconds = 0;
  double cpu_seconds = 0;
};

/// The passes of one program.
struct Series {
  std::vector<Cost> passes;
  /// Of the fastest pass.
  Cost Best() const;
  /// Median over best, minus 1.
  double Noise() const;
};

struct Program {
  std::function<void()> run;
  /// Before each pass, not timed; may be empty.
  std::function<void()> prepare = {};
};

Cost TimeOnce(const std::function<void()>& body);

double WallSeconds();

/// Seconds on the wall only: asking for CPU time costs a system call.
template <class Body>
double TimeOnceWall(Body body) {
  const double begin = WallSeconds();
  body();
  return WallSeconds() - begin;
}

/// Runs each program once a round, in the given order.
std::vector<Series> Interleave(int rounds, const std::vector<Program>& programs);

/// The largest resident size since ResetPeakMemory (since the start, where the system cannot
/// reset).
int64_t PeakMemoryBytes();
void ResetPeakMemory();

/// Ends the program with a message when a benchmark's own check fails: it would measure nonsense.
void Require(bool holds, const char* what);

}  // namespace thalweg
