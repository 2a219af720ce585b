// What is printed of a run: a table per corpus, differences if they are asked for, and the counts.
#pragma once

#include <string>
#include <vector>

#include "cases.h"
#include "verdict.h"

namespace thalweg {

struct PlayedCase {
  const Case* played = nullptr;
  Verdict verdict;
};

/// The tables and the notes; with `verbose` also each case that did not pass and why.
void PrintReport(const std::vector<PlayedCase>& cases, bool verbose);
/// "wrong N, unsupported N" and "N passed, N failed".
void PrintCounts(const std::vector<PlayedCase>& cases);

/// The names of the cases that passed, sorted, one a line.
Status WritePassing(const std::vector<PlayedCase>& cases, const std::string& path);
/// Compares with such a list and prints what is wrong or lost and the count of tests, the listed
/// cases. False if something is.
Result<bool> CheckPassing(const std::vector<PlayedCase>& cases, const std::string& path);

}  // namespace thalweg
