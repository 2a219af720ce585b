#include "functions/wide_integer.h"

#include "base/check.h"

namespace thalweg {
namespace {

using Words = std::array<uint32_t, WideInteger::kWords + 1>;

WideInteger DivideByWord(const WideInteger& a, uint32_t b, WideInteger* remainder) {
  WideInteger quotient;
  uint64_t rest = 0;
  for (int i = WideInteger::kWords - 1; i >= 0; --i) {
    const uint64_t part = rest << 32 | a.words[i];
    quotient.words[i] = static_cast<uint32_t>(part / b);
    rest = part % b;
  }
  *remainder = WideInteger::Of(rest);
  return quotient;
}

/// `value` shifted left by less than 32 bits.
Words ShiftLeft(const WideInteger& value, int bits) {
  Words shifted{};
  uint64_t carry = 0;
  for (int i = 0; i < WideInteger::kWords; ++i) {
    const uint64_t part = static_cast<uint64_t>(value.words[i]) << bits | carry;
    shifted[i] = static_cast<uint32_t>(part);
    carry = part >> 32;
  }
  shifted[WideInteger::kWords] = static_cast<uint32_t>(carry);
  return shifted;
}

/// One digit of Knuth's algorithm D (TAOCP 4.3.1): subtracts digit * v from u[at …].
uint32_t DivideStep(Words* u, const Words& v, int n, int at) {
  const uint64_t top = static_cast<uint64_t>((*u)[at + n]) << 32 | (*u)[at + n - 1];
  uint64_t digit = top / v[n - 1];
  uint64_t rest = top % v[n - 1];
  while (digit >> 32 != 0 || digit * v[n - 2] > (rest << 32 | (*u)[at + n - 2])) {
    --digit;
    rest += v[n - 1];
    if (rest >> 32 != 0) break;
  }
  int64_t borrow = 0;
  for (int i = 0; i < n; ++i) {
    const uint64_t product = digit * v[i];
    const int64_t part =
        static_cast<int64_t>((*u)[at + i]) - borrow - static_cast<int64_t>(product & 0xFFFFFFFF);
    (*u)[at + i] = static_cast<uint32_t>(part);
    borrow = static_cast<int64_t>(product >> 32) - (part >> 32);
  }
  const int64_t last = static_cast<int64_t>((*u)[at + n]) - borrow;
  (*u)[at + n] = static_cast<uint32_t>(last);
  if (last >= 0) return static_cast<uint32_t>(digit);
  uint64_t carry = 0;  // one too many: add v back
  for (int i = 0; i < n; ++i) {
    carry += static_cast<uint64_t>((*u)[at + i]) + v[i];
    (*u)[at + i] = static_cast<uint32_t>(carry);
    carry >>= 32;
  }
  (*u)[at + n] += static_cast<uint32_t>(carry);
  return static_cast<uint32_t>(digit - 1);
}

}  // namespace

WideInteger WideInteger::Of(unsigned __int128 value) {
  WideInteger wide;
  for (int i = 0; i < 4; ++i) wide.words[i] = static_cast<uint32_t>(value >> (32 * i));
  return wide;
}

unsigned __int128 WideInteger::low128() const {
  unsigned __int128 value = 0;
  for (int i = 3; i >= 0; --i) value = value << 32 | words[i];
  return value;
}

int WideInteger::length() const {
  int length = kWords;
  while (length > 0 && words[length - 1] == 0) --length;
  return length;
}

bool WideInteger::is_zero() const {
  return length() == 0;
}

int Compare(const WideInteger& a, const WideInteger& b) {
  for (int i = WideInteger::kWords - 1; i >= 0; --i) {
    if (a.words[i] != b.words[i]) return a.words[i] < b.words[i] ? -1 : 1;
  }
  return 0;
}

WideInteger Add(const WideInteger& a, const WideInteger& b) {
  WideInteger sum;
  uint64_t carry = 0;
  for (int i = 0; i < WideInteger::kWords; ++i) {
    carry += static_cast<uint64_t>(a.words[i]) + b.words[i];
    sum.words[i] = static_cast<uint32_t>(carry);
    carry >>= 32;
  }
  return sum;
}

WideInteger Subtract(const WideInteger& a, const WideInteger& b) {
  WideInteger difference;
  int64_t borrow = 0;
  for (int i = 0; i < WideInteger::kWords; ++i) {
    const int64_t part = static_cast<int64_t>(a.words[i]) - b.words[i] + borrow;
    difference.words[i] = static_cast<uint32_t>(part);
    borrow = part >> 32;
  }
  THALWEG_DCHECK(borrow == 0, "a difference below zero");
  return difference;
}

WideInteger Multiply(const WideInteger& a, unsigned __int128 b) {
  WideInteger product;
  const WideInteger other = WideInteger::Of(b);
  const int lengths[] = {a.length(), other.length()};
  for (int i = 0; i < lengths[0]; ++i) {
    uint64_t carry = 0;
    for (int j = 0; i + j < WideInteger::kWords; ++j) {
      if (j >= lengths[1] && carry == 0) break;
      const uint64_t factor = j < lengths[1] ? other.words[j] : 0;
      carry += a.words[i] * factor + product.words[i + j];
      product.words[i + j] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    THALWEG_DCHECK(carry == 0, "a product of more than 384 bits");
  }
  return product;
}

WideInteger Divide(const WideInteger& a, const WideInteger& b, WideInteger* remainder) {
  const int n = b.length();
  const int m = a.length() - n;
  WideInteger quotient;
  if (m < 0) {
    *remainder = a;
    return quotient;
  }
  if (a.length() <= 4) {
    *remainder = WideInteger::Of(a.low128() % b.low128());
    return WideInteger::Of(a.low128() / b.low128());
  }
  if (n == 1) return DivideByWord(a, b.words[0], remainder);
  const int shift = __builtin_clz(b.words[n - 1]);
  Words u = ShiftLeft(a, shift);
  const Words v = ShiftLeft(b, shift);
  for (int at = m; at >= 0; --at) quotient.words[at] = DivideStep(&u, v, n, at);
  *remainder = WideInteger();
  for (int i = 0; i < n; ++i) {
    const uint64_t part = static_cast<uint64_t>(u[i + 1]) << 32 | u[i];
    remainder->words[i] = static_cast<uint32_t>(part >> shift);
  }
  return quotient;
}

}  // namespace thalweg
