#include <cstring>
#include <type_traits>

#include "data/copy_bytes.h"
#include "data/row_codec.h"
#include "data/varint.h"

namespace thalweg {
namespace {

/// A column of the rows at hand: row i is values[index[i]] of a flat vector, if it is not null.
struct Slot {
  const Vector* values = nullptr;
  const int32_t* index = nullptr;
  const uint8_t* nulls = nullptr;  // nullptr: none
};

/// Writes nested values and measures them, one by one.
class ValueWriter {
 public:
  explicit ValueWriter(bool normalize_floats) : normalize_floats_(normalize_floats) {}
  /// Of a flat vector's row that is not null.
  uint32_t Size(const Vector& vector, int row) const;
  uint8_t* Write(const Vector& vector, int row, uint8_t* out) const;

 private:
  uint32_t ElementSize(const Vector& vector, int row) const;
  uint8_t* WriteElement(const Vector& vector, int row, uint8_t* out) const;
  const bool normalize_floats_;
};

// The flat vector and row behind any encoding.
const Vector& Flat(const Vector& vector, int* row) {
  if (vector.is_constant()) *row = 0;
  if (vector.encoding() != Encoding::kDictionary) return vector;
  *row = vector.values<int32_t>()[*row];
  return vector.child(0);
}

template <class T>
T Normal(T value, bool normalize_floats) {
  if constexpr (std::is_floating_point_v<T>)
    return normalize_floats ? NormalizeFloat(value) : value;
  return value;
}

template <class F>
void VisitFixed(PhysicalKind kind, F&& f) {
  switch (kind) {
    case PhysicalKind::kBool:
    case PhysicalKind::kInt8:
      return f(uint8_t());
    case PhysicalKind::kInt16:
      return f(uint16_t());
    case PhysicalKind::kInt32:
      return f(uint32_t());
    case PhysicalKind::kInt64:
      return f(uint64_t());
    case PhysicalKind::kFloat:
      return f(float());
    case PhysicalKind::kDouble:
      return f(double());
    default:
      static_assert(sizeof(unsigned __int128) == sizeof(CalendarInterval));
      return f(static_cast<unsigned __int128>(0));
  }
}

bool IsStruct(PhysicalKind kind) {
  return kind == PhysicalKind::kStruct || kind == PhysicalKind::kVariant;
}
bool IsList(PhysicalKind kind) {
  return kind == PhysicalKind::kList || kind == PhysicalKind::kMap;
}

}  // namespace

struct RowEncoder::Rep {
  Rep(std::vector<TypePtr> column_types, bool normalize)
      : types(std::move(column_types)), normalize_floats(normalize), writer(normalize) {
    int slot_count = 0;
    for (const TypePtr& type : types) slot_count += CountRowSlots(*type);
    null_bytes = (slot_count + 7) / 8;
  }

  template <class T>
  T* Scratch(int n) {
    if (scratch_used == scratch.size()) scratch.emplace_back();
    Buffer& buffer = scratch[scratch_used++];
    buffer.EnsureUnique(sizeof(T) * n);
    return buffer.as<T>();
  }

  void AddSlots(const Vector& column, const int32_t* rows, const uint8_t* parent_nulls);
  const int32_t* Resolve(const Vector& column, const int32_t* rows, const uint8_t* nulls);
  const uint8_t* ResolveNulls(const Vector& column, const int32_t* rows, const uint8_t* parent);
  bool Measure(const Slot& slot);
  void WriteFixedRows(StringView* out);
  void WriteRows(StringView* out);
  void Write(int slot_number);
  template <class WriteOne>
  void WriteEach(const Slot& slot, WriteOne write);

  const std::vector<TypePtr> types;
  const bool normalize_floats;
  const ValueWriter writer;
  int null_bytes = 0;
  int count = 0;
  std::vector<Slot> slots;
  std::vector<Buffer> scratch;  // reused from call to call, in the same order
  size_t scratch_used = 0;
  uint32_t fixed_bytes = 0;  // of every row
  uint32_t* lengths = nullptr;
  uint8_t** starts = nullptr;
  uint8_t** cursors = nullptr;
  Buffer arena;
};

RowEncoder::RowEncoder(std::vector<TypePtr> types, bool normalize_floats)
    : rep_(std::make_unique<Rep>(std::move(types), normalize_floats)) {}
RowEncoder::~RowEncoder() = default;
RowEncoder::RowEncoder(RowEncoder&&) noexcept = default;

const StringView* RowEncoder::Encode(const Vector* const* columns, const Selection& rows) {
  Rep& rep = *rep_;
  const int n = rows.count;
  rep.count = n;
  rep.scratch_used = 0;
  rep.slots.clear();
  int32_t* row_numbers = rep.Scratch<int32_t>(n);
  for (int i = 0; i < n; ++i) row_numbers[i] = rows[i];
  for (size_t c = 0; c < rep.types.size(); ++c) rep.AddSlots(*columns[c], row_numbers, nullptr);

  rep.fixed_bytes = rep.null_bytes;
  rep.lengths = rep.Scratch<uint32_t>(n);
  std::memset(rep.lengths, 0, sizeof(uint32_t) * n);
  bool fixed = true;
  for (const Slot& slot : rep.slots) fixed &= rep.Measure(slot);
  StringView* out = rep.Scratch<StringView>(n);
  if (fixed) {
    rep.WriteFixedRows(out);
  } else {
    rep.WriteRows(out);
  }
  return out;
}

void RowEncoder::Rep::AddSlots(const Vector& column, const int32_t* rows,
                               const uint8_t* parent_nulls) {
  const uint8_t* nulls = ResolveNulls(column, rows, parent_nulls);
  const int32_t* index = Resolve(column, rows, nulls);
  const Vector& values = column.encoding() == Encoding::kDictionary ? column.child(0) : column;
  slots.push_back({&values, index, nulls});
  if (!IsStruct(column.physical())) return;
  for (int i = 0; i < values.child_count(); ++i) AddSlots(values.child(i), index, nulls);
}

// Row numbers in the flat vector behind `column`; 0 where it is null, lest a wild index be
// followed.
const int32_t* RowEncoder::Rep::Resolve(const Vector& column, const int32_t* rows,
                                        const uint8_t* nulls) {
  if (column.is_flat()) return rows;
  int32_t* index = Scratch<int32_t>(count);
  if (column.is_constant()) {
    std::memset(index, 0, sizeof(int32_t) * count);
    return index;
  }
  const int32_t* entries = column.values<int32_t>();
  for (int i = 0; i < count; ++i) {
    index[i] = nulls != nullptr && nulls[i] != 0 ? 0 : entries[rows[i]];
  }
  return index;
}

const uint8_t* RowEncoder::Rep::ResolveNulls(const Vector& column, const int32_t* rows,
                                             const uint8_t* parent) {
  const bool all_null =
      column.physical() == PhysicalKind::kNull || (column.is_constant() && column.IsNull(0));
  if (!all_null && (column.is_constant() || !column.may_have_nulls())) return parent;
  uint8_t* nulls = Scratch<uint8_t>(count);
  if (all_null) {
    std::memset(nulls, 1, count);
    return nulls;
  }
  const uint64_t* validity = column.validity();
  for (int i = 0; i < count; ++i) {
    nulls[i] = static_cast<uint8_t>(~validity[rows[i] >> 6] >> (rows[i] & 63) & 1);
  }
  for (int i = 0; parent != nullptr && i < count; ++i) nulls[i] |= parent[i];
  return nulls;
}

// Adds the slot's bytes to fixed_bytes (true) or, where rows differ, to lengths.
bool RowEncoder::Rep::Measure(const Slot& slot) {
  const PhysicalKind kind = slot.values->physical();
  const uint8_t* nulls = slot.nulls;
  const int n = count;
  uint32_t* const out = lengths;
  if (kind == PhysicalKind::kNull || IsStruct(kind)) return nulls == nullptr;
  if (kind == PhysicalKind::kString) {
    const StringView* values = slot.values->values<StringView>();
    for (int i = 0; i < n; ++i) {
      if (nulls != nullptr && nulls[i] != 0) continue;
      const uint32_t length = values[slot.index[i]].size();
      out[i] += VarintBytes(length) + length;
    }
    return false;
  }
  if (IsList(kind)) {
    for (int i = 0; i < n; ++i) {
      if (nulls != nullptr && nulls[i] != 0) continue;
      out[i] += writer.Size(*slot.values, slot.index[i]);
    }
    return false;
  }
  const uint32_t width = PhysicalWidth(kind);
  if (nulls == nullptr) {
    fixed_bytes += width;
    return true;
  }
  for (int i = 0; i < n; ++i) out[i] += nulls[i] != 0 ? 0 : width;
  return false;
}

// All rows have the same length and no nulls: the places of all values are known.
void RowEncoder::Rep::WriteFixedRows(StringView* out) {
  const int n = count;
  const size_t stride = fixed_bytes;
  arena.EnsureUnique(stride * n);
  uint8_t* at = arena.data();
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < null_bytes; ++k) at[i * stride + k] = 0;
  }
  at += null_bytes;
  for (const Slot& slot : slots) {
    const PhysicalKind kind = slot.values->physical();
    if (IsStruct(kind)) continue;
    VisitFixed(kind, [&](auto zero) {
      using T = decltype(zero);
      const T* values = slot.values->values<T>();
      const int32_t* index = slot.index;
      const bool normalize = normalize_floats;
      for (int i = 0; i < n; ++i) {
        const T value = Normal(values[index[i]], normalize);
        std::memcpy(at + i * stride, &value, sizeof(T));
      }
    });
    at += PhysicalWidth(kind);
  }
  const char* begin = arena.as<char>();
  for (int i = 0; i < n; ++i) out[i] = StringView(begin + i * stride, stride);
}

void RowEncoder::Rep::WriteRows(StringView* out) {
  const int n = count;
  starts = Scratch<uint8_t*>(n);
  cursors = Scratch<uint8_t*>(n);
  size_t total = 0;
  for (int i = 0; i < n; ++i) total += fixed_bytes + lengths[i];
  arena.EnsureUnique(total);
  uint8_t* top = arena.data();
  for (int i = 0; i < n; ++i) {
    starts[i] = top;
    cursors[i] = top + null_bytes;
    top += fixed_bytes + lengths[i];
  }
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < null_bytes; ++k) starts[i][k] = 0;
  }
  for (size_t slot = 0; slot < slots.size(); ++slot) Write(static_cast<int>(slot));
  for (int i = 0; i < n; ++i) {
    out[i] = StringView(reinterpret_cast<const char*>(starts[i]), fixed_bytes + lengths[i]);
  }
}

void RowEncoder::Rep::Write(int slot_number) {
  const Slot& slot = slots[slot_number];
  if (slot.nulls != nullptr) {
    for (int i = 0; i < count; ++i) {
      starts[i][slot_number >> 3] |= static_cast<uint8_t>(slot.nulls[i] << (slot_number & 7));
    }
  }
  const PhysicalKind kind = slot.values->physical();
  if (kind == PhysicalKind::kNull || IsStruct(kind)) return;
  if (kind == PhysicalKind::kString) {
    const StringView* values = slot.values->values<StringView>();
    WriteEach(slot, [values](int row, uint8_t* at) {
      const uint32_t length = values[row].size();
      at = WriteVarint(length, at);
      CopyBytes(values[row].data(), length, at);
      return at + length;
    });
  } else if (IsList(kind)) {
    WriteEach(slot, [&](int row, uint8_t* at) { return writer.Write(*slot.values, row, at); });
  } else {
    VisitFixed(kind, [&](auto zero) {
      using T = decltype(zero);
      const T* values = slot.values->values<T>();
      WriteEach(slot, [values, normalize = normalize_floats](int row, uint8_t* at) {
        const T value = Normal(values[row], normalize);
        std::memcpy(at, &value, sizeof(T));
        return at + sizeof(T);
      });
    });
  }
}

// Bytes may alias anything: what the loop reads again and again is kept in locals.
template <class WriteOne>
void RowEncoder::Rep::WriteEach(const Slot& slot, WriteOne write) {
  uint8_t** const ends = cursors;
  const int32_t* const index = slot.index;
  const uint8_t* const nulls = slot.nulls;
  const int n = count;
  if (nulls == nullptr) {
    for (int i = 0; i < n; ++i) ends[i] = write(index[i], ends[i]);
  } else {
    for (int i = 0; i < n; ++i) {
      if (nulls[i] == 0) ends[i] = write(index[i], ends[i]);
    }
  }
}

namespace {

uint32_t ValueWriter::ElementSize(const Vector& vector, int row) const {
  if (vector.IsNull(row)) return 1;
  const Vector& flat = Flat(vector, &row);
  return 1 + Size(flat, row);
}

uint8_t* ValueWriter::WriteElement(const Vector& vector, int row, uint8_t* out) const {
  const bool null = vector.IsNull(row);
  *out++ = null ? 0 : 1;
  if (null) return out;
  const Vector& flat = Flat(vector, &row);
  return Write(flat, row, out);
}

uint32_t ValueWriter::Size(const Vector& vector, int row) const {
  const PhysicalKind kind = vector.physical();
  uint32_t size = 0;
  if (kind == PhysicalKind::kString) {
    const uint32_t length = vector.values<StringView>()[row].size();
    return VarintBytes(length) + length;
  }
  if (IsStruct(kind)) {
    for (int c = 0; c < vector.child_count(); ++c) size += ElementSize(vector.child(c), row);
    return size;
  }
  if (!IsList(kind)) return PhysicalWidth(kind);
  const int32_t begin = vector.offsets()[row], end = vector.offsets()[row + 1];
  size = VarintBytes(end - begin);
  for (int32_t i = begin; i < end; ++i) {
    for (int c = 0; c < vector.child_count(); ++c) size += ElementSize(vector.child(c), i);
  }
  return size;
}

uint8_t* ValueWriter::Write(const Vector& vector, int row, uint8_t* out) const {
  const PhysicalKind kind = vector.physical();
  if (kind == PhysicalKind::kString) {
    const StringView& value = vector.values<StringView>()[row];
    out = WriteVarint(value.size(), out);
    std::memcpy(out, value.data(), value.size());
    return out + value.size();
  }
  if (IsStruct(kind)) {
    for (int c = 0; c < vector.child_count(); ++c) out = WriteElement(vector.child(c), row, out);
    return out;
  }
  if (IsList(kind)) {
    const int32_t begin = vector.offsets()[row], end = vector.offsets()[row + 1];
    out = WriteVarint(end - begin, out);
    for (int32_t i = begin; i < end; ++i) {
      for (int c = 0; c < vector.child_count(); ++c) out = WriteElement(vector.child(c), i, out);
    }
    return out;
  }
  VisitFixed(kind, [&](auto zero) {
    using T = decltype(zero);
    const T value = Normal(vector.values<T>()[row], normalize_floats_);
    std::memcpy(out, &value, sizeof(T));
    out += sizeof(T);
  });
  return out;
}

}  // namespace
}  // namespace thalweg
