#include "query.h"

#include <algorithm>
#include <bit>

#include "functions/registry.h"

namespace thalweg {
namespace {

ExprPtr Bind(const char* function, std::vector<ExprPtr> arguments);
WindowRow ToWindowRow(const Batch& batch, int row, bool with_amount);

}  // namespace

RelationPtr WindowedCount(const TablePtr& source, const QueryShape& shape) {
  const RelationPtr read = MakeRead(source, true);
  const RelationPtr filter =
      MakeFilter(read, Bind(">=", {FindOutput(read, "v"), MakeLiteral(Value::Bigint(0))}));
  const RelationPtr input = MakeWithWatermark(filter, FindOutput(filter, "ts"), shape.delay_us);
  const ExprPtr window = MakeAlias(
      MakeTimeWindow(FindOutput(input, "ts"), shape.size_us, shape.slide_us, 0), "window");
  const ExprPtr key = FindOutput(input, "k");
  std::vector<ExprPtr> results = {ToAttribute(window), key,
                                  MakeAlias(Bind("count", {MakeLiteral(Value::Int(1))}), "rows"),
                                  MakeAlias(Bind("sum", {FindOutput(input, "v")}), "value")};
  if (shape.tumbling()) {
    results.push_back(MakeAlias(Bind("sum", {FindOutput(input, "amount")}), "amount"));
  }
  return MakeAggregate(input, {window, key}, results);
}

SchemaPtr ResultSchema(const QueryShape& shape) {
  const auto stream = std::make_shared<MemoryStream>("rows", FeedSchema());
  const RelationPtr plan = WindowedCount(stream->table(), shape);
  std::vector<StructField> columns;
  for (const AttributePtr& column : plan->output) {
    columns.push_back({column->column, column->type, column->nullable, ""});
  }
  return Schema::Make(std::move(columns));
}

std::vector<WindowRow> ToWindowRows(const std::vector<Batch>& batches, const QueryShape& shape) {
  std::vector<WindowRow> rows;
  for (const Batch& batch : batches) {
    ForEachRow(batch.selection(),
               [&](int row) { rows.push_back(ToWindowRow(batch, row, shape.tumbling())); });
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

namespace {

ExprPtr Bind(const char* function, std::vector<ExprPtr> arguments) {
  Result<ExprPtr> bound =
      FunctionRegistry::BuiltIn().Bind(function, std::move(arguments), BindSettings());
  THALWEG_CHECK(bound.ok(), "the simulated query does not bind");
  return *bound;
}

WindowRow ToWindowRow(const Batch& batch, int row, bool with_amount) {
  WindowRow result;
  const Value window = GetValue(batch.column(0), row);
  result.group.start_us = window.list()[0].int64();
  result.group.end_us = window.list()[1].int64();
  const Value key = GetValue(batch.column(1), row);
  if (!key.is_null()) result.group.key = key.int64();
  result.rows = GetValue(batch.column(2), row).int64();
  result.value = GetValue(batch.column(3), row).int64();
  if (with_amount) {
    result.amount_bits = std::bit_cast<uint64_t>(GetValue(batch.column(4), row).float64());
  }
  return result;
}

}  // namespace
}  // namespace thalweg
