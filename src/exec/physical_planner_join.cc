// Lowering of Join: which side is built, which conjuncts of the condition are keys, which columns
// the rest needs. Of a stream and a static side the static one is built, in every epoch anew.
#include <algorithm>

#include "exec/lowering.h"
#include "exec/operators.h"
#include "functions/logic.h"
#include "plan/clauses.h"

namespace thalweg {
namespace {

bool IsCallOf(const ExprPtr& expr, const char* function) {
  const Call* call = As<Call>(expr);
  return call != nullptr && call->function->name() == function;
}

bool IsTrue(const ExprPtr& expr) {
  const Literal* literal = As<Literal>(expr);
  return literal != nullptr && !literal->value.is_null() && literal->value.boolean();
}

/// Reads some columns of `side` and no others.
bool ReadsOnly(const ExprPtr& expr, const std::vector<AttributePtr>& side) {
  const std::vector<int64_t> ids = ReferencedAttributes(expr);
  return !ids.empty() &&
         std::all_of(ids.begin(), ids.end(), [&](int64_t id) { return IndexOf(side, id) >= 0; });
}

/// Equal values of the type have equal key encodings.
bool CanBeKey(const DataType& type) {
  if (type.Is(TypeKind::kMap) || type.Is(TypeKind::kVariant)) return false;
  if (type.Is(TypeKind::kString) && !type.IsBinaryCollated()) return false;
  return std::all_of(type.fields().begin(), type.fields().end(),
                     [](const StructField& field) { return CanBeKey(*field.type); });
}

/// What the relation reads, and whether anything else decides its rows.
void ReadBuildSide(const RelationPtr& relation, JoinBuildSide* side) {
  if (const auto* read = As<ReadRelation>(relation)) side->tables.push_back(read->table);
  MapExpressions(relation, [side](const ExprPtr& expr) {
    side->repeatable &= IsDeterministic(expr) && !DependsOnEpoch(expr);
    return expr;
  });
  for (const RelationPtr& input : Inputs(*relation)) ReadBuildSide(input, side);
}

const char* NameOf(JoinKind kind) {
  static constexpr const char* kNames[] = {"inner",      "cross",     "left outer", "right outer",
                                           "full outer", "left semi", "left anti"};
  return kNames[static_cast<int>(kind)];
}

ProbeRows ProbeRowsOf(JoinKind kind) {
  switch (kind) {
    case JoinKind::kInner:
    case JoinKind::kCross:
      return ProbeRows::kInner;
    case JoinKind::kLeftOuter:
    case JoinKind::kRightOuter:
    case JoinKind::kFullOuter:
      return ProbeRows::kOuter;
    case JoinKind::kLeftSemi:
      return ProbeRows::kSemi;
    case JoinKind::kLeftAnti:
      return ProbeRows::kAnti;
  }
  return ProbeRows::kInner;
}

}  // namespace

class JoinLowering {
 public:
  JoinLowering(Lowering* lowering, const Join& join) : lowering_(lowering), join_(join) {}

  Result<Lowered> Lower(const Demand& demand);

 private:
  Status ChooseSides();
  void ReadCondition();
  bool AddKey(const ExprPtr& conjunct);
  void FindColumns();
  void Describe();
  Result<Lowered> AddNode(const Lowered& probe, const Lowered& build);

  Lowering* const lowering_;
  const Join& join_;
  JoinShape shape_;
  std::vector<ExprPtr> rest_;  // conjuncts that are no keys
};

Result<Lowered> Lowering::LowerJoin(const Join& join, const Demand& demand) {
  return JoinLowering(this, join).Lower(demand);
}

Result<Lowered> JoinLowering::Lower(const Demand& demand) {
  THALWEG_RETURN_NOT_OK(ChooseSides());
  // In the plan's order: that of the offsets.
  THALWEG_ASSIGN_OR_RETURN(const Lowered left, lowering_->Lower(join_.left, demand));
  THALWEG_ASSIGN_OR_RETURN(const Lowered right, lowering_->Lower(join_.right, demand));
  const Lowered& build = shape_.build_is_left ? left : right;
  const Lowered& probe = shape_.build_is_left ? right : left;
  shape_.build = build.output;
  shape_.probe = probe.output;
  ReadCondition();
  FindColumns();
  Describe();
  return AddNode(probe, build);
}

// The probe side is the one whose rows must be seen each by itself: the stream, the side that an
// outer join keeps.
Status JoinLowering::ChooseSides() {
  const JoinKind kind = join_.join;
  const bool left_streams = join_.left->streaming, right_streams = join_.right->streaming;
  const auto refuse = [&](const std::string& what) {
    return NotSupportedYet(std::string("a ") + NameOf(kind) + " join of " + what, join_.place);
  };
  if (left_streams && right_streams) return refuse("two streams");
  const bool inner = kind == JoinKind::kInner || kind == JoinKind::kCross;
  const bool wants_left_probe = !inner && kind != JoinKind::kRightOuter;
  if (left_streams && (kind == JoinKind::kRightOuter || kind == JoinKind::kFullOuter)) {
    return refuse("a stream and a static side");
  }
  if (right_streams && wants_left_probe) return refuse("a static side and a stream");
  shape_.build_is_left = right_streams || kind == JoinKind::kRightOuter;
  shape_.keeps_build_rows = kind == JoinKind::kFullOuter;
  shape_.probe_rows = ProbeRowsOf(kind);
  return Status::OK();
}

void JoinLowering::ReadCondition() {
  for (const ExprPtr& conjunct : Conjuncts(join_.condition)) {
    if (!IsTrue(conjunct) && !AddKey(conjunct)) rest_.push_back(conjunct);
  }
  for (const ExprPtr& conjunct : rest_) {
    shape_.condition = shape_.condition == nullptr
                           ? conjunct
                           : MakeCall(AndFunction(), {shape_.condition, conjunct});
  }
}

bool JoinLowering::AddKey(const ExprPtr& conjunct) {
  const bool null_safe = IsCallOf(conjunct, "<=>");
  if (!null_safe && !IsCallOf(conjunct, "==")) return false;
  const std::vector<ExprPtr>& sides = As<Call>(conjunct)->arguments;
  if (!CanBeKey(*sides[0]->type) || !IsDeterministic(conjunct)) return false;
  for (const int first : {0, 1}) {
    const ExprPtr& probe = sides[first];
    const ExprPtr& build = sides[1 - first];
    if (!ReadsOnly(probe, shape_.probe) || !ReadsOnly(build, shape_.build)) continue;
    shape_.keys.push_back({probe, build, null_safe});
    return true;
  }
  return false;
}

void JoinLowering::FindColumns() {
  std::vector<int64_t> ids;
  if (shape_.condition != nullptr) ids = ReferencedAttributes(shape_.condition);
  for (size_t i = 0; i < shape_.probe.size(); ++i) {
    if (std::find(ids.begin(), ids.end(), shape_.probe[i]->id) == ids.end()) continue;
    shape_.condition_probe.push_back(static_cast<int>(i));
    shape_.condition_columns.push_back(shape_.probe[i]);
  }
  for (size_t i = 0; i < shape_.build.size(); ++i) {
    const bool asked = std::find(ids.begin(), ids.end(), shape_.build[i]->id) != ids.end();
    if (asked) {
      shape_.condition_build.push_back(static_cast<int>(shape_.kept.size()));
      shape_.condition_columns.push_back(shape_.build[i]);
    }
    if (asked || shape_.gives_pairs()) shape_.kept.push_back(static_cast<int>(i));
  }
  shape_.condition_schema = SchemaOf(shape_.condition_columns);
}

void JoinLowering::Describe() {
  Description& description = shape_.description;
  description.name = shape_.keys.empty() ? "NestedLoopJoin" : "HashJoin";
  description.details = {{"join", NameOf(join_.join)},
                         {"build", shape_.build_is_left ? "left" : "right"}};
  std::string keys;
  for (const JoinKey& key : shape_.keys) {
    const ExprPtr& left = shape_.build_is_left ? key.build : key.probe;
    const ExprPtr& right = shape_.build_is_left ? key.probe : key.build;
    keys += (keys.empty() ? "" : ", ") + ToString(left) + (key.null_safe ? " <=> " : " = ") +
            ToString(right);
  }
  if (!keys.empty()) description.details.push_back({"keys", keys});
  std::string rest;
  for (const ExprPtr& conjunct : rest_) rest += (rest.empty() ? "" : " AND ") + ToString(conjunct);
  if (!rest.empty()) description.details.push_back({"condition", rest});
}

Result<Lowered> JoinLowering::AddNode(const Lowered& probe, const Lowered& build) {
  PhysicalInput build_input = build.input;
  build_input.placement = Placement::kBroadcast;
  PhysicalNode* node = lowering_->AddNode(std::move(build_input), join_.output);
  node->inputs.push_back(probe.input);
  shape_.schema = node->schema;
  JoinBuildSide side;
  side.repeatable = true;
  ReadBuildSide(shape_.build_is_left ? join_.left : join_.right, &side);
  JoinOperator made = NewHashJoin(std::move(shape_), std::move(side), lowering_->context_.budget);
  node->shared = std::move(made.shared);
  node->make = std::move(made.make);
  node->inputs[0].is_kept = std::move(made.build_is_kept);
  Lowered lowered;
  lowered.input.node = node;
  lowered.output = join_.output;
  lowered.deterministic = probe.deterministic && build.deterministic &&
                          (join_.condition == nullptr || IsDeterministic(join_.condition));
  return lowered;
}

}  // namespace thalweg
