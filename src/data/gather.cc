// Gathering rows into flat vectors: AppendRows, AppendValues, AppendRange, AppendNulls. Nested
// values recurse with row lists of their own (RowSet), whose memory comes from the pool.
#include <algorithm>
#include <cstring>

#include "data/batch.h"

namespace thalweg {
namespace {

struct RangeRows {
  int first;
  int operator[](int i) const { return first + i; }
};

/// Which rows of a vector: a range, u16 row numbers of a selection, or int32 row numbers.
struct RowSet {
  int count = 0;
  int first = 0;
  const RowIndex* narrow = nullptr;
  const int32_t* wide = nullptr;

  bool is_range() const { return narrow == nullptr && wide == nullptr; }
  template <class F>
  void Visit(F&& f) const {
    if (narrow != nullptr) return f(narrow);
    if (wide != nullptr) return f(wide);
    f(RangeRows{first});
  }
};

void Gather(const Vector& from, const RowSet& rows, Vector* to);
void GatherFlat(const Vector& from, const RowSet& rows, Vector* to);
void GatherConstant(const Vector& from, int count, Vector* to);
void GatherDictionary(const Vector& from, const RowSet& rows, Vector* to);
void GatherValidity(const Vector& from, const RowSet& rows, Vector* to);
void GatherLists(const Vector& from, const RowSet& rows, Vector* to);
void GatherStrings(const Vector& from, const RowSet& rows, Vector* to);
void AppendKinds(const Batch& from, const Selection& rows, int at, Batch* to);

RowSet SetOf(const Selection& rows) {
  return {rows.count, 0, rows.rows, nullptr};
}

}  // namespace

void AppendRows(const Batch& from, const Selection& rows, Batch* to) {
  THALWEG_DCHECK(!to->has_selection(), "rows are appended to dense batches only");
  const int at = to->physical_rows();
  if (rows.count == 0) return;
  if (at == 0) {
    RowOrigin origin = from.origin();
    origin.position += rows[0];
    to->SetOrigin(origin);
  }
  for (int i = 0; i < from.column_count(); ++i) {
    Vector& column = to->mutable_column(i);
    column.Reserve(std::max(at + rows.count, kBatchRows));
    AppendValues(from.column(i), rows, &column);
  }
  to->SetRowCount(at + rows.count);
  if (from.has_row_kinds() || to->has_row_kinds()) AppendKinds(from, rows, at, to);
}

void AppendValues(const Vector& from, const Selection& rows, Vector* to) {
  if (to->type() == nullptr) to->ResetFlat(from.type(), 0);
  Gather(from, SetOf(rows), to);
}

void AppendRange(const Vector& from, int start, int count, Vector* to) {
  if (to->type() == nullptr) to->ResetFlat(from.type(), 0);
  Gather(from, RowSet{count, start, nullptr, nullptr}, to);
}

void AppendValuesAt(const Vector& from, const int32_t* rows, int count, Vector* to) {
  if (to->type() == nullptr) to->ResetFlat(from.type(), 0);
  Gather(from, RowSet{count, 0, nullptr, rows}, to);
}

void AppendNulls(int count, Vector* to) {
  if (count == 0) return;
  const int at = to->size();
  to->Reserve(at + count);
  const PhysicalKind kind = to->physical();
  if (const int width = PhysicalWidth(kind); width > 0) {
    std::memset(to->mutable_values<char>() + static_cast<size_t>(at) * width, 0,
                static_cast<size_t>(count) * width);
  } else if (kind == PhysicalKind::kList || kind == PhysicalKind::kMap) {
    int32_t* offsets = to->mutable_offsets();
    std::fill_n(offsets + at + 1, count, offsets[at]);
  } else {
    for (int i = 0; i < to->child_count(); ++i) AppendNulls(count, &to->mutable_child(i));
  }
  uint64_t* validity = to->mutable_validity();
  for (int i = at; i < at + count; ++i) validity[i >> 6] &= ~(1ull << (i & 63));
  to->SetSize(at + count);
}

namespace {

void AppendKinds(const Batch& from, const Selection& rows, int at, Batch* to) {
  const bool first = !to->has_row_kinds();
  RowKind* kinds = to->MutableRowKinds();  // holds a full batch: growing keeps what is there
  if (first) std::fill_n(kinds, at, RowKind::kInsert);
  for (int i = 0; i < rows.count; ++i) kinds[at + i] = from.row_kind(rows[i]);
}

void Gather(const Vector& from, const RowSet& rows, Vector* to) {
  THALWEG_DCHECK(to->is_flat() && from.physical() == to->physical(), "types do not fit");
  if (rows.count == 0) return;
  switch (from.encoding()) {
    case Encoding::kFlat:
      return GatherFlat(from, rows, to);
    case Encoding::kConstant:
      return GatherConstant(from, rows.count, to);
    case Encoding::kDictionary:
      return GatherDictionary(from, rows, to);
  }
}

template <class T>
void GatherFixed(const Vector& from, const RowSet& rows, Vector* to) {
  const T* source = from.values<T>();
  T* target = to->mutable_values<T>() + to->size();
  if (rows.is_range()) {
    std::memcpy(target, source + rows.first, sizeof(T) * rows.count);
    return;
  }
  rows.Visit([&](auto row) {
    for (int i = 0; i < rows.count; ++i) target[i] = source[row[i]];
  });
}

void GatherFlat(const Vector& from, const RowSet& rows, Vector* to) {
  to->Reserve(to->size() + rows.count);
  GatherValidity(from, rows, to);
  switch (from.physical()) {
    case PhysicalKind::kNull:
      break;
    case PhysicalKind::kBool:
    case PhysicalKind::kInt8:
      GatherFixed<uint8_t>(from, rows, to);
      break;
    case PhysicalKind::kInt16:
      GatherFixed<uint16_t>(from, rows, to);
      break;
    case PhysicalKind::kInt32:
    case PhysicalKind::kFloat:
      GatherFixed<uint32_t>(from, rows, to);
      break;
    case PhysicalKind::kInt64:
    case PhysicalKind::kDouble:
      GatherFixed<uint64_t>(from, rows, to);
      break;
    case PhysicalKind::kInt128:
    case PhysicalKind::kInterval:
      GatherFixed<unsigned __int128>(from, rows, to);
      break;
    case PhysicalKind::kString:
      GatherStrings(from, rows, to);
      break;
    case PhysicalKind::kList:
    case PhysicalKind::kMap:
      GatherLists(from, rows, to);
      break;
    case PhysicalKind::kStruct:
    case PhysicalKind::kVariant:
      for (int i = 0; i < from.child_count(); ++i) {
        Gather(from.child(i), rows, &to->mutable_child(i));
      }
      break;
  }
  to->SetSize(to->size() + rows.count);
}

void GatherConstant(const Vector& from, int count, Vector* to) {
  if (from.IsNull(0)) return AppendNulls(count, to);
  Buffer zeros = Buffer::Allocate(sizeof(int32_t) * count);
  std::memset(zeros.data(), 0, sizeof(int32_t) * count);
  GatherFlat(from, RowSet{count, 0, nullptr, zeros.as<int32_t>()}, to);
}

void GatherDictionary(const Vector& from, const RowSet& rows, Vector* to) {
  if (from.child(0).size() == 0) return AppendNulls(rows.count, to);  // no row can be valid
  Buffer buffer = Buffer::Allocate(sizeof(int32_t) * rows.count);
  int32_t* entries = buffer.as<int32_t>();
  const int32_t* indices = from.values<int32_t>();
  rows.Visit([&](auto row) {
    if (!from.may_have_nulls()) {
      for (int i = 0; i < rows.count; ++i) entries[i] = indices[row[i]];
    } else {
      for (int i = 0; i < rows.count; ++i) entries[i] = from.IsNull(row[i]) ? 0 : indices[row[i]];
    }
  });
  const int at = to->size();
  GatherFlat(from.child(0), RowSet{rows.count, 0, nullptr, entries}, to);
  if (!from.may_have_nulls()) return;
  rows.Visit([&](auto row) {
    for (int i = 0; i < rows.count; ++i) {
      if (from.IsNull(row[i])) to->SetNull(at + i);
    }
  });
}

void SetValid(uint64_t* validity, int at, int count) {
  for (int i = at; i < at + count; ++i) validity[i >> 6] |= 1ull << (i & 63);
}

bool Bit(const uint64_t* words, int i) {
  return words[i >> 6] >> (i & 63) & 1;
}

template <class Rows>
uint64_t ReadBits(const uint64_t* source, Rows row, int first, int count) {
  uint64_t word = 0;
  for (int k = 0; k < count; ++k) word |= uint64_t{Bit(source, row[first + k])} << k;
  return word;
}

// Bits behind `count` are garbage.
uint64_t ReadBits(const uint64_t* source, RangeRows rows, int first, int count) {
  const int at = rows[first];
  const int bit = at & 63;
  const uint64_t low = source[at >> 6] >> bit;
  return bit + count <= 64 ? low : low | source[(at >> 6) + 1] << (64 - bit);
}

// Builds whole words of the target and merges each where it belongs.
void GatherValidity(const Vector& from, const RowSet& rows, Vector* to) {
  const int at = to->size();
  const uint64_t* source = from.validity();
  if (source == nullptr) {
    if (to->may_have_nulls()) SetValid(to->mutable_validity(), at, rows.count);
    return;
  }
  uint64_t* target = to->mutable_validity();
  rows.Visit([&](auto row) {
    for (int i = 0; i < rows.count;) {
      const int bit = (at + i) & 63;
      const int take = std::min(64 - bit, rows.count - i);
      const uint64_t word = ReadBits(source, row, i, take);
      const uint64_t mask = (take == 64 ? ~0ull : (1ull << take) - 1) << bit;
      uint64_t& out = target[(at + i) >> 6];
      out = (out & ~mask) | (word << bit & mask);
      i += take;
    }
  });
}

// Elements of the chosen lists, as one range where they lie side by side.
void GatherLists(const Vector& from, const RowSet& rows, Vector* to) {
  const int32_t* source = from.offsets();
  int32_t* target = to->mutable_offsets() + to->size();
  const uint64_t* validity = from.validity();
  int32_t end = target[0];
  rows.Visit([&](auto row) {
    for (int i = 0; i < rows.count; ++i) {
      const int r = row[i];
      if (validity == nullptr || Bit(validity, r)) end += source[r + 1] - source[r];
      target[i + 1] = end;
    }
  });
  RowSet elements{end - target[0], 0, nullptr, nullptr};
  Buffer buffer;
  if (rows.is_range() && source[rows.first + rows.count] - source[rows.first] == elements.count) {
    elements.first = source[rows.first];
  } else {
    buffer = Buffer::Allocate(sizeof(int32_t) * elements.count);
    int32_t* out = buffer.as<int32_t>();
    rows.Visit([&](auto row) {
      for (int i = 0; i < rows.count; ++i) {
        const int32_t length = target[i + 1] - target[i];
        for (int32_t k = 0; k < length; ++k) *out++ = source[row[i]] + k;
      }
    });
    elements.wide = buffer.as<int32_t>();
  }
  for (int i = 0; i < from.child_count(); ++i) {
    Gather(from.child(i), elements, &to->mutable_child(i));
  }
}

// True where holding from's blocks costs little beside the strings in them, or nothing more than
// `to` holds already.
bool BlocksAreWellUsed(const Vector& from, int64_t long_bytes, const Vector& to) {
  constexpr int64_t kBlockBytesPerByteMax = 4;
  int64_t block_bytes = 0;
  for (const Buffer& block : from.owners()) {
    const auto& held = to.owners();
    if (std::find(held.begin(), held.end(), block) == held.end()) block_bytes += block.capacity();
  }
  return block_bytes <= kBlockBytesPerByteMax * long_bytes;
}

void GatherStrings(const Vector& from, const RowSet& rows, Vector* to) {
  const StringView* source = from.values<StringView>();
  StringView* target = to->mutable_values<StringView>() + to->size();
  const uint64_t* validity = from.validity();
  int64_t long_bytes = 0;
  rows.Visit([&](auto row) {
    for (int i = 0; i < rows.count; ++i) {
      target[i] = source[row[i]];
      if (validity != nullptr && !Bit(validity, row[i])) target[i] = StringView();
      long_bytes += target[i].is_inline() ? 0 : target[i].size();
    }
  });
  if (long_bytes == 0) return;
  if (BlocksAreWellUsed(from, long_bytes, *to)) {
    to->AddOwnersOf(from);
  } else {
    to->OwnStrings(to->size(), to->size() + rows.count);
  }
}

}  // namespace
}  // namespace thalweg
