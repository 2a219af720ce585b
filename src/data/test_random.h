// Random values, types and vectors for tests that compare a kernel with its slow twin. Seeded, the
// same on every machine. Linked into every room's tests; not used by the engine.
#pragma once

#include <cstdint>

#include "data/value.h"

namespace thalweg {

class TestRandom {
 public:
  explicit TestRandom(uint64_t seed) : state_(seed) {}
  uint64_t Next();  // splitmix64
  int Below(int bound) { return static_cast<int>(Next() % static_cast<uint64_t>(bound)); }
  bool OneIn(int n) { return Below(n) == 0; }

 private:
  uint64_t state_;
};

/// A type nested at most `depth` deep.
TypePtr RandomType(TestRandom& random, int depth);
/// A value of `type`, NULL once in `null_one_in` (0: never at the top), with edge cases (extreme
/// numbers, NaN, -0.0, empty and long strings) more often than chance has them. TIMESTAMP and DATE
/// values have years 1 to 9999.
Value RandomValue(const TypePtr& type, TestRandom& random, int null_one_in = 8);
/// A vector of `size` such values, in any of the three encodings.
Vector RandomVector(const TypePtr& type, int size, TestRandom& random, int null_one_in = 8);
Vector RandomFlat(const TypePtr& type, int size, TestRandom& random, int null_one_in = 8);

}  // namespace thalweg
