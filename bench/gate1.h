// The cases of `thalweg-bench gate1`: the numbers of gate 1, each beside its limit program.
#pragma once

#include <string>

#include "base/env.h"
#include "report.h"

namespace thalweg {

struct BenchContext {
  Env& env;
  std::string directory;  // for logs and checkpoints; the case makes and removes what it needs
  int64_t keys_max;       // larger sizes are left out (for a quick look)
};

struct BenchCase {
  const char* name;
  const char* what;
  void (*run)(const BenchContext& context, Report& report);
};

void KeyedInt64(const BenchContext& context, Report& report);
void KeyedInt64Cold(const BenchContext& context, Report& report);
void KeyedStrings(const BenchContext& context, Report& report);
void SlidingCount(const BenchContext& context, Report& report);
void Epochs(const BenchContext& context, Report& report);
void Workers(const BenchContext& context, Report& report);

inline constexpr BenchCase kGate1Cases[] = {
    {"int64", "keyed count over int64 keys, warm", KeyedInt64},
    {"cold", "keyed count over int64 keys that are all new", KeyedInt64Cold},
    {"strings", "keyed count over 20-byte strings, warm", KeyedStrings},
    {"sliding", "sliding count by slices, append mode", SlidingCount},
    {"epochs", "an epoch without rows and with 100 rows, log included", Epochs},
    {"workers", "the ordered exchange on one and two workers", Workers},
};

}  // namespace thalweg
