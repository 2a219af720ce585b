#include "functions/vectors.h"

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "base/check.h"
#include "data/batch.h"

namespace thalweg {
namespace {

using int128_t = __int128;

constexpr uint64_t kLowBitOfEachByte = 0x0101010101010101ull;

// For each byte of bits, the positions of its ones, ascending.
struct PositionTable {
  alignas(64) std::array<std::array<RowIndex, 8>, 256> positions{};
  constexpr PositionTable() {
    for (int byte = 0; byte < 256; ++byte) {
      int n = 0;
      for (int bit = 0; bit < 8; ++bit) {
        if (byte >> bit & 1) positions[byte][n++] = static_cast<RowIndex>(bit);
      }
    }
  }
};
constexpr PositionTable kOnes;

/// Appends first + each position of a one in `byte`; writes eight entries in any case.
int AppendOnes(uint32_t byte, int first, RowIndex* out, int count) {
  const __m128i positions =
      _mm_load_si128(reinterpret_cast<const __m128i*>(kOnes.positions[byte].data()));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out + count),
                   _mm_add_epi16(positions, _mm_set1_epi16(static_cast<short>(first))));
  return count + __builtin_popcount(byte);
}

bool Bit(const uint64_t* bits, int row) {
  return bits[row >> 6] >> (row & 63) & 1;
}

template <class T>
void CopyValues(const Vector& from, const Selection& rows, Vector* to) {
  T* out = to->mutable_values<T>();
  const T* values = from.values<T>();
  if (from.is_constant()) {
    const T value = values[0];
    ForEachRow(rows, [&](int r) { out[r] = value; });
  } else if (from.is_flat()) {
    ForEachRow(rows, [&](int r) { out[r] = values[r]; });
  } else {
    const int32_t* indices = from.values<int32_t>();
    const T* entries = from.child(0).values<T>();
    if (from.may_have_nulls()) {
      ForEachRow(rows, [&](int r) { out[r] = from.IsNull(r) ? T() : entries[indices[r]]; });
    } else {
      ForEachRow(rows, [&](int r) { out[r] = entries[indices[r]]; });
    }
  }
}

struct Bytes16 {
  uint64_t words[2];
};

/// Calls f with a reader of one side: r -> value.
template <class T, class F>
void WithReader(const Vector& vector, F&& f) {
  const T* values = vector.values<T>();
  if (vector.is_constant()) {
    f([value = values[0]](int) { return value; });
  } else {
    f([values](int r) { return values[r]; });
  }
}

template <class T>
void BlendValues(const Vector& taken, const Vector& yes, const Vector& no, Vector* out) {
  T* __restrict result = out->mutable_values<T>();
  const uint8_t* take = taken.values<uint8_t>();
  const int rows = taken.size();
  WithReader<T>(yes, [&](auto a) {
    WithReader<T>(no, [&](auto b) {
      for (int r = 0; r < rows; ++r) result[r] = take[r] ? a(r) : b(r);
    });
  });
}

void CopyPhysical(const Vector& from, const Selection& rows, Vector* to) {
  switch (PhysicalWidth(from.physical())) {
    case 0:
      THALWEG_CHECK(from.physical() == PhysicalKind::kNull, "nested values cannot be put in place");
      return;
    case 1:
      return CopyValues<uint8_t>(from, rows, to);
    case 2:
      return CopyValues<uint16_t>(from, rows, to);
    case 4:
      return CopyValues<uint32_t>(from, rows, to);
    case 8:
      return CopyValues<uint64_t>(from, rows, to);
    default:
      if (from.physical() != PhysicalKind::kString) return CopyValues<int128_t>(from, rows, to);
      to->AddOwnersOf(from);
      return CopyValues<StringView>(from, rows, to);
  }
}

}  // namespace

void Flatten(const Vector& from, const Selection& rows, Vector* out) {
  out->ResetFlat(from.type(), from.size());
  if (CanCopyRows(*from.type())) {
    CopyRows(from, rows, out);
    return;
  }
  out->ResetFlat(from.type(), 0);  // nested: every row, in order
  AppendValues(from, Selection::All(from.size()), out);
}

bool CanCopyRows(const DataType& type) {
  return PhysicalWidth(type.physical()) > 0 || type.physical() == PhysicalKind::kNull;
}

void CopyRows(const Vector& from, const Selection& rows, Vector* to) {
  if (from.is_constant() && from.IsNull(0)) {
    ForEachRow(rows, [&](int r) { to->SetNull(r); });
    return;
  }
  CopyPhysical(from, rows, to);
  if (from.may_have_nulls() && !from.is_constant()) {
    const uint64_t* valid = from.validity();
    uint64_t* out = to->mutable_validity();
    ForEachRow(rows, [&](int r) {
      const uint64_t bit = 1ull << (r & 63);
      out[r >> 6] = (out[r >> 6] & ~bit) | (valid[r >> 6] & bit);
    });
  } else if (to->may_have_nulls()) {
    uint64_t* out = to->mutable_validity();
    ForEachRow(rows, [&](int r) { out[r >> 6] |= 1ull << (r & 63); });
  }
}

int SelectTrue(const Vector& condition, const Selection& rows, RowIndex* out) {
  if (condition.is_constant()) {
    if (condition.IsNull(0) || condition.values<uint8_t>()[0] == 0) return 0;
    return SelectBits(nullptr, true, rows, out);
  }
  int count = 0;
  if (condition.encoding() == Encoding::kDictionary) {
    ForEachRow(rows, [&](int r) {
      out[count] = static_cast<RowIndex>(r);
      count += !condition.IsNull(r) && condition.Get<uint8_t>(r) != 0;
    });
    return count;
  }
  const uint8_t* values = condition.values<uint8_t>();
  const uint64_t* valid = condition.validity();
  if (!rows.all()) {
    for (int i = 0; i < rows.count; ++i) {
      const RowIndex r = rows.rows[i];
      out[count] = r;
      count += (values[r] & 1) & (valid == nullptr || Bit(valid, r));
    }
    return count;
  }
  int r = 0;
  for (; r + 8 <= rows.count; r += 8) {
    uint64_t eight;
    std::memcpy(&eight, values + r, 8);
    uint32_t ones = static_cast<uint32_t>(_pext_u64(eight, kLowBitOfEachByte));
    if (valid != nullptr) ones &= static_cast<uint32_t>(valid[r >> 6] >> (r & 63)) & 0xFF;
    count = AppendOnes(ones, r, out, count);
  }
  for (; r < rows.count; ++r) {
    out[count] = static_cast<RowIndex>(r);
    count += (values[r] & 1) & (valid == nullptr || Bit(valid, r));
  }
  return count;
}

int SelectBits(const uint64_t* bits, bool wanted, const Selection& rows, RowIndex* out) {
  int count = 0;
  ForEachRow(rows, [&](int r) {
    out[count] = static_cast<RowIndex>(r);
    count += (bits == nullptr || Bit(bits, r)) == wanted;
  });
  return count;
}

int SelectOthers(const Selection& rows, RowIndex* without, int without_count, RowIndex* out) {
  without[without_count] = std::numeric_limits<RowIndex>::max();
  int count = 0;
  int next = 0;
  ForEachRow(rows, [&](int r) {
    const bool left_out = without[next] == r;
    out[count] = static_cast<RowIndex>(r);
    count += !left_out;
    next += left_out;
  });
  return count;
}

void Blend(const Vector& taken, const Vector& yes, const Vector& no, Vector* out) {
  out->ResetFlat(yes.type(), taken.size());
  switch (PhysicalWidth(yes.physical())) {
    case 1:
      BlendValues<uint8_t>(taken, yes, no, out);
      break;
    case 2:
      BlendValues<uint16_t>(taken, yes, no, out);
      break;
    case 4:
      BlendValues<uint32_t>(taken, yes, no, out);
      break;
    case 8:
      BlendValues<uint64_t>(taken, yes, no, out);
      break;
    default:
      BlendValues<Bytes16>(taken, yes, no, out);
      break;
  }
  if (yes.physical() == PhysicalKind::kString) {
    out->AddOwnersOf(yes);
    out->AddOwnersOf(no);
  }
  if (!yes.may_have_nulls() && !no.may_have_nulls()) return;
  uint64_t* valid = out->mutable_validity();
  for (int w = 0; w < ValidityWords(taken.size()); ++w) {
    const uint64_t bits = ReadBits(taken, w).value;
    valid[w] = (bits & ValidBits(yes, w)) | (~bits & ValidBits(no, w));
  }
}

uint64_t ValidBits(const Vector& vector, int word) {
  if (vector.is_constant()) return vector.IsNull(0) ? 0 : ~0ull;
  return vector.may_have_nulls() ? vector.validity()[word] : ~0ull;
}

BoolBits ReadBits(const Vector& vector, int word) {
  if (vector.is_constant()) {
    if (vector.IsNull(0)) return {0, 0};
    return {vector.values<uint8_t>()[0] != 0 ? ~0ull : 0ull, ~0ull};
  }
  BoolBits bits{0, vector.may_have_nulls() ? vector.validity()[word] : ~0ull};
  const uint8_t* values = vector.values<uint8_t>() + word * 64;
  const int bytes = std::min(64, vector.size() - word * 64);
  for (int i = 0; i < bytes; i += 8) {  // up to seven bytes of padding are read
    uint64_t eight;
    std::memcpy(&eight, values + i, 8);
    bits.value |= static_cast<uint64_t>(_pext_u64(eight, kLowBitOfEachByte)) << i;
  }
  return bits;
}

void WriteBits(const BoolBits& bits, int word, Vector* out) {
  uint8_t* values = out->mutable_values<uint8_t>() + word * 64;
  const int bytes = std::min(64, out->size() - word * 64);
  int i = 0;
  for (; i + 8 <= bytes; i += 8) {
    const uint64_t eight = _pdep_u64(bits.value >> i, kLowBitOfEachByte);
    std::memcpy(values + i, &eight, 8);
  }
  for (; i < bytes; ++i) values[i] = bits.value >> i & 1;
  if (~bits.valid != 0 || out->may_have_nulls()) out->mutable_validity()[word] = bits.valid;
}

}  // namespace thalweg
