#include "functions/value_order.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace thalweg {
namespace {

template <class T>
class NumberOrder final : public ValueOrder {
 public:
  int Compare(const Vector& a, int i, const Vector& b, int j) const override {
    const T x = a.Get<T>(i);
    const T y = b.Get<T>(j);
    return x < y ? -1 : x > y;
  }
};

template <class T>
class FloatingOrder final : public ValueOrder {
 public:
  int Compare(const Vector& a, int i, const Vector& b, int j) const override {
    const T x = a.Get<T>(i);
    const T y = b.Get<T>(j);
    if (std::isnan(x) || std::isnan(y)) return int{std::isnan(x)} - int{std::isnan(y)};
    return x < y ? -1 : x > y;
  }
};

class BytesOrder final : public ValueOrder {
 public:
  int Compare(const Vector& a, int i, const Vector& b, int j) const override {
    return a.Get<StringView>(i).Compare(b.Get<StringView>(j));
  }
};

/// VOID: there is no value to compare.
class VoidOrder final : public ValueOrder {
 public:
  int Compare(const Vector&, int, const Vector&, int) const override { return 0; }
};

class ListOrder final : public ValueOrder {
 public:
  explicit ListOrder(ValueOrderPtr element) : element_(std::move(element)) {}
  int Compare(const Vector& a, int i, const Vector& b, int j) const override {
    const ValuePlace x = FindValue(a, i);
    const ValuePlace y = FindValue(b, j);
    const int32_t* x_offsets = x.vector->offsets() + x.row;
    const int32_t* y_offsets = y.vector->offsets() + y.row;
    const int x_length = x_offsets[1] - x_offsets[0];
    const int y_length = y_offsets[1] - y_offsets[0];
    for (int k = 0; k < std::min(x_length, y_length); ++k) {
      const int order = element_->CompareNullsFirst(x.vector->child(0), x_offsets[0] + k,
                                                    y.vector->child(0), y_offsets[0] + k);
      if (order != 0) return order;
    }
    return x_length < y_length ? -1 : x_length > y_length;
  }

 private:
  const ValueOrderPtr element_;
};

class StructOrder final : public ValueOrder {
 public:
  explicit StructOrder(std::vector<ValueOrderPtr> fields) : fields_(std::move(fields)) {}
  int Compare(const Vector& a, int i, const Vector& b, int j) const override {
    const ValuePlace x = FindValue(a, i);
    const ValuePlace y = FindValue(b, j);
    for (size_t f = 0; f < fields_.size(); ++f) {
      const int child = static_cast<int>(f);
      const int order = fields_[f]->CompareNullsFirst(x.vector->child(child), x.row,
                                                      y.vector->child(child), y.row);
      if (order != 0) return order;
    }
    return 0;
  }

 private:
  const std::vector<ValueOrderPtr> fields_;
};

ValueOrderPtr MakeStructOrder(const DataType& type) {
  std::vector<ValueOrderPtr> fields;
  for (const StructField& field : type.fields()) {
    fields.push_back(ValueOrder::Make(*field.type));
    if (fields.back() == nullptr) return nullptr;
  }
  return std::make_shared<StructOrder>(std::move(fields));
}

}  // namespace

ValueOrderPtr ValueOrder::Make(const DataType& type) {
  switch (type.physical()) {
    case PhysicalKind::kNull:
      return std::make_shared<VoidOrder>();
    case PhysicalKind::kBool:
      return std::make_shared<NumberOrder<uint8_t>>();
    case PhysicalKind::kInt8:
      return std::make_shared<NumberOrder<int8_t>>();
    case PhysicalKind::kInt16:
      return std::make_shared<NumberOrder<int16_t>>();
    case PhysicalKind::kInt32:
      return std::make_shared<NumberOrder<int32_t>>();
    case PhysicalKind::kInt64:
      return std::make_shared<NumberOrder<int64_t>>();
    case PhysicalKind::kInt128:
      return std::make_shared<NumberOrder<__int128>>();
    case PhysicalKind::kFloat:
      return std::make_shared<FloatingOrder<float>>();
    case PhysicalKind::kDouble:
      return std::make_shared<FloatingOrder<double>>();
    case PhysicalKind::kString:
      return type.IsBinaryCollated() ? std::make_shared<BytesOrder>() : nullptr;
    case PhysicalKind::kStruct:
      return MakeStructOrder(type);
    case PhysicalKind::kList: {
      ValueOrderPtr element = Make(*type.element());
      return element == nullptr ? nullptr : std::make_shared<ListOrder>(std::move(element));
    }
    case PhysicalKind::kInterval:
    case PhysicalKind::kMap:
    case PhysicalKind::kVariant:
      return nullptr;
  }
  return nullptr;
}

int ValueOrder::CompareNullsFirst(const Vector& a, int i, const Vector& b, int j) const {
  const bool a_null = a.IsNull(i);
  const bool b_null = b.IsNull(j);
  if (a_null || b_null) return int{b_null} - int{a_null};
  return Compare(a, i, b, j);
}

bool HasOrder(const DataType& type) {
  switch (type.physical()) {
    case PhysicalKind::kInterval:
    case PhysicalKind::kMap:
    case PhysicalKind::kVariant:
      return false;
    case PhysicalKind::kList:
    case PhysicalKind::kStruct:
      return std::all_of(type.fields().begin(), type.fields().end(),
                         [](const StructField& field) { return HasOrder(*field.type); });
    default:
      return true;
  }
}

ValuePlace FindValue(const Vector& vector, int row) {
  switch (vector.encoding()) {
    case Encoding::kFlat:
      break;
    case Encoding::kConstant:
      return {&vector, 0};
    case Encoding::kDictionary:
      return {&vector.child(0), vector.values<int32_t>()[row]};
  }
  return {&vector, row};
}

}  // namespace thalweg
