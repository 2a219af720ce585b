// WideInteger: an unsigned number of 384 bits, for intermediate values of DECIMAL arithmetic.
// Results must fit (products of three 38-digit numbers do). Pure values, any thread.
#pragma once

#include <array>
#include <cstdint>

namespace thalweg {

struct WideInteger {
  static constexpr int kWords = 12;
  std::array<uint32_t, kWords> words{};  // lowest first

  static WideInteger Of(unsigned __int128 value);
  unsigned __int128 low128() const;
  bool is_zero() const;
  /// Words up to the highest that is not 0.
  int length() const;
};

int Compare(const WideInteger& a, const WideInteger& b);
WideInteger Add(const WideInteger& a, const WideInteger& b);
/// a >= b
WideInteger Subtract(const WideInteger& a, const WideInteger& b);
WideInteger Multiply(const WideInteger& a, unsigned __int128 b);
/// `b` is not 0.
WideInteger Divide(const WideInteger& a, const WideInteger& b, WideInteger* remainder);

}  // namespace thalweg
