// UNION, INTERSECT, EXCEPT: columns by position, each brought to the common type of the sides.
#include "analyzer/relation_analyzer.h"
#include "functions/coercion.h"

namespace thalweg {
namespace {

const char* NameOf(SetOperationKind kind) {
  switch (kind) {
    case SetOperationKind::kUnion:
      return "UNION";
    case SetOperationKind::kIntersect:
      return "INTERSECT";
    case SetOperationKind::kExcept:
      return "EXCEPT";
  }
  return "";
}

bool HasMap(const DataType& type) {
  if (type.Is(TypeKind::kMap) || type.Is(TypeKind::kVariant)) return true;
  for (const StructField& field : type.fields()) {
    if (HasMap(*field.type)) return true;
  }
  return false;
}

}  // namespace

Result<RelationPtr> RelationAnalyzer::AnalyzeSetOperation(const SetOperation& set) {
  if (set.by_name) return NotSupportedYet("UNION BY NAME", set.place);
  auto typed = std::make_shared<SetOperation>(set);
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : set.inputs) {
    THALWEG_ASSIGN_OR_RETURN(RelationPtr analyzed, Analyze(input));
    inputs.push_back(std::move(analyzed));
  }
  const size_t width = inputs[0]->output.size();
  for (size_t i = 1; i < inputs.size(); ++i) {
    if (inputs[i]->output.size() == width) continue;
    return Status::User("NUM_COLUMNS_MISMATCH",
                        {{"operator", NameOf(set.operation)},
                         {"firstNumColumns", std::to_string(width)},
                         {"invalidOrdinalNum", "second"},
                         {"invalidNumColumns", std::to_string(inputs[i]->output.size())}},
                        set.place);
  }
  THALWEG_ASSIGN_OR_RETURN(typed->inputs, CommonColumns(std::move(inputs), set));
  DeriveOutput(typed.get());
  typed->output = SetOutput(*typed);
  const bool distinct = set.operation == SetOperationKind::kUnion && !set.is_all;
  if (set.operation == SetOperationKind::kUnion && set.is_all) return RelationPtr(typed);
  for (const AttributePtr& column : typed->output) {
    if (!HasMap(*column->type)) continue;
    return Status::User(
        "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE",
        {{"colName", "`" + column->column + "`"}, {"dataType", "\"" + column->type->Sql() + "\""}},
        set.place);
  }
  if (!distinct) return RelationPtr(typed);
  typed->is_all = true;  // UNION is UNION ALL, then distinct rows
  return MakeDistinct(std::move(typed));
}

/// A fresh column each: name and watermark of the first side's, nullable where any side's is.
std::vector<AttributePtr> RelationAnalyzer::SetOutput(const SetOperation& set) {
  std::vector<AttributePtr> output;
  for (size_t i = 0; i < set.inputs[0]->output.size(); ++i) {
    auto column = std::make_shared<Attribute>(*set.inputs[0]->output[i]);
    column->id = NextExpressionId();
    column->qualifier.clear();
    for (const RelationPtr& input : set.inputs) {
      column->nullable = column->nullable || input->output[i]->nullable;
      if (set.operation != SetOperationKind::kUnion) break;
    }
    output.push_back(std::move(column));
  }
  return output;
}

Result<std::vector<RelationPtr>> RelationAnalyzer::CommonColumns(std::vector<RelationPtr> inputs,
                                                                 const SetOperation& set) {
  std::vector<TypePtr> types;
  for (size_t i = 0; i < inputs[0]->output.size(); ++i) {
    TypePtr type = inputs[0]->output[i]->type;
    for (size_t side = 1; side < inputs.size(); ++side) {
      const TypePtr& other = inputs[side]->output[i]->type;
      TypePtr wider = WiderType(type, other, settings().ansi);
      if (wider == nullptr) {
        return Status::User("INCOMPATIBLE_COLUMN_TYPE",
                            {{"operator", NameOf(set.operation)},
                             {"columnOrdinalNumber", i == 0 ? "first" : std::to_string(i + 1)},
                             {"tableOrdinalNumber", "second"},
                             {"dataType1", "\"" + other->Sql() + "\""},
                             {"dataType2", "\"" + type->Sql() + "\""},
                             {"hint", ""}},
                            set.place);
      }
      type = std::move(wider);
    }
    types.push_back(std::move(type));
  }
  for (RelationPtr& input : inputs) {
    std::vector<ExprPtr> columns;
    bool changed = false;
    for (size_t i = 0; i < types.size(); ++i) {
      const AttributePtr& column = input->output[i];
      THALWEG_ASSIGN_OR_RETURN(ExprPtr cast, CoerceTo(column, types[i], settings()));
      changed = changed || cast != column;
      columns.push_back(cast == column ? cast : MakeAlias(std::move(cast), column->column));
    }
    if (changed) input = MakeProject(std::move(input), std::move(columns));
  }
  return inputs;
}

}  // namespace thalweg
