#include <cstring>

#include "data/row_codec.h"
#include "data/varint.h"

namespace thalweg {
namespace {

bool IsStruct(PhysicalKind kind) {
  return kind == PhysicalKind::kStruct || kind == PhysicalKind::kVariant;
}

/// Reads rows column by column: every row has a place where its next value begins.
class ColumnReader {
 public:
  ColumnReader(const StringView* rows, int count, int at, int null_bytes);
  bool ReadColumn(Vector* column);
  bool at_end() const;

 private:
  static bool Bit(const uint8_t* bytes, int bit) { return bytes[bit >> 3] >> (bit & 7) & 1; }
  bool IsNull(int i) const { return any_null_ && Bit(starts_[i], slot_); }
  void FindNulls(Vector* column);
  bool ReadFixed(int width, Vector* column);
  bool ReadStrings(Vector* column);
  bool ReadLists(Vector* column);

  const int count_;
  const int at_;
  Buffer buffer_;
  const uint8_t** starts_;
  const uint8_t** cursors_;
  const uint8_t** ends_;
  int slot_ = 0;
  bool any_null_ = false;  // in the slot that is being read
};

ColumnReader::ColumnReader(const StringView* rows, int count, int at, int null_bytes)
    : count_(count), at_(at), buffer_(Buffer::Allocate(3 * sizeof(uint8_t*) * count)) {
  starts_ = buffer_.as<const uint8_t*>();
  cursors_ = starts_ + count;
  ends_ = cursors_ + count;
  for (int i = 0; i < count; ++i) {
    starts_[i] = reinterpret_cast<const uint8_t*>(rows[i].data());
    cursors_[i] = starts_[i] + null_bytes;
    ends_[i] = starts_[i] + rows[i].size();
  }
}

bool ColumnReader::at_end() const {
  for (int i = 0; i < count_; ++i) {
    if (cursors_[i] != ends_[i]) return false;
  }
  return true;
}

bool ColumnReader::ReadColumn(Vector* column) {
  column->Reserve(at_ + count_);
  if (column->size() < at_ + count_) column->SetSize(at_ + count_);
  const PhysicalKind kind = column->physical();
  FindNulls(column);
  if (IsStruct(kind)) {
    ++slot_;
    for (int c = 0; c < column->child_count(); ++c) {
      if (!ReadColumn(&column->mutable_child(c))) return false;
    }
    return true;
  }
  bool ok = true;
  if (kind == PhysicalKind::kString) {
    ok = ReadStrings(column);
  } else if (kind == PhysicalKind::kList || kind == PhysicalKind::kMap) {
    ok = ReadLists(column);
  } else if (const int width = PhysicalWidth(kind); width > 0) {
    ok = ReadFixed(width, column);
  }
  ++slot_;
  return ok;
}

void ColumnReader::FindNulls(Vector* column) {
  const uint8_t mask = static_cast<uint8_t>(1 << (slot_ & 7));
  uint8_t any = 0;
  for (int i = 0; i < count_; ++i) any |= starts_[i][slot_ >> 3];
  any_null_ = (any & mask) != 0;
  for (int i = 0; any_null_ && i < count_; ++i) {
    if (Bit(starts_[i], slot_)) column->SetNull(at_ + i);
  }
}

bool ColumnReader::ReadFixed(int width, Vector* column) {
  const auto read = [&](auto zero) {
    using T = decltype(zero);
    T* const out = column->mutable_values<T>() + at_;
    const uint8_t** const cursors = cursors_;
    const uint8_t* const* const ends = ends_;
    const bool any_null = any_null_;
    const int n = count_;
    for (int i = 0; i < n; ++i) {
      if (any_null && IsNull(i)) {
        out[i] = 0;
        continue;
      }
      if (static_cast<size_t>(ends[i] - cursors[i]) < sizeof(T)) return false;
      std::memcpy(&out[i], cursors[i], sizeof(T));
      cursors[i] += sizeof(T);
    }
    return true;
  };
  switch (width) {
    case 1:
      return read(uint8_t());
    case 2:
      return read(uint16_t());
    case 4:
      return read(uint32_t());
    case 8:
      return read(uint64_t());
    default:
      return read(static_cast<unsigned __int128>(0));
  }
}

// First views into the rows, then one copy of all long strings.
bool ColumnReader::ReadStrings(Vector* column) {
  StringView* out = column->mutable_values<StringView>() + at_;
  for (int i = 0; i < count_; ++i) {
    out[i] = StringView();
    if (IsNull(i)) continue;
    uint32_t length = 0;
    const uint8_t* p = ReadVarint(cursors_[i], ends_[i], &length);
    if (p == nullptr || static_cast<size_t>(ends_[i] - p) < length) return false;
    out[i] = StringView(reinterpret_cast<const char*>(p), length);
    cursors_[i] = p + length;
  }
  column->OwnStrings(at_, at_ + count_);
  return true;
}

const uint8_t* ReadValue(const uint8_t* p, const uint8_t* end, Vector* out);

// Appends one element; nullptr if the bytes do not fit.
const uint8_t* ReadElement(const uint8_t* p, const uint8_t* end, Vector* out) {
  if (p == end || *p > 1) return nullptr;
  if (*p++ == 1) return ReadValue(p, end, out);
  AppendNulls(1, out);
  return p;
}

const uint8_t* ReadElements(const uint8_t* p, const uint8_t* end, Vector* list) {
  uint32_t count = 0;
  p = ReadVarint(p, end, &count);
  for (uint32_t i = 0; i < count && p != nullptr; ++i) {
    for (int c = 0; c < list->child_count() && p != nullptr; ++c) {
      p = ReadElement(p, end, &list->mutable_child(c));
    }
  }
  return p;
}

const uint8_t* ReadValue(const uint8_t* p, const uint8_t* end, Vector* out) {
  const PhysicalKind kind = out->physical();
  const int row = out->size();
  out->Reserve(row + 1);
  out->SetSize(row + 1);
  if (kind == PhysicalKind::kString) {
    uint32_t length = 0;
    p = ReadVarint(p, end, &length);
    if (p == nullptr || static_cast<size_t>(end - p) < length) return nullptr;
    out->SetString(row, {reinterpret_cast<const char*>(p), length});
    return p + length;
  }
  if (kind == PhysicalKind::kList || kind == PhysicalKind::kMap) {
    p = ReadElements(p, end, out);
    out->mutable_offsets()[row + 1] = out->child(0).size();
    return p;
  }
  if (IsStruct(kind)) {
    for (int c = 0; c < out->child_count() && p != nullptr; ++c) {
      p = ReadElement(p, end, &out->mutable_child(c));
    }
    return p;
  }
  const int width = PhysicalWidth(kind);
  if (width == 0 || end - p < width) return nullptr;  // a NULL type has no values
  std::memcpy(out->mutable_values<char>() + static_cast<size_t>(row) * width, p, width);
  return p + width;
}

bool ColumnReader::ReadLists(Vector* column) {
  for (int i = 0; i < count_; ++i) {
    if (!IsNull(i)) {
      cursors_[i] = ReadElements(cursors_[i], ends_[i], column);
      if (cursors_[i] == nullptr) return false;
    }
    column->mutable_offsets()[at_ + i + 1] = column->child(0).size();
  }
  return true;
}

}  // namespace

int CountRowSlots(const DataType& type) {
  if (type.physical() == PhysicalKind::kVariant) return 3;
  if (type.physical() != PhysicalKind::kStruct) return 1;
  int slots = 1;
  for (const StructField& field : type.fields()) slots += CountRowSlots(*field.type);
  return slots;
}

RowDecoder::RowDecoder(std::vector<TypePtr> types) : types_(std::move(types)) {
  int slots = 0;
  for (const TypePtr& type : types_) slots += CountRowSlots(*type);
  null_bytes_ = (slots + 7) / 8;
}

Status RowDecoder::Decode(const StringView* rows, int count, int at, Vector* const* columns) const {
  const auto damaged = [] { return Status::Bug("the bytes of a row do not fit its types"); };
  for (int i = 0; i < count; ++i) {
    if (rows[i].size() < static_cast<uint32_t>(null_bytes_)) return damaged();
  }
  ColumnReader reader(rows, count, at, null_bytes_);
  for (size_t c = 0; c < types_.size(); ++c) {
    if (!reader.ReadColumn(columns[c])) return damaged();
  }
  return reader.at_end() ? Status::OK() : damaged();
}

}  // namespace thalweg
