#include "data/arrow_export.h"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace thalweg {
namespace {

constexpr int64_t kNsPerUs = 1000;

// ---- schemas

struct SchemaRep {
  std::string format;
  std::string name;
  std::vector<std::unique_ptr<ArrowSchema>> children;
  std::vector<ArrowSchema*> child_pointers;
};

void ReleaseSchema(ArrowSchema* schema) {
  auto* rep = static_cast<SchemaRep*>(schema->private_data);
  for (const auto& child : rep->children) {
    if (child->release != nullptr) child->release(child.get());
  }
  delete rep;
  schema->release = nullptr;
}

/// Arrow's name of a type without children that takes no thought.
const char* PlainFormat(TypeKind kind) {
  switch (kind) {
    case TypeKind::kNull:
      return "n";
    case TypeKind::kBoolean:
      return "b";
    case TypeKind::kTinyint:
      return "c";
    case TypeKind::kSmallint:
      return "s";
    case TypeKind::kInt:
      return "i";
    case TypeKind::kBigint:
      return "l";
    case TypeKind::kFloat:
      return "f";
    case TypeKind::kDouble:
      return "g";
    case TypeKind::kString:
      return "u";
    case TypeKind::kBinary:
      return "z";
    case TypeKind::kDate:
      return "tdD";
    case TypeKind::kTimestamp:
      return "tsu:UTC";
    case TypeKind::kTimestampNtz:
      return "tsu:";
    case TypeKind::kArray:
      return "+l";
    case TypeKind::kMap:
      return "+m";
    case TypeKind::kStruct:
      return "+s";
    default:
      return nullptr;
  }
}

/// "" for a type that Arrow has no place for.
std::string FormatOf(const DataType& type, const ArrowStyle& style) {
  switch (type.kind()) {
    case TypeKind::kDecimal:
      return "d:" + std::to_string(type.precision()) + "," + std::to_string(type.scale());
    case TypeKind::kTime:
      return style.time_in_us ? "ttu" : "ttn";
    case TypeKind::kYearMonthInterval:
      return style.intervals_as_int ? "i" : "tiM";
    case TypeKind::kDayTimeInterval:
      return style.intervals_as_int ? "l" : "tDu";
    default:
      const char* plain = PlainFormat(type.kind());
      return plain == nullptr ? "" : plain;
  }
}

Status ExportField(const StructField& field, const ArrowStyle& style, ArrowSchema* out);

Status AddChild(const StructField& field, const ArrowStyle& style, SchemaRep* rep) {
  rep->children.push_back(std::make_unique<ArrowSchema>());
  rep->child_pointers.push_back(rep->children.back().get());
  return ExportField(field, style, rep->child_pointers.back());
}

Status FillSchema(const StructField& field, const ArrowStyle& style, SchemaRep* rep) {
  const DataType& type = *field.type;
  rep->format = FormatOf(type, style);
  if (rep->format.empty()) return NotSupportedYet(type.Sql() + " as Arrow data");
  if (!type.Is(TypeKind::kMap)) {
    for (const StructField& child : type.fields()) {
      THALWEG_RETURN_NOT_OK(AddChild(child, style, rep));
    }
    return Status::OK();
  }
  StructField key = type.fields()[0];
  key.nullable = false;
  return AddChild({"key_value", StructType({key, type.fields()[1]}), false}, style, rep);
}

Status ExportField(const StructField& field, const ArrowStyle& style, ArrowSchema* out) {
  *out = ArrowSchema();
  auto rep = std::make_unique<SchemaRep>();
  rep->name = field.name;
  const Status status = FillSchema(field, style, rep.get());
  out->format = rep->format.c_str();
  out->name = rep->name.c_str();
  out->flags = field.nullable ? ARROW_FLAG_NULLABLE : 0;
  out->n_children = static_cast<int64_t>(rep->children.size());
  out->children = rep->child_pointers.data();
  out->release = ReleaseSchema;
  out->private_data = rep.release();
  if (!status.ok()) out->release(out);
  return status;
}

// ---- arrays

struct ArrayRep {
  std::vector<Buffer> held;
  std::vector<const void*> buffers;
  std::vector<std::unique_ptr<ArrowArray>> children;
  std::vector<ArrowArray*> child_pointers;
};

void ReleaseArray(ArrowArray* array) {
  auto* rep = static_cast<ArrayRep*>(array->private_data);
  for (const auto& child : rep->children) {
    if (child->release != nullptr) child->release(child.get());
  }
  delete rep;
  array->release = nullptr;
}

void Finish(std::unique_ptr<ArrayRep> rep, int64_t length, ArrowArray* out) {
  *out = ArrowArray();
  out->length = length;
  out->null_count = -1;
  out->n_buffers = static_cast<int64_t>(rep->buffers.size());
  out->buffers = rep->buffers.data();
  for (const auto& child : rep->children) rep->child_pointers.push_back(child.get());
  out->n_children = static_cast<int64_t>(rep->children.size());
  out->children = rep->child_pointers.data();
  out->release = ReleaseArray;
  out->private_data = rep.release();
}

ArrowArray* NewChild(ArrayRep* rep) {
  rep->children.push_back(std::make_unique<ArrowArray>());
  return rep->children.back().get();
}

Buffer Hold(size_t bytes, ArrayRep* rep) {
  rep->held.push_back(Buffer::Allocate(std::max<size_t>(bytes, 1)));
  rep->buffers.push_back(rep->held.back().data());
  return rep->held.back();
}

void AddValidity(const Vector& vector, ArrayRep* rep) {
  if (!vector.may_have_nulls()) {
    rep->buffers.push_back(nullptr);
    return;
  }
  const size_t bytes = sizeof(uint64_t) * ValidityWords(vector.size());
  std::memcpy(Hold(bytes, rep).data(), vector.validity(), bytes);
}

void AddBits(const Vector& vector, ArrayRep* rep) {
  const int words = ValidityWords(vector.size());
  const Buffer bits = Hold(sizeof(uint64_t) * words, rep);
  std::memset(bits.data(), 0, sizeof(uint64_t) * words);
  const uint8_t* values = vector.values<uint8_t>();
  for (int i = 0; i < vector.size(); ++i) {
    bits.as<uint64_t>()[i >> 6] |= static_cast<uint64_t>(values[i] & 1) << (i & 63);
  }
}

void AddStrings(const Vector& vector, ArrayRep* rep) {
  const int size = vector.size();
  const Buffer offsets = Hold(sizeof(int32_t) * (size + 1), rep);
  const StringView* views = vector.values<StringView>();
  const auto length = [&](int i) { return vector.IsNull(i) ? 0u : views[i].size(); };
  int64_t total = 0;
  for (int i = 0; i < size; ++i) {
    offsets.as<int32_t>()[i] = static_cast<int32_t>(total);
    total += length(i);
    THALWEG_CHECK(total <= INT32_MAX, "2 GB of text in one batch");
  }
  offsets.as<int32_t>()[size] = static_cast<int32_t>(total);
  char* to = Hold(static_cast<size_t>(total), rep).as<char>();
  for (int i = 0; i < size; ++i) {
    const uint32_t bytes = length(i);
    if (bytes > 0) std::memcpy(to, views[i].data(), bytes);
    to += bytes;
  }
}

void AddDecimals(const Vector& vector, ArrayRep* rep) {
  const Buffer wide = Hold(sizeof(__int128) * vector.size(), rep);
  for (int i = 0; i < vector.size(); ++i) {
    wide.as<__int128>()[i] = vector.IsNull(i) ? 0 : vector.values<int64_t>()[i];
  }
}

void AddMicroseconds(const Vector& vector, ArrayRep* rep) {
  const Buffer us = Hold(sizeof(int64_t) * vector.size(), rep);
  for (int i = 0; i < vector.size(); ++i) {
    us.as<int64_t>()[i] = vector.IsNull(i) ? 0 : vector.values<int64_t>()[i] / kNsPerUs;
  }
}

void AddFixed(const Vector& vector, size_t values, ArrayRep* rep) {
  const size_t bytes = values * PhysicalWidth(vector.physical());
  std::memcpy(Hold(bytes, rep).data(), vector.values<uint8_t>(), bytes);
}

void ExportVector(const Vector& vector, const ArrowStyle& style, ArrowArray* out);

void AddChildren(const Vector& vector, const ArrowStyle& style, ArrayRep* rep) {
  for (int i = 0; i < vector.child_count(); ++i) {
    ExportVector(vector.child(i), style, NewChild(rep));
  }
}

void AddLists(const Vector& vector, const ArrowStyle& style, ArrayRep* rep) {
  const size_t bytes = sizeof(int32_t) * (vector.size() + 1);
  std::memcpy(Hold(bytes, rep).data(), vector.offsets(), bytes);
  if (vector.physical() == PhysicalKind::kList) return AddChildren(vector, style, rep);
  auto entries = std::make_unique<ArrayRep>();
  entries->buffers.push_back(nullptr);
  AddChildren(vector, style, entries.get());
  Finish(std::move(entries), vector.child(0).size(), NewChild(rep));
}

void ExportFlat(const Vector& vector, const ArrowStyle& style, ArrowArray* out) {
  auto rep = std::make_unique<ArrayRep>();
  const PhysicalKind kind = vector.physical();
  if (kind != PhysicalKind::kNull) AddValidity(vector, rep.get());
  if (kind == PhysicalKind::kBool) {
    AddBits(vector, rep.get());
  } else if (kind == PhysicalKind::kString) {
    AddStrings(vector, rep.get());
  } else if (kind == PhysicalKind::kList || kind == PhysicalKind::kMap) {
    AddLists(vector, style, rep.get());
  } else if (kind == PhysicalKind::kStruct) {
    AddChildren(vector, style, rep.get());
  } else if (vector.type()->Is(TypeKind::kDecimal) && kind == PhysicalKind::kInt64) {
    AddDecimals(vector, rep.get());
  } else if (vector.type()->Is(TypeKind::kTime) && style.time_in_us) {
    AddMicroseconds(vector, rep.get());
  } else if (kind != PhysicalKind::kNull) {
    AddFixed(vector, static_cast<size_t>(vector.size()), rep.get());
  }
  Finish(std::move(rep), vector.size(), out);
}

void ExportVector(const Vector& vector, const ArrowStyle& style, ArrowArray* out) {
  if (vector.is_flat()) return ExportFlat(vector, style, out);
  Vector flat;
  AppendRange(vector, 0, vector.size(), &flat);
  ExportFlat(flat, style, out);
}

}  // namespace

Status ExportArrowSchema(const Schema& schema, const ArrowStyle& style, ArrowSchema* out) {
  return ExportField({"", schema.AsStruct(), false}, style, out);
}

void ExportArrowBatch(const Batch& batch, const ArrowStyle& style, ArrowArray* out) {
  THALWEG_CHECK(!batch.has_selection(), "a batch is compacted before it becomes Arrow data");
  auto rep = std::make_unique<ArrayRep>();
  rep->buffers.push_back(nullptr);
  for (int i = 0; i < batch.column_count(); ++i) {
    ExportVector(batch.column(i), style, NewChild(rep.get()));
  }
  Finish(std::move(rep), batch.physical_rows(), out);
}

}  // namespace thalweg
