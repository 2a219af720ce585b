// FieldsOf: a node's fields as a list of names and pointers, so that generic code is a loop.
#include "plan/fields.h"

#include "plan/expression.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

class FieldRecorder final : public FieldReader {
 public:
#define THALWEG_RECORD(T)                                 \
  void Field(const char* name, const T& value) override { \
    fields.push_back({name, &value});                     \
  }
  THALWEG_FIELD_TYPES(THALWEG_RECORD)
#undef THALWEG_RECORD
  void Enum(const char* name, const char* text) override {
    fields.push_back({name, EnumText{text}});
  }

  std::vector<NamedField> fields;
};

}  // namespace

std::vector<NamedField> FieldsOf(const Expression& expr) {
  FieldRecorder recorder;
  expr.Read(recorder);
  return std::move(recorder.fields);
}

std::vector<NamedField> FieldsOf(const Relation& relation) {
  FieldRecorder recorder;
  relation.Read(recorder);
  return std::move(recorder.fields);
}

}  // namespace thalweg
