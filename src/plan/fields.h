// One field list per plan node, from which everything generic is made: printing, comparing, walking
// and rewriting. A node struct D writes
//
//   template <class Self, class V> static void Fields(Self& self, V& v) {
//     v.Field("child", self.child);
//     v.Field("names", self.names);
//   }
//
// FieldReader sees the fields of an immutable node; FieldWriter those of a fresh copy; FieldsOf
// lists them. Fields are members: what is shown lives as long as the node.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "data/value.h"

namespace thalweg {

class Expression;
class Relation;
using ExprPtr = std::shared_ptr<const Expression>;
using RelationPtr = std::shared_ptr<const Relation>;
class BoundFunction;
using BoundFunctionPtr = std::shared_ptr<const BoundFunction>;

/// X(type): every type that a field may have besides enums (which are fields of their own text).
#define THALWEG_FIELD_TYPES(X) \
  X(bool)                      \
  X(int64_t)                   \
  X(double)                    \
  X(std::string)               \
  X(std::vector<std::string>)  \
  X(std::vector<int64_t>)      \
  X(FieldMap)                  \
  X(TypePtr)                   \
  X(SchemaPtr)                 \
  X(Value)                     \
  X(ExprPtr)                   \
  X(std::vector<ExprPtr>)      \
  X(RelationPtr)               \
  X(std::vector<RelationPtr>)  \
  X(BoundFunctionPtr)          \
  X(TablePtr)

class Table;
using TablePtr = std::shared_ptr<Table>;
class Schema;
using SchemaPtr = std::shared_ptr<const Schema>;
using FieldMap = std::map<std::string, std::string>;

class FieldReader {
 public:
  virtual ~FieldReader() = default;
#define THALWEG_READER(T) virtual void Field(const char* name, const T& value) = 0;
  THALWEG_FIELD_TYPES(THALWEG_READER)
#undef THALWEG_READER
  /// Enums show themselves through their text; they never change in a rewrite.
  virtual void Enum(const char* name, const char* text) = 0;
};

class FieldWriter {
 public:
  virtual ~FieldWriter() = default;
#define THALWEG_WRITER(T) \
  virtual void Field(const char*, T&) {}
  THALWEG_FIELD_TYPES(THALWEG_WRITER)
#undef THALWEG_WRITER
  void Enum(const char*, const char*) {}
};

struct EnumText {
  const char* text;
};
#define THALWEG_FIELD_POINTER(T) , const T*
using FieldRef = std::variant<EnumText THALWEG_FIELD_TYPES(THALWEG_FIELD_POINTER)>;
#undef THALWEG_FIELD_POINTER
struct NamedField {
  const char* name;
  FieldRef ref;
};
/// The fields of a node in the order of its list, valid while the node lives.
std::vector<NamedField> FieldsOf(const Expression& expr);
std::vector<NamedField> FieldsOf(const Relation& relation);

}  // namespace thalweg
