#include "streaming/test_query.h"

#include <algorithm>
#include <charconv>

#include "data/value.h"
#include "functions/registry.h"

namespace thalweg {
namespace {

constexpr int64_t kSecond = 1'000'000;

std::vector<std::string> Printed(const std::vector<Batch>& batches);
std::string Joined(std::vector<std::string> lines);
std::string_view TakeWord(std::string_view* text);

// The rows of a small query come out as this schema.
SchemaPtr OutputSchema(const TestQuerySpec& spec) {
  std::vector<StructField> columns;
  const RelationPtr plan =
      TestPlan(spec, std::make_shared<MemoryStream>("none", TestInputSchema())->table());
  for (const AttributePtr& attribute : plan->output) {
    columns.push_back({attribute->column, attribute->type, attribute->nullable});
  }
  return Schema::Make(std::move(columns));
}

}  // namespace

RelationPtr TestPlan(const TestQuerySpec& spec, const TablePtr& table) {
  RelationPtr plan = MakeRead(table, true);
  if (spec.rows_per_epoch > 0) {
    auto limited = std::make_shared<ReadRelation>(*As<ReadRelation>(plan));
    limited->options["maxOffsetsPerTrigger"] = std::to_string(spec.rows_per_epoch);
    plan = limited;
  }
  if (spec.delay_s >= 0) {
    plan = MakeWithWatermark(plan, FindOutput(plan, "ts"), spec.delay_s * kSecond);
  }
  if (spec.above) return spec.above(plan);
  std::vector<ExprPtr> groupings;
  std::vector<ExprPtr> outputs;
  if (spec.window_s > 0) {
    groupings.push_back(MakeAlias(
        MakeTimeWindow(FindOutput(plan, "ts"), spec.window_s * kSecond, spec.slide_s * kSecond, 0),
        "window"));
    outputs.push_back(ToAttribute(groupings.back()));
  }
  if (spec.by_key || spec.window_s <= 0) {
    groupings.push_back(FindOutput(plan, "k"));
    outputs.push_back(groupings.back());
  }
  const Result<ExprPtr> count =
      FunctionRegistry::BuiltIn().Bind("count", {MakeLiteral(Value::Int(1))}, BindSettings());
  THALWEG_CHECK(count.ok(), "count is built in");
  outputs.push_back(MakeAlias(*count, "count"));
  return MakeAggregate(plan, groupings, outputs);
}

SchemaPtr TestInputSchema() {
  static const SchemaPtr schema = Schema::Make(
      {{"ts", TimestampType(), true}, {"k", StringType(), true}, {"n", BigintType(), true}});
  return schema;
}

Batch TestEvents(std::string_view text) {
  Batch batch(TestInputSchema());
  int rows = 0;
  while (true) {
    const std::string_view time = TakeWord(&text);
    if (time.empty()) break;
    double seconds = 0;
    std::from_chars(time.data(), time.data() + time.size(), seconds);
    AppendValue(Value::Timestamp(static_cast<int64_t>(seconds * kSecond)),
                &batch.mutable_column(0));
    const bool has_key = !text.empty() && text[0] >= 'a' && text[0] <= 'z';
    AppendValue(Value::String(std::string(has_key ? TakeWord(&text) : "k")),
                &batch.mutable_column(1));
    AppendValue(Value::Bigint(rows), &batch.mutable_column(2));
    batch.SetRowCount(++rows);
  }
  return batch;
}

TestQuery::TestQuery(TestQuerySpec spec)
    : spec_(std::move(spec)),
      world_(spec_.sim),
      budget_("query", MemoryBudget::kUnlimited, nullptr),
      stream_(std::make_shared<MemoryStream>("events", TestInputSchema())),
      rows_(std::make_shared<MemoryRows>("rows", OutputSchema(spec_))),
      source_table_(stream_->table()),
      sink_table_(rows_->table()) {
  options_.checkpoint = "/q";
  options_.mode = spec_.mode;
  options_.budget = &budget_;
  for (const auto& [key, value] : spec_.conf) {
    const Status status = options_.conf.Set(key, value);
    THALWEG_CHECK(status.ok(), "a setting of a test is refused");
  }
}

Status TestQuery::Start(int64_t crash_at_call) {
  loop_.reset();
  options_.sink_table = sink_table_;
  auto loop =
      EpochLoop::Start(TestPlan(spec_, source_table_), world_.NewLife(crash_at_call), options_);
  if (!loop.ok()) return std::move(loop).status();
  loop_ = *std::move(loop);
  return Status::OK();
}

Status TestQuery::Stop() {
  const Status status = loop_->Stop();
  loop_.reset();
  return status;
}

void TestQuery::Crash() {
  loop_.reset();
  world_.Crash();
}

std::string TestQuery::Epoch() {
  const Status status = RunOnce();
  if (!status.ok()) return status.ToString();
  if (summary_.kind == EpochKind::kNone) return "none";
  std::string text = summary_.kind == EpochKind::kData ? "D " : "N ";
  text += std::to_string(summary_.epoch);
  if (spec_.delay_s >= 0) {
    text += " | wm " + std::to_string(summary_.watermark_us / kSecond) + " -> " +
            std::to_string(summary_.next_watermark_us / kSecond);
  }
  const std::vector<std::string> lines = Printed(rows_->Epoch(summary_.epoch));
  if (!lines.empty()) text += " |";
  for (const std::string& line : lines) text += " " + line;
  return text;
}

int64_t TestQuery::late_rows() const {
  int64_t rows = 0;
  for (const OperatorMetrics& metrics : summary_.result.operators) rows += metrics.late_rows;
  return rows;
}

std::string TestQuery::Operators() const {
  std::string text;
  for (const PhysicalNode* node : StatefulNodes(loop_->physical_plan())) {
    const OperatorMetrics& metrics = summary_.result.operators[static_cast<size_t>(node->id)];
    text += (text.empty() ? "" : "; ") + node->state.spark_name + " " +
            std::to_string(node->state.logical_rows()) + " rows";
    if (metrics.dropped_by_watermark > 0) {
      text += ", " + std::to_string(metrics.dropped_by_watermark) + " late";
    }
    if (metrics.duplicate_rows > 0) {
      text += ", " + std::to_string(metrics.duplicate_rows) + " duplicates";
    }
  }
  return text;
}

std::string TestQuery::AllRows() const {
  return Joined(Printed(rows_->All()));
}

namespace {

std::string Text(const Value& value) {
  if (value.is_null()) return "null";
  if (value.type()->Is(TypeKind::kStruct)) {  // a window
    return "[" + std::to_string(value.list()[0].int64() / kSecond) + "," +
           std::to_string(value.list()[1].int64() / kSecond) + ")";
  }
  return value.type()->Is(TypeKind::kString) ? value.text() : std::to_string(value.int64());
}

// "[10,15) 5" a row, sorted.
std::vector<std::string> Printed(const std::vector<Batch>& batches) {
  std::vector<std::string> lines;
  for (const Batch& batch : batches) {
    for (int row = 0; row < batch.physical_rows(); ++row) {
      std::string line;
      for (int i = 0; i < batch.column_count(); ++i) {
        line += (i > 0 ? " " : "") + Text(GetValue(batch.column(i), row));
      }
      lines.push_back(std::move(line));
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string Joined(std::vector<std::string> lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : ", ") + line;
  return text;
}

std::string_view TakeWord(std::string_view* text) {
  const size_t begin = std::min(text->find_first_not_of(' '), text->size());
  text->remove_prefix(begin);
  const std::string_view word = text->substr(0, text->find(' '));
  text->remove_prefix(std::min(word.size() + 1, text->size()));
  return word;
}

}  // namespace
}  // namespace thalweg
