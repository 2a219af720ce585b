// Report: the figures of a run, each beside its limit and its gate; printed as a table while they
// come, kept for the results file (Markdown and JSON) with the command and the machine.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "measure.h"

namespace thalweg {

/// What a figure must reach. `of_limit`: its ratio to the limit program, else the figure itself.
struct Gate {
  bool at_least = true;
  double bound = 0;
  bool of_limit = false;
};

struct Figure {
  static constexpr double kNone = NAN;

  std::string name;                // "int64 keys, 100 k, warm"
  std::string unit;                // of value and limits: "M rows/s", "µs"
  double value = kNone;            // best pass
  double noise = kNone;            // median over best, minus 1
  double limit = kNone;            // the limit program with what the operator must do, too (B)
  double limit_a = kNone;          // the freer limit program, for information
  double cpu_per_million = kNone;  // CPU seconds per million events
  double state_mb = kNone;         // reserved by state, at its peak
  std::optional<Gate> gate = {};
  std::string remark = {};

  bool passed() const;
  /// Value to limit where more is better; for times too (a ratio below 1 is slower than the limit).
  double ratio() const;
};

/// Throughput of `rows` rows per pass, from the best pass.
Figure Throughput(std::string name, double rows, const Series& series);
double MillionsPerSecond(double rows, const Series& series);

class Report {
 public:
  Report(std::string command, int rounds) : command_(std::move(command)), rounds_(rounds) {}

  /// Begins a case: prints its heading, resets the peak of memory.
  void Begin(const std::string& title, const std::string& explanation);
  void Add(Figure figure);
  bool all_passed() const;
  int rounds() const { return rounds_; }

  /// Both write what was added so far. False when the file cannot be written.
  bool WriteMarkdown(const std::string& path) const;
  bool WriteJson(const std::string& path) const;

 private:
  struct Section {
    std::string title;
    std::string explanation;
    std::vector<Figure> figures;
    double peak_mb = 0;  // of the process, while this case ran
  };
  const std::string command_;
  const int rounds_;
  std::vector<Section> sections_;
};

}  // namespace thalweg
