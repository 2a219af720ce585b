// VALUES: each column gets the common type of its rows; the values are computed here, once.
#include "analyzer/relation_analyzer.h"
#include "functions/coercion.h"
#include "functions/evaluator.h"

namespace thalweg {
namespace {

Status CheckWidths(const UnresolvedInlineTable& table) {
  for (size_t row = 0; row < table.row_widths.size(); ++row) {
    if (table.row_widths[row] == table.row_widths[0]) continue;
    return Status::User("INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
                        {{"expectedNumCols", std::to_string(table.row_widths[0])},
                         {"actualNumCols", std::to_string(table.row_widths[row])},
                         {"rowIndex", std::to_string(row)}},
                        table.place);
  }
  return Status::OK();
}

/// The values of `cells` as one flat column of `rows` rows.
Status Compute(const std::vector<ExprPtr>& cells, const TypePtr& type, Vector* out) {
  THALWEG_ASSIGN_OR_RETURN(auto evaluator, ExpressionEvaluator::Make(cells, {}));
  evaluator->BindEpoch(EpochConstants());
  Batch one(Schema::Make({}));
  one.SetRowCount(1);
  out->ResetFlat(type, 0);
  for (size_t row = 0; row < cells.size(); ++row) {
    RowErrors errors;
    const Vector* value = nullptr;
    THALWEG_RETURN_NOT_OK(
        evaluator->Evaluate(static_cast<int>(row), one, Selection::All(1), &errors, &value));
    if (!errors.empty()) return errors.status();
    out->Reserve(static_cast<int>(row) + 1);
    AppendValues(*value, Selection::All(1), out);
  }
  return Status::OK();
}

}  // namespace

Result<RelationPtr> RelationAnalyzer::AnalyzeInlineTable(const UnresolvedInlineTable& table) {
  THALWEG_RETURN_NOT_OK(CheckWidths(table));
  const int rows = static_cast<int>(table.row_widths.size());
  const int width = static_cast<int>(table.row_widths[0]);
  if (rows > kBatchRows) return NotSupportedYet("VALUES of more than 1024 rows", table.place);
  const Scope none = ScopeOf({});
  ExpressionAnalyzer analyzer(context_, none);
  auto relation = std::make_shared<LocalRelation>();
  std::vector<StructField> fields;
  std::vector<std::vector<ExprPtr>> columns(width);
  for (int column = 0; column < width; ++column) {
    THALWEG_ASSIGN_OR_RETURN(StructField field,
                             TypeColumn(table, column, &analyzer, &columns[column]));
    fields.push_back(std::move(field));
  }
  relation->schema = Schema::Make(fields);
  Batch batch(relation->schema);
  for (int column = 0; column < width; ++column) {
    THALWEG_RETURN_NOT_OK(
        Compute(columns[column], fields[column].type, &batch.mutable_column(column)));
    auto attribute = std::make_shared<Attribute>();
    attribute->id = NextExpressionId();
    attribute->column = fields[column].name;
    attribute->type = fields[column].type;
    attribute->nullable = fields[column].nullable;
    relation->output.push_back(std::move(attribute));
  }
  batch.SetRowCount(rows);
  relation->batches = std::make_shared<const std::vector<Batch>>(1, std::move(batch));
  relation->resolved_output = true;
  return RelationPtr(relation);
}

/// Texts are not brought together with anything else here.
TypePtr RelationAnalyzer::CommonType(const TypePtr& a, const TypePtr& b) const {
  const bool mixes_text = a->Is(TypeKind::kString) != b->Is(TypeKind::kString) &&
                          !a->Is(TypeKind::kNull) && !b->Is(TypeKind::kNull);
  return mixes_text ? nullptr : WiderType(a, b, settings().ansi);
}

/// Types column `column` of all rows and brings its cells to the common type.
Result<StructField> RelationAnalyzer::TypeColumn(const UnresolvedInlineTable& table, int column,
                                                 ExpressionAnalyzer* analyzer,
                                                 std::vector<ExprPtr>* cells) {
  StructField field{"col" + std::to_string(column + 1), nullptr, false, ""};
  const auto width = static_cast<size_t>(table.row_widths[0]);
  for (size_t at = column; at < table.values.size(); at += width) {
    const ExprPtr& cell = table.values[at];
    THALWEG_ASSIGN_OR_RETURN(ExprPtr typed, analyzer->Resolve(cell));
    if (const auto* alias = As<Alias>(typed)) typed = alias->child;
    if (!IsDeterministic(typed) || ContainsAggregate(typed)) {
      return Status::User("INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE",
                          {{"expr", "\"" + ColumnName(typed) + "\""}}, cell->place);
    }
    field.type = field.type == nullptr ? typed->type : CommonType(field.type, typed->type);
    if (field.type == nullptr) {
      return Status::User("INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE",
                          {{"colName", "`" + field.name + "`"}}, cell->place);
    }
    field.nullable = field.nullable || typed->nullable;
    cells->push_back(std::move(typed));
  }
  THALWEG_RETURN_NOT_OK(CoerceAll(cells, field.type, settings()));
  return field;
}

}  // namespace thalweg
