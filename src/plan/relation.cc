// Makers of typed nodes and the rule by which a relation's output follows from its fields.
#include "plan/relation.h"

#include <atomic>

#include "base/check.h"
#include "data/type_text.h"
#include "plan/clauses.h"

namespace thalweg {
namespace {

std::vector<AttributePtr> ToAttributes(const std::vector<ExprPtr>& named);
std::vector<AttributePtr> WatermarkedOutput(const WithWatermark& node);
int64_t WatermarkOf(const ExprPtr& expr);
std::vector<AttributePtr> Qualified(const SubqueryAlias& alias);
bool IsTimeWindow(const ExprPtr& expr);
std::vector<AttributePtr> WithGenerated(const RelationPtr& input,
                                        const std::vector<ExprPtr>& generated);
AttributePtr AsNullable(const AttributePtr& column);
bool AllResolved(const Relation& relation);

}  // namespace

int64_t NextExpressionId() {
  static std::atomic<int64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

RelationPtr MakeRead(TablePtr table, bool is_streaming, std::vector<int64_t> columns) {
  auto node = std::make_shared<ReadRelation>();
  const Schema& schema = *table->info().schema;
  if (columns.empty()) {
    for (int i = 0; i < schema.size(); ++i) columns.push_back(i);
  }
  for (const int64_t i : columns) {
    auto attribute = std::make_shared<Attribute>();
    attribute->id = NextExpressionId();
    attribute->column = schema.column(static_cast<int>(i)).name;
    attribute->type = schema.column(static_cast<int>(i)).type;
    attribute->nullable = schema.column(static_cast<int>(i)).nullable;
    node->output.push_back(std::move(attribute));
  }
  node->table = std::move(table);
  node->is_streaming = is_streaming;
  node->columns = std::move(columns);
  node->streaming = is_streaming;
  node->resolved_output = true;
  return node;
}

RelationPtr MakeProject(RelationPtr input, std::vector<ExprPtr> expressions) {
  auto node = std::make_shared<Project>();
  node->input = std::move(input);
  node->expressions = std::move(expressions);
  DeriveOutput(node.get());
  return node;
}

RelationPtr MakeFilter(RelationPtr input, ExprPtr condition) {
  auto node = std::make_shared<Filter>();
  node->input = std::move(input);
  node->condition = std::move(condition);
  DeriveOutput(node.get());
  return node;
}

RelationPtr MakeAggregate(RelationPtr input, std::vector<ExprPtr> groupings,
                          std::vector<ExprPtr> aggregates) {
  auto node = std::make_shared<AggregateRelation>();
  node->input = std::move(input);
  node->groupings = std::move(groupings);
  node->aggregates = std::move(aggregates);
  DeriveOutput(node.get());
  return node;
}

RelationPtr MakeDistinct(RelationPtr input) {
  auto node = std::make_shared<AggregateRelation>();
  node->groupings.assign(input->output.begin(), input->output.end());
  node->aggregates = node->groupings;
  node->is_distinct = true;
  node->input = std::move(input);
  DeriveOutput(node.get());
  return node;
}

RelationPtr MakeWithWatermark(RelationPtr input, AttributePtr event_time, int64_t delay_us) {
  auto node = std::make_shared<WithWatermark>();
  node->input = std::move(input);
  node->event_time = std::move(event_time);
  node->delay_us = delay_us;
  DeriveOutput(node.get());
  return node;
}

RelationPtr MakeGenerate(RelationPtr input, ExprPtr generator, bool outer,
                         std::vector<AttributePtr> generated) {
  auto node = std::make_shared<Generate>();
  node->input = std::move(input);
  node->place = generator->place;
  node->generator = std::move(generator);
  node->outer = outer;
  node->generated.assign(generated.begin(), generated.end());
  DeriveOutput(node.get());
  return node;
}

ExprPtr MakeLiteral(Value value) {
  return std::make_shared<Literal>(std::move(value));
}

ExprPtr MakeAlias(ExprPtr child, std::string name) {
  auto alias = std::make_shared<Alias>();
  alias->type = child->type;
  alias->nullable = child->nullable;
  alias->place = child->place;
  alias->child = std::move(child);
  alias->names.push_back(std::move(name));
  alias->id = NextExpressionId();
  return alias;
}

ExprPtr MakeTimeWindow(ExprPtr time, int64_t size_us, int64_t slide_us, int64_t start_us) {
  auto window = std::make_shared<TimeWindow>();
  window->type = StructType({{"start", time->type, true, ""}, {"end", time->type, true, ""}});
  window->nullable = false;  // rows without a time have no window at all
  window->place = time->place;
  window->time = std::move(time);
  window->size_us = size_us;
  window->slide_us = slide_us;
  window->start_us = start_us;
  return window;
}

AttributePtr ToAttribute(const ExprPtr& named) {
  if (named->kind() == ExprKind::kAttribute) {
    return std::static_pointer_cast<const Attribute>(named);
  }
  const Alias* alias = As<Alias>(named);
  THALWEG_CHECK(alias != nullptr, "only an Attribute or an Alias has a name");
  auto attribute = std::make_shared<Attribute>();
  attribute->id = alias->id;
  attribute->column = alias->names.empty() ? "" : alias->names.front();
  attribute->type = alias->child->type;
  attribute->nullable = alias->child->nullable;
  attribute->place = alias->place;
  attribute->watermark_delay_us =
      alias->watermark_delay_us >= 0 ? alias->watermark_delay_us : WatermarkOf(alias->child);
  attribute->time_window = IsTimeWindow(alias->child);
  return attribute;
}

RelationPtr WithOutput(const RelationPtr& relation, std::vector<AttributePtr> output) {
  FieldWriter unchanged;
  auto copy = std::const_pointer_cast<Relation>(relation->Rewrite(unchanged));
  copy->output = std::move(output);
  return copy;
}

std::vector<AttributePtr> JoinOutput(const Join& join) {
  const bool left_nullable =
      join.join == JoinKind::kRightOuter || join.join == JoinKind::kFullOuter;
  const bool right_nullable =
      join.join == JoinKind::kLeftOuter || join.join == JoinKind::kFullOuter;
  std::vector<AttributePtr> output;
  for (const AttributePtr& column : join.left->output) {
    output.push_back(left_nullable ? AsNullable(column) : column);
  }
  if (join.join == JoinKind::kLeftSemi || join.join == JoinKind::kLeftAnti) return output;
  for (const AttributePtr& column : join.right->output) {
    output.push_back(right_nullable ? AsNullable(column) : column);
  }
  return output;
}

AttributePtr FindOutput(const RelationPtr& relation, std::string_view name) {
  for (const AttributePtr& attribute : relation->output) {
    if (EqualsIgnoringCase(attribute->column, name)) return attribute;
  }
  return nullptr;
}

void DeriveOutput(Relation* fresh) {
  const std::vector<RelationPtr> inputs = Inputs(*fresh);
  if (inputs.empty()) return;
  fresh->streaming = false;
  for (const RelationPtr& input : inputs) fresh->streaming |= input->streaming;
  fresh->resolved_output = AllResolved(*fresh);
  std::vector<AttributePtr> old_output = std::move(fresh->output);
  fresh->output.clear();
  if (!fresh->resolved_output) return;
  switch (fresh->kind()) {
    case RelationKind::kProject:
      fresh->output = ToAttributes(static_cast<Project*>(fresh)->expressions);
      break;
    case RelationKind::kAggregate:
      fresh->output = ToAttributes(static_cast<AggregateRelation*>(fresh)->aggregates);
      break;
    case RelationKind::kWithWatermark:
      fresh->output = WatermarkedOutput(*static_cast<WithWatermark*>(fresh));
      break;
    case RelationKind::kJoin:
      fresh->output = JoinOutput(*static_cast<Join*>(fresh));
      break;
    case RelationKind::kSubqueryAlias:
      fresh->output = Qualified(*static_cast<SubqueryAlias*>(fresh));
      break;
    case RelationKind::kGenerate:
      fresh->output = WithGenerated(static_cast<Generate*>(fresh)->input,
                                    static_cast<Generate*>(fresh)->generated);
      break;
    case RelationKind::kExpand:
      fresh->output =
          WithGenerated(static_cast<Expand*>(fresh)->input, static_cast<Expand*>(fresh)->generated);
      break;
    case RelationKind::kSetOperation:  // its columns are its own, whatever the inputs become
      fresh->output = std::move(old_output);
      break;
    default:  // what passes its input's columns on
      fresh->output = inputs.front()->output;
      break;
  }
}

namespace {

bool AllResolved(const Relation& relation) {
  for (const RelationPtr& input : Inputs(relation)) {
    if (!input->resolved()) return false;
  }
  bool resolved = true;
  for (const NamedField& field : FieldsOf(relation)) {
    if (const auto* one = std::get_if<const ExprPtr*>(&field.ref)) {
      resolved &= !**one || (**one)->resolved();
    } else if (const auto* many = std::get_if<const std::vector<ExprPtr>*>(&field.ref)) {
      for (const ExprPtr& expr : **many) resolved &= expr->resolved();
    }
  }
  return resolved;
}

std::vector<AttributePtr> ToAttributes(const std::vector<ExprPtr>& named) {
  std::vector<AttributePtr> out;
  out.reserve(named.size());
  for (const ExprPtr& expr : named) out.push_back(ToAttribute(expr));
  return out;
}

std::vector<AttributePtr> Qualified(const SubqueryAlias& alias) {
  std::vector<AttributePtr> out;
  for (const AttributePtr& column : alias.input->output) {
    auto copy = std::make_shared<Attribute>(*column);
    copy->qualifier = {alias.alias};
    out.push_back(std::move(copy));
  }
  return out;
}

std::vector<AttributePtr> WithGenerated(const RelationPtr& input,
                                        const std::vector<ExprPtr>& generated) {
  std::vector<AttributePtr> out = input->output;
  for (const ExprPtr& column : generated) out.push_back(ToAttribute(column));
  return out;
}

AttributePtr AsNullable(const AttributePtr& column) {
  if (column->nullable) return column;
  auto copy = std::make_shared<Attribute>(*column);
  copy->nullable = true;
  return copy;
}

/// One watermark at a time: a second WithWatermark takes the mark off the column that had it.
std::vector<AttributePtr> WatermarkedOutput(const WithWatermark& node) {
  const Attribute* event_time = As<Attribute>(node.event_time);
  THALWEG_CHECK(event_time != nullptr, "the event time is a column of the input");
  std::vector<AttributePtr> out;
  for (const AttributePtr& attribute : node.input->output) {
    const int64_t delay_us = attribute->id == event_time->id ? node.delay_us : -1;
    if (attribute->watermark_delay_us == delay_us) {
      out.push_back(attribute);
      continue;
    }
    auto copy = std::make_shared<Attribute>(*attribute);
    copy->watermark_delay_us = delay_us;
    out.push_back(std::move(copy));
  }
  return out;
}

int64_t WatermarkOf(const ExprPtr& expr) {
  if (const Attribute* attribute = As<Attribute>(expr)) return attribute->watermark_delay_us;
  if (const Alias* alias = As<Alias>(expr)) {
    return alias->watermark_delay_us >= 0 ? alias->watermark_delay_us : WatermarkOf(alias->child);
  }
  if (const TimeWindow* window = As<TimeWindow>(expr)) return WatermarkOf(window->time);
  const Call* call = As<Call>(expr);  // the last moment of a window moves with the window
  if (call != nullptr && call->function->name() == "window_time") {
    return WatermarkOf(call->arguments[0]);
  }
  return -1;
}

bool IsTimeWindow(const ExprPtr& expr) {
  if (const Attribute* attribute = As<Attribute>(expr)) return attribute->time_window;
  if (const Alias* alias = As<Alias>(expr)) return IsTimeWindow(alias->child);
  return expr->kind() == ExprKind::kTimeWindow;
}

}  // namespace
}  // namespace thalweg
