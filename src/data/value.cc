#include "data/value.h"

#include <bit>
#include <cmath>

#include "data/batch.h"

namespace thalweg {
namespace {

// Elements [begin, end) of the children: keys and values alternate in a map.
Value::List ListElements(const Vector& vector, int row) {
  Value::List list;
  const int begin = vector.offsets()[row];
  const int end = vector.offsets()[row + 1];
  for (int i = begin; i < end; ++i) {
    for (int c = 0; c < vector.child_count(); ++c) list.push_back(GetValue(vector.child(c), i));
  }
  return list;
}

Value::List Fields(const Vector& vector, int row) {
  Value::List list;
  for (int c = 0; c < vector.child_count(); ++c) list.push_back(GetValue(vector.child(c), row));
  return list;
}

template <class T>
void Append(T value, Vector* vector) {
  const int row = vector->size();
  vector->Reserve(row + 1);
  if (vector->may_have_nulls()) vector->mutable_validity()[row >> 6] |= 1ull << (row & 63);
  vector->mutable_values<T>()[row] = value;
  vector->SetSize(row + 1);
}

void AppendText(const std::string& text, Vector* vector) {
  Append(StringView(), vector);
  vector->SetString(vector->size() - 1, text);
}

void AppendList(const Value::List& list, Vector* vector) {
  const int row = vector->size();
  const int stride = vector->child_count();
  for (size_t i = 0; i < list.size(); ++i) AppendValue(list[i], &vector->mutable_child(i % stride));
  vector->Reserve(row + 1);
  if (vector->may_have_nulls()) vector->mutable_validity()[row >> 6] |= 1ull << (row & 63);
  vector->mutable_offsets()[row + 1] = vector->child(0).size();
  vector->SetSize(row + 1);
}

void AppendStruct(const Value::List& list, Vector* vector) {
  const int row = vector->size();
  for (size_t i = 0; i < list.size(); ++i) AppendValue(list[i], &vector->mutable_child(i));
  vector->Reserve(row + 1);
  if (vector->may_have_nulls()) vector->mutable_validity()[row >> 6] |= 1ull << (row & 63);
  vector->SetSize(row + 1);
}

}  // namespace

int128_t Value::int128() const {
  const int64_t* narrow = std::get_if<int64_t>(&data_);
  return narrow != nullptr ? int128_t{*narrow} : std::get<int128_t>(data_);
}

bool Value::operator==(const Value& other) const {
  if (!(*type_ == *other.type_)) return false;
  const double* a = std::get_if<double>(&data_);
  const double* b = std::get_if<double>(&other.data_);
  if (a == nullptr || b == nullptr) return data_ == other.data_;
  if (std::isnan(*a) || std::isnan(*b)) return std::isnan(*a) && std::isnan(*b);
  return std::bit_cast<uint64_t>(*a) == std::bit_cast<uint64_t>(*b);
}

Value GetValue(const Vector& vector, int row) {
  const TypePtr& type = vector.type();
  if (vector.IsNull(row)) return Value(type);
  if (vector.encoding() == Encoding::kDictionary) {
    return GetValue(vector.child(0), vector.values<int32_t>()[row]);
  }
  const int i = vector.is_constant() ? 0 : row;
  switch (vector.physical()) {
    case PhysicalKind::kNull:
      return Value(type);
    case PhysicalKind::kBool:
      return {type, vector.values<uint8_t>()[i] != 0};
    case PhysicalKind::kInt8:
      return {type, int64_t{vector.values<int8_t>()[i]}};
    case PhysicalKind::kInt16:
      return {type, int64_t{vector.values<int16_t>()[i]}};
    case PhysicalKind::kInt32:
      return {type, int64_t{vector.values<int32_t>()[i]}};
    case PhysicalKind::kInt64:
      return {type, vector.values<int64_t>()[i]};
    case PhysicalKind::kInt128:
      return {type, vector.values<int128_t>()[i]};
    case PhysicalKind::kFloat:
      return {type, double{vector.values<float>()[i]}};
    case PhysicalKind::kDouble:
      return {type, vector.values<double>()[i]};
    case PhysicalKind::kString:
      return {type, std::string(vector.values<StringView>()[i].view())};
    case PhysicalKind::kInterval:
      return {type, vector.values<CalendarInterval>()[i]};
    case PhysicalKind::kList:
    case PhysicalKind::kMap:
      return {type, ListElements(vector, i)};
    case PhysicalKind::kStruct:
    case PhysicalKind::kVariant:
      return {type, Fields(vector, i)};
  }
  return Value(type);
}

void AppendValue(const Value& value, Vector* vector) {
  if (value.is_null()) return AppendNulls(1, vector);
  switch (vector->physical()) {
    case PhysicalKind::kNull:
      return AppendNulls(1, vector);
    case PhysicalKind::kBool:
      return Append<uint8_t>(value.boolean(), vector);
    case PhysicalKind::kInt8:
      return Append(static_cast<int8_t>(value.int64()), vector);
    case PhysicalKind::kInt16:
      return Append(static_cast<int16_t>(value.int64()), vector);
    case PhysicalKind::kInt32:
      return Append(static_cast<int32_t>(value.int64()), vector);
    case PhysicalKind::kInt64:
      return Append(static_cast<int64_t>(value.int128()), vector);
    case PhysicalKind::kInt128:
      return Append(value.int128(), vector);
    case PhysicalKind::kFloat:
      return Append(static_cast<float>(value.float64()), vector);
    case PhysicalKind::kDouble:
      return Append(value.float64(), vector);
    case PhysicalKind::kString:
      return AppendText(value.text(), vector);
    case PhysicalKind::kInterval:
      return Append(value.interval(), vector);
    case PhysicalKind::kList:
    case PhysicalKind::kMap:
      return AppendList(value.list(), vector);
    case PhysicalKind::kStruct:
    case PhysicalKind::kVariant:
      return AppendStruct(value.list(), vector);
  }
}

void MakeConstant(const Value& value, int size, Vector* out) {
  if (value.is_null()) return out->ResetNull(value.type(), size);
  out->ResetFlat(value.type(), 0);
  AppendValue(value, out);
  out->RepeatFirst(size);
}

}  // namespace thalweg
