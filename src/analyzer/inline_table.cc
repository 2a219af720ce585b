// VALUES: each column gets the common type of its rows; the values are computed here, once, but
// those that the time of the query is part of.
#include <algorithm>
#include <span>

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

/// Why a cell has no value, as Spark tells it: whatever its own condition, the table is wrong.
Status FailedCell(const ExprPtr& cell, const Status& status) {
  if (status.condition().empty() || status.condition() == "THALWEG_NOT_SUPPORTED_YET")
    return status;
  const std::string text = "\"" + ColumnName(cell) + "\"";
  if (status.condition() == "USER_RAISED_EXCEPTION") {
    return Status::User("INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE",
                        {{"expr", text}}, status.place());
  }
  return Status::User("INVALID_INLINE_TABLE.FAILED_SQL_EXPRESSION_EVALUATION", {{"sqlExpr", text}},
                      status.place())
      .WithContext(status.message());
}

/// The values of `cells` as one flat column.
Status Compute(std::span<const ExprPtr> cells, const TypePtr& type, Vector* out) {
  THALWEG_ASSIGN_OR_RETURN(auto evaluator,
                           ExpressionEvaluator::Make({cells.begin(), cells.end()}, {}));
  evaluator->BindEpoch(EpochConstants());
  Batch one(Schema::Make({}));
  one.SetRowCount(1);
  out->ResetFlat(type, 0);
  for (size_t row = 0; row < cells.size(); ++row) {
    RowErrors errors;
    const Vector* value = nullptr;
    const Status status =
        evaluator->Evaluate(static_cast<int>(row), one, Selection::All(1), &errors, &value);
    if (!status.ok()) return FailedCell(cells[row], status);
    if (!errors.empty()) return FailedCell(cells[row], errors.status());
    out->Reserve(static_cast<int>(row) + 1);
    AppendValues(*value, Selection::All(1), out);
  }
  return Status::OK();
}

/// Rows of `fields`; columns[i] has the cells of column i.
struct TypedRows {
  int count = 0;
  std::vector<StructField> fields;
  std::vector<std::vector<ExprPtr>> columns;

  bool DependOnEpoch() const {
    for (const auto& cells : columns) {
      for (const ExprPtr& cell : cells) {
        if (DependsOnEpoch(cell)) return true;
      }
    }
    return false;
  }
};

Result<RelationPtr> ComputeNow(const TypedRows& rows) {
  auto relation = std::make_shared<LocalRelation>();
  relation->schema = Schema::Make(rows.fields);
  auto batches = std::make_shared<std::vector<Batch>>();
  for (int first = 0; first < rows.count; first += kBatchRows) {
    const int count = std::min(rows.count - first, kBatchRows);
    Batch batch(relation->schema);
    for (size_t i = 0; i < rows.columns.size(); ++i) {
      const std::span<const ExprPtr> cells(rows.columns[i]);
      THALWEG_RETURN_NOT_OK(Compute(cells.subspan(first, count), rows.fields[i].type,
                                    &batch.mutable_column(static_cast<int>(i))));
    }
    batch.SetRowCount(count);
    batches->push_back(std::move(batch));
  }
  relation->batches = std::move(batches);
  for (const StructField& field : rows.fields) {
    auto attribute = std::make_shared<Attribute>();
    attribute->id = NextExpressionId();
    attribute->column = field.name;
    attribute->type = field.type;
    attribute->nullable = field.nullable;
    relation->output.push_back(std::move(attribute));
  }
  relation->resolved_output = true;
  return RelationPtr(relation);
}

/// The rows one by one, each over a row without columns.
Result<std::vector<RelationPtr>> ComputeLater(const TypedRows& rows) {
  TypedRows none;
  none.count = 1;
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr one, ComputeNow(none));
  std::vector<RelationPtr> projects;
  for (int row = 0; row < rows.count; ++row) {
    std::vector<ExprPtr> cells;
    for (size_t i = 0; i < rows.columns.size(); ++i) {
      cells.push_back(MakeAlias(rows.columns[i][static_cast<size_t>(row)], rows.fields[i].name));
    }
    projects.push_back(MakeProject(one, std::move(cells)));
  }
  return projects;
}

}  // namespace

Result<RelationPtr> RelationAnalyzer::AnalyzeInlineTable(const UnresolvedInlineTable& table) {
  THALWEG_RETURN_NOT_OK(CheckWidths(table));
  TypedRows rows;
  rows.count = static_cast<int>(table.row_widths.size());
  rows.columns.resize(static_cast<size_t>(table.row_widths[0]));
  const Scope none = ScopeOf({});
  ExpressionAnalyzer analyzer(context_, none);
  for (size_t column = 0; column < rows.columns.size(); ++column) {
    THALWEG_ASSIGN_OR_RETURN(StructField field, TypeColumn(table, static_cast<int>(column),
                                                           &analyzer, &rows.columns[column]));
    rows.fields.push_back(std::move(field));
  }
  if (!rows.DependOnEpoch()) return ComputeNow(rows);
  auto all = std::make_shared<SetOperation>();
  all->is_all = true;
  THALWEG_ASSIGN_OR_RETURN(all->inputs, ComputeLater(rows));
  if (all->inputs.size() == 1) return all->inputs[0];
  all->output = SetOutput(*all);
  DeriveOutput(all.get());
  return RelationPtr(all);
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
    field.type = field.type == nullptr
                     ? typed->type
                     : WiderTypeWithoutStrings({field.type, typed->type}, settings().ansi);
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
