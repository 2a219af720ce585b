#include "functions/spark_hash.h"

#include <xxhash.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <string>

#include "data/value.h"
#include "functions/value_order.h"

namespace thalweg {
namespace {

uint32_t MixK1(uint32_t k) {
  return std::rotl(k * 0xcc9e2d51u, 15) * 0x1b873593u;
}
uint32_t MixH1(uint32_t h, uint32_t k) {
  return std::rotl(h ^ k, 13) * 5 + 0xe6546b64u;
}
uint32_t Finish(uint32_t h, uint32_t length) {
  h ^= length;
  h ^= h >> 16;
  h *= 0x85ebca6bu;
  h ^= h >> 13;
  h *= 0xc2b2ae35u;
  return h ^ h >> 16;
}

struct Murmur3 {
  using Hash = uint32_t;
  static Hash Int(uint32_t value, Hash seed) { return Murmur3Int(value, seed); }
  static Hash Long(uint64_t value, Hash seed) { return Murmur3Long(value, seed); }
  static Hash Bytes(std::string_view bytes, Hash seed) { return Murmur3Bytes(bytes, seed); }
};

struct XxHash64 {
  using Hash = uint64_t;
  static Hash Int(uint32_t value, Hash seed) { return XXH64(&value, sizeof value, seed); }
  static Hash Long(uint64_t value, Hash seed) { return XXH64(&value, sizeof value, seed); }
  static Hash Bytes(std::string_view bytes, Hash seed) {
    return XXH64(bytes.data(), bytes.size(), seed);
  }
};

/// BigInteger.toByteArray: big endian, as few bytes as hold the sign.
std::string MinimalBytes(int128_t value) {
  std::string bytes;
  for (int shift = 120; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  size_t skip = 0;
  while (skip < 15 && bytes[skip] == (bytes[skip + 1] < 0 ? '\xff' : '\0')) ++skip;
  return bytes.substr(skip);
}

// NaN is one value, and so is zero.
uint32_t FloatBits(float value) {
  if (std::isnan(value)) return 0x7fc00000u;
  return value == 0 ? 0 : std::bit_cast<uint32_t>(value);
}
uint64_t DoubleBits(double value) {
  if (std::isnan(value)) return 0x7ff8000000000000ull;
  return value == 0 ? 0 : std::bit_cast<uint64_t>(value);
}

template <class H>
typename H::Hash HashScalar(const Vector& vector, int row, typename H::Hash seed) {
  const auto as_int = [&](int32_t value) { return H::Int(static_cast<uint32_t>(value), seed); };
  switch (vector.physical()) {
    case PhysicalKind::kBool:
      return H::Int(vector.values<uint8_t>()[row] != 0, seed);
    case PhysicalKind::kInt8:
      return as_int(vector.values<int8_t>()[row]);
    case PhysicalKind::kInt16:
      return as_int(vector.values<int16_t>()[row]);
    case PhysicalKind::kInt32:
      return as_int(vector.values<int32_t>()[row]);
    case PhysicalKind::kFloat:
      return H::Int(FloatBits(vector.values<float>()[row]), seed);
    case PhysicalKind::kDouble:
      return H::Long(DoubleBits(vector.values<double>()[row]), seed);
    case PhysicalKind::kInt64:
      return H::Long(static_cast<uint64_t>(vector.values<int64_t>()[row]), seed);
    case PhysicalKind::kInt128:
      return H::Bytes(MinimalBytes(vector.values<int128_t>()[row]), seed);
    case PhysicalKind::kInterval: {
      const CalendarInterval& interval = vector.values<CalendarInterval>()[row];
      const auto micros = H::Long(static_cast<uint64_t>(interval.us), seed);
      return H::Int(static_cast<uint32_t>(interval.months),
                    H::Int(static_cast<uint32_t>(interval.days), micros));
    }
    default: {
      const StringView text = vector.values<StringView>()[row];
      return H::Bytes(text.view(), seed);
    }
  }
}

template <class H>
typename H::Hash HashValue(const Vector& vector, int row, typename H::Hash seed) {
  if (vector.IsNull(row)) return seed;
  const ValuePlace place = FindValue(vector, row);
  const Vector& flat = *place.vector;
  switch (flat.physical()) {
    case PhysicalKind::kStruct:
      for (int i = 0; i < flat.child_count(); ++i) {
        seed = HashValue<H>(flat.child(i), place.row, seed);
      }
      return seed;
    case PhysicalKind::kList:
    case PhysicalKind::kMap:
      for (int k = flat.offsets()[place.row]; k < flat.offsets()[place.row + 1]; ++k) {
        for (int i = 0; i < flat.child_count(); ++i) seed = HashValue<H>(flat.child(i), k, seed);
      }
      return seed;
    default:
      return HashScalar<H>(flat, place.row, seed);
  }
}

}  // namespace

uint32_t Murmur3Int(uint32_t value, uint32_t seed) {
  return Finish(MixH1(seed, MixK1(value)), 4);
}

uint32_t Murmur3Long(uint64_t value, uint32_t seed) {
  const uint32_t low = MixH1(seed, MixK1(static_cast<uint32_t>(value)));
  return Finish(MixH1(low, MixK1(static_cast<uint32_t>(value >> 32))), 8);
}

uint32_t Murmur3Bytes(std::string_view bytes, uint32_t seed) {
  size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    uint32_t word = 0;
    std::memcpy(&word, bytes.data() + at, 4);
    seed = MixH1(seed, MixK1(word));
  }
  for (; at < bytes.size(); ++at) {
    const auto signed_byte = static_cast<int32_t>(static_cast<int8_t>(bytes[at]));
    seed = MixH1(seed, MixK1(static_cast<uint32_t>(signed_byte)));
  }
  return Finish(seed, static_cast<uint32_t>(bytes.size()));
}

uint32_t Murmur3Of(const Vector& vector, int row, uint32_t seed) {
  return HashValue<Murmur3>(vector, row, seed);
}

uint64_t XxHash64Of(const Vector& vector, int row, uint64_t seed) {
  return HashValue<XxHash64>(vector, row, seed);
}

}  // namespace thalweg
