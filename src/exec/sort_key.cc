#include "exec/sort_key.h"

#include <cstring>

#include "data/row_codec.h"

namespace thalweg {
namespace {

void AppendValue(const Vector& vector, int row, std::string* out);
void AppendElement(const Vector& vector, int row, std::string* out);

/// The flat vector and row behind any encoding.
const Vector& Flat(const Vector& vector, int* row) {
  if (vector.is_constant()) *row = 0;
  if (vector.encoding() != Encoding::kDictionary) return vector;
  *row = vector.values<int32_t>()[*row];
  return vector.child(0);
}

}  // namespace

void SortKeyEncoder::Append(const Vector* const* columns, int row, std::string* out) const {
  for (size_t i = 0; i < directions_.size(); ++i) {
    const SortDirection& direction = directions_[i];
    if (columns[i]->IsNull(row)) {
      out->push_back(direction.nulls_first ? 0 : 2);
      continue;
    }
    out->push_back(1);
    const size_t at = out->size();
    int flat_row = row;
    const Vector& flat = Flat(*columns[i], &flat_row);
    AppendValue(flat, flat_row, out);
    if (direction.ascending) continue;
    for (size_t byte = at; byte < out->size(); ++byte) (*out)[byte] = ~(*out)[byte];
  }
}

const char* SortKeyEncoder::WhyNot(const DataType& type) {
  if (type.Is(TypeKind::kMap)) return "sorting by MAP";
  if (type.Is(TypeKind::kVariant)) return "sorting by VARIANT";
  if (type.Is(TypeKind::kCalendarInterval)) return "sorting by INTERVAL";
  if (type.Is(TypeKind::kString) && !type.IsBinaryCollated()) {
    return "sorting by a string with a collation";
  }
  for (const StructField& field : type.fields()) {
    if (const char* why = WhyNot(*field.type)) return why;
  }
  return nullptr;
}

namespace {

template <class T>
void AppendBigEndian(T value, std::string* out) {
  char bytes[sizeof(T)];
  for (int i = static_cast<int>(sizeof(T)) - 1; i >= 0; --i) {
    bytes[i] = static_cast<char>(value);
    if constexpr (sizeof(T) > 1) value >>= 8;
  }
  out->append(bytes, sizeof(T));
}

template <class Unsigned>
void AppendSigned(const Vector& vector, int row, std::string* out) {
  constexpr Unsigned kSign = static_cast<Unsigned>(Unsigned{1} << (8 * sizeof(Unsigned) - 1));
  AppendBigEndian(static_cast<Unsigned>(vector.values<Unsigned>()[row] ^ kSign), out);
}

template <class Float, class Bits>
void AppendFloat(const Vector& vector, int row, std::string* out) {
  constexpr Bits kSign = Bits{1} << (8 * sizeof(Bits) - 1);
  const Float value = NormalizeFloat(vector.values<Float>()[row]);
  Bits bits;
  std::memcpy(&bits, &value, sizeof(bits));
  AppendBigEndian((bits & kSign) != 0 ? ~bits : bits | kSign, out);
}

void AppendString(const StringView& text, std::string* out) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (const void* found = at == end ? nullptr : std::memchr(at, 0, end - at)) {
    const char* const zero = static_cast<const char*>(found);
    out->append(at, zero + 1);
    out->push_back('\xFF');
    at = zero + 1;
  }
  out->append(at, end);
  out->append(2, '\0');
}

void AppendList(const Vector& list, int row, std::string* out) {
  const int32_t* offsets = list.offsets();
  for (int32_t i = offsets[row]; i < offsets[row + 1]; ++i) {
    out->push_back(1);
    AppendElement(list.child(0), i, out);
  }
  out->push_back(0);
}

/// Of a flat vector's row that is not null.
void AppendValue(const Vector& vector, int row, std::string* out) {
  switch (vector.physical()) {
    case PhysicalKind::kBool:
      return out->push_back(static_cast<char>(vector.values<uint8_t>()[row]));
    case PhysicalKind::kInt8:
      return AppendSigned<uint8_t>(vector, row, out);
    case PhysicalKind::kInt16:
      return AppendSigned<uint16_t>(vector, row, out);
    case PhysicalKind::kInt32:
      return AppendSigned<uint32_t>(vector, row, out);
    case PhysicalKind::kInt64:
      return AppendSigned<uint64_t>(vector, row, out);
    case PhysicalKind::kInt128:
      return AppendSigned<unsigned __int128>(vector, row, out);
    case PhysicalKind::kFloat:
      return AppendFloat<float, uint32_t>(vector, row, out);
    case PhysicalKind::kDouble:
      return AppendFloat<double, uint64_t>(vector, row, out);
    case PhysicalKind::kString:
      return AppendString(vector.values<StringView>()[row], out);
    case PhysicalKind::kList:
      return AppendList(vector, row, out);
    case PhysicalKind::kStruct:
      for (int i = 0; i < vector.child_count(); ++i) AppendElement(vector.child(i), row, out);
      return;
    case PhysicalKind::kNull:
    case PhysicalKind::kInterval:
    case PhysicalKind::kMap:
    case PhysicalKind::kVariant:
      THALWEG_CHECK(false, "a type without an order is sorted by");
  }
}

void AppendElement(const Vector& vector, int row, std::string* out) {
  if (vector.IsNull(row)) return out->push_back(0);
  out->push_back(1);
  const Vector& flat = Flat(vector, &row);
  AppendValue(flat, row, out);
}

}  // namespace
}  // namespace thalweg
