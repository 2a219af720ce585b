// Fields of structs that nothing reads are not read from tables that can leave them out. Looked at
// from a list or an aggregation, whose columns are new ones, down to the read through what only
// passes rows on: whoever names a column there as a whole needs all of it.
#include <map>

#include "optimizer/predicates.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

/// What is read of a value: all of it, or these fields of a struct, by index.
struct Parts {
  bool whole = false;
  std::map<int, Parts> fields;
};
using PartsOfColumns = std::map<int64_t, Parts>;
using Narrowed = std::map<int64_t, TypePtr>;

/// The index of the field that `expr` takes out of a struct, -1 if it is something else.
int ExtractedField(const ExprPtr& expr) {
  const auto* call = As<Call>(expr);
  if (call == nullptr || call->function->name() != "$extract") return -1;
  if (!call->function->argument_types()[0]->Is(TypeKind::kStruct)) return -1;
  return std::stoi(call->function->parameters());
}

/// Where parts of `expr` are noted if it is a column or a field (of a field …) of one.
Parts* PlaceOf(const ExprPtr& expr, PartsOfColumns* columns) {
  if (const auto* column = As<Attribute>(expr)) return &(*columns)[column->id];
  const int field = ExtractedField(expr);
  if (field < 0) return nullptr;
  Parts* parent = PlaceOf(As<Call>(expr)->arguments[0], columns);
  return parent == nullptr ? nullptr : &parent->fields[field];
}

void NoteParts(const ExprPtr& expr, PartsOfColumns* columns) {
  if (Parts* place = PlaceOf(expr, columns)) {
    place->whole = true;
    return;
  }
  for (const ExprPtr& child : Children(*expr)) NoteParts(child, columns);
}

void NoteParts(const Relation& relation, PartsOfColumns* columns) {
  for (const NamedField& field : FieldsOf(relation)) {
    if (const auto* one = std::get_if<const ExprPtr*>(&field.ref); one != nullptr && **one) {
      NoteParts(**one, columns);
    } else if (const auto* many = std::get_if<const std::vector<ExprPtr>*>(&field.ref)) {
      for (const ExprPtr& expr : **many) NoteParts(expr, columns);
    }
  }
}

/// A list of columns as they are: it needs no more of them than what is above it.
bool OnlyPicks(const Project& project) {
  for (const ExprPtr& expr : project.expressions) {
    if (expr->kind() != ExprKind::kAttribute) return false;
  }
  return true;
}

/// The read below `relation`, with the parts that are read on the way; null: there is none.
const ReadRelation* FindRead(const RelationPtr& relation, PartsOfColumns* columns) {
  switch (relation->kind()) {
    case RelationKind::kRead:
      return As<ReadRelation>(relation);
    case RelationKind::kProject:
      if (!OnlyPicks(*As<Project>(relation))) return nullptr;
      return FindRead(As<Project>(relation)->input, columns);
    case RelationKind::kFilter:
    case RelationKind::kWithWatermark:
    case RelationKind::kSort:
    case RelationKind::kLimit:
      NoteParts(*relation, columns);
      return FindRead(Inputs(*relation)[0], columns);
    default:
      return nullptr;
  }
}

TypePtr NarrowType(const TypePtr& type, const Parts& parts) {
  if (parts.whole || parts.fields.empty() || !type->Is(TypeKind::kStruct)) return type;
  std::vector<StructField> fields;
  for (const auto& [index, inner] : parts.fields) {
    StructField field = type->fields()[index];
    field.type = NarrowType(field.type, inner);
    fields.push_back(std::move(field));
  }
  return StructType(std::move(fields));
}

/// The columns of `read` that can be narrowed, with their new types.
Narrowed NarrowColumns(const ReadRelation& read, const PartsOfColumns& columns) {
  Narrowed narrowed;
  for (const AttributePtr& column : read.output) {
    const auto parts = columns.find(column->id);
    if (parts == columns.end()) continue;
    TypePtr type = NarrowType(column->type, parts->second);
    if (!(*type == *column->type)) narrowed[column->id] = std::move(type);
  }
  return narrowed;
}

AttributePtr WithType(const Attribute& column, const TypePtr& type) {
  auto copy = std::make_shared<Attribute>(column);
  copy->type = type;
  return copy;
}

/// `expr` over the narrowed columns: fields have other places in them. Null: it does not bind.
ExprPtr Rebound(const ExprPtr& expr, const Narrowed& narrowed, const OptimizerContext& context) {
  bool failed = false;
  ExprPtr rebound = TransformUp(expr, [&](const ExprPtr& node) -> ExprPtr {
    if (const auto* column = As<Attribute>(node)) {
      const auto found = narrowed.find(column->id);
      return found == narrowed.end() ? node : ExprPtr(WithType(*column, found->second));
    }
    const int field = ExtractedField(node);
    if (field < 0) return node;
    const auto& call = *As<Call>(node);
    const TypePtr& before = call.function->argument_types()[0];
    if (*before == *call.arguments[0]->type) return node;
    const std::string& name = before->fields()[field].name;
    Result<ExprPtr> bound =
        context.functions->Bind("$extract", {call.arguments[0], MakeLiteral(Value::String(name))},
                                context.bind, node->place);
    failed = failed || !bound.ok();
    return bound.ok() ? *bound : node;
  });
  return failed ? nullptr : rebound;
}

/// `relation` and what lies below it over narrowed columns. Null: something does not bind.
RelationPtr Rebuilt(const RelationPtr& relation, const Narrowed& narrowed,
                    const OptimizerContext& context) {
  if (const auto* read = As<ReadRelation>(relation)) {
    auto narrow = std::make_shared<ReadRelation>(*read);
    for (AttributePtr& column : narrow->output) {
      const auto found = narrowed.find(column->id);
      if (found != narrowed.end()) column = WithType(*column, found->second);
    }
    return narrow;
  }
  bool failed = false;
  const RelationPtr over = MapInputs(relation, [&](const RelationPtr& input) {
    RelationPtr below = Rebuilt(input, narrowed, context);
    failed = failed || below == nullptr;
    return below == nullptr ? input : below;
  });
  RelationPtr rebuilt = MapExpressions(over, [&](const ExprPtr& expr) {
    ExprPtr rebound = Rebound(expr, narrowed, context);
    failed = failed || rebound == nullptr;
    return rebound == nullptr ? expr : rebound;
  });
  return failed ? nullptr : rebuilt;
}

RelationPtr Narrow(const RelationPtr& relation, const OptimizerContext& context) {
  const bool renews =
      relation->kind() == RelationKind::kProject || relation->kind() == RelationKind::kAggregate;
  if (!renews) return relation;
  PartsOfColumns columns;
  NoteParts(*relation, &columns);
  const ReadRelation* read = FindRead(Inputs(*relation)[0], &columns);
  if (read == nullptr || !read->table->info().reads_parts) return relation;
  const Narrowed narrowed = NarrowColumns(*read, columns);
  if (narrowed.empty()) return relation;
  RelationPtr rebuilt = Rebuilt(relation, narrowed, context);
  return rebuilt == nullptr ? relation : rebuilt;
}

}  // namespace

Result<RelationPtr> NarrowStructs(const RelationPtr& plan, const OptimizerContext& context) {
  return TransformUp(plan, [&](const RelationPtr& relation) { return Narrow(relation, context); });
}

}  // namespace thalweg
