#include "optimizer/empty_relation.h"

namespace thalweg {

RelationPtr EmptyLike(const Relation& relation) {
  std::vector<StructField> fields;
  for (const AttributePtr& column : relation.output) {
    fields.push_back({column->column, column->type, column->nullable, ""});
  }
  auto empty = std::make_shared<LocalRelation>();
  empty->schema = Schema::Make(std::move(fields));
  empty->batches = std::make_shared<const std::vector<Batch>>();
  empty->output = relation.output;
  empty->resolved_output = true;
  empty->place = relation.place;
  return empty;
}

bool IsEmpty(const RelationPtr& relation) {
  const auto* local = As<LocalRelation>(relation);
  if (local == nullptr || local->batches == nullptr) return false;
  for (const Batch& batch : *local->batches) {
    if (batch.row_count() > 0) return false;
  }
  return true;
}

}  // namespace thalweg
