// The evaluator proper: asks nodes for their values, scope by scope (evaluator_nodes.h).
#include "functions/evaluator.h"

#include <utility>

#include "functions/evaluator_nodes.h"
#include "functions/logic.h"
#include "functions/vectors.h"

namespace thalweg {

void RowErrors::Report(int row, Status status) {
  if (!Wants(row)) return;
  row_ = row;
  status_ = std::move(status);
}

void RowErrors::Clear() {
  row_ = -1;
  status_ = Status::OK();
}

struct EvalMachine {
  struct Scope {
    uint64_t id;
    Selection rows;
  };

  std::vector<EvalNode> nodes;
  std::vector<int> roots;
  std::vector<std::vector<int>> conjuncts;  // of each root, in order

  EpochConstants epoch;
  const Batch* batch = nullptr;
  int physical_rows = 0;
  RowErrors* errors = nullptr;
  uint64_t last_scope_id = 0;
  std::vector<Scope> scopes;

  void Begin(const Batch& b, RowErrors* e);
  void Open(const Selection& rows) { scopes.push_back({++last_scope_id, rows}); }
  void Close() { scopes.pop_back(); }
  Result<const Vector*> Value(int node);
  Result<const Vector*> Evaluate(EvalNode* node);
  Result<const Vector*> Fold(EvalNode* node);
};

namespace {

/// A call of one node for the rows of the innermost scope at its start.
class NodeCall final : public EvalCall {
 public:
  NodeCall(EvalMachine* machine, EvalNode* node)
      : machine_(*machine), node_(*node), rows_(machine->scopes.back().rows) {}

  const Selection& rows() const override { return rows_; }
  int physical_rows() const override { return machine_.physical_rows; }
  int argument_count() const override { return static_cast<int>(node_.arguments.size()); }
  Result<const Vector*> Argument(int i) override { return machine_.Value(node_.arguments[i]); }
  Result<const Vector*> ArgumentFor(int i, const Selection& rows) override {
    if (rows.count == rows_.count) return Argument(i);
    machine_.Open(rows);
    Result<const Vector*> value = machine_.Value(node_.arguments[i]);
    machine_.Close();
    return value;
  }
  EvalLambda& LambdaArgument(int i) override {
    LambdaEvaluator& lambda = *node_.lambdas[i];
    lambda.SetOuter(machine_.batch);
    return lambda;
  }
  bool ArgumentIsTotal(int i) const override { return machine_.nodes[node_.arguments[i]].total; }
  const EpochConstants& epoch() const override { return machine_.epoch; }
  RowErrors& errors() override { return *machine_.errors; }
  FunctionState* state() override { return node_.state.get(); }
  const SqlPlace& place() const override { return node_.place; }

 private:
  EvalMachine& machine_;
  EvalNode& node_;
  const Selection rows_;
};

void AddConjuncts(const std::vector<EvalNode>& nodes, int node, std::vector<int>* out) {
  if (nodes[node].kind == EvalNode::Kind::kCall && IsConjunction(*nodes[node].function)) {
    for (const int argument : nodes[node].arguments) AddConjuncts(nodes, argument, out);
  } else {
    out->push_back(node);
  }
}

}  // namespace

void EvalMachine::Begin(const Batch& b, RowErrors* e) {
  batch = &b;
  physical_rows = b.physical_rows();
  errors = e;
  scopes.clear();
}

Result<const Vector*> EvalMachine::Value(int index) {
  EvalNode& node = nodes[index];
  if (node.kind == EvalNode::Kind::kColumn) return &batch->column(node.column);
  if (node.foldable) return Fold(&node);
  const bool holds = node.scope_depth < static_cast<int>(scopes.size()) &&
                     scopes[node.scope_depth].id == node.scope_id;
  if (holds) return &node.value;
  return Evaluate(&node);
}

Result<const Vector*> EvalMachine::Evaluate(EvalNode* node) {
  const Scope scope = scopes.back();
  const int depth = static_cast<int>(scopes.size()) - 1;
  if (scope.rows.count == 0) {
    node->value.ResetNull(node->type, physical_rows);
  } else {
    NodeCall call(this, node);
    THALWEG_RETURN_NOT_OK(node->function->Evaluate(call, &node->value));
  }
  node->scope_id = scope.id;
  node->scope_depth = depth;
  return &node->value;
}

/// A constant is computed as a batch of one row. An error belongs to the first row that asks, and
/// is found anew for each batch.
Result<const Vector*> EvalMachine::Fold(EvalNode* node) {
  if (!node->folded && scopes.back().rows.count > 0) {
    RowErrors own_errors;
    RowErrors* const outer_errors = std::exchange(errors, &own_errors);
    const int outer_rows = std::exchange(physical_rows, 1);
    Open(Selection::All(1));
    Status status = Evaluate(node).status();
    Close();
    errors = outer_errors;
    physical_rows = outer_rows;
    THALWEG_RETURN_NOT_OK(std::move(status));
    if (node->value.encoding() == Encoding::kDictionary) {
      const Vector dictionary = node->value;
      Flatten(dictionary, Selection::All(1), &node->value);
    }
    if (node->value.is_flat()) node->value.RepeatFirst(physical_rows);
    node->folded = own_errors.empty();
    const int first = scopes.back().rows[0];
    if (!own_errors.empty() && errors->Wants(first)) errors->Report(first, own_errors.status());
  }
  if (node->value.type() == nullptr) node->value.ResetNull(node->type, physical_rows);
  node->value.SetSize(physical_rows);
  return &node->value;
}

ExpressionEvaluator::ExpressionEvaluator(std::unique_ptr<EvalMachine> machine)
    : machine_(std::move(machine)) {}
ExpressionEvaluator::~ExpressionEvaluator() = default;

Result<std::unique_ptr<ExpressionEvaluator>> ExpressionEvaluator::Make(
    const std::vector<ExprPtr>& expressions, const std::vector<AttributePtr>& input) {
  auto machine = std::make_unique<EvalMachine>();
  THALWEG_RETURN_NOT_OK(CompileExpressions(expressions, input, &machine->nodes, &machine->roots));
  for (const int root : machine->roots)
    AddConjuncts(machine->nodes, root, &machine->conjuncts.emplace_back());
  return std::unique_ptr<ExpressionEvaluator>(new ExpressionEvaluator(std::move(machine)));
}

void ExpressionEvaluator::BindEpoch(const EpochConstants& constants) {
  if (machine_->epoch == constants) return;
  machine_->epoch = constants;
  for (EvalNode& node : machine_->nodes) {
    node.folded = node.kind == EvalNode::Kind::kLiteral;
    for (const auto& lambda : node.lambdas) {
      if (lambda != nullptr) lambda->BindEpoch(constants);
    }
  }
}

Status ExpressionEvaluator::Evaluate(int i, const Batch& batch, const Selection& rows,
                                     RowErrors* errors, const Vector** out) {
  machine_->Begin(batch, errors);
  machine_->Open(rows);
  THALWEG_ASSIGN_OR_RETURN(*out, machine_->Value(machine_->roots[i]));
  return Status::OK();
}

Status ExpressionEvaluator::EvaluateAll(const Batch& batch, const Selection& rows,
                                        RowErrors* errors, const Vector** out) {
  machine_->Begin(batch, errors);
  machine_->Open(rows);
  for (const int root : machine_->roots) {
    THALWEG_ASSIGN_OR_RETURN(*out++, machine_->Value(root));
  }
  return Status::OK();
}

Result<int> ExpressionEvaluator::Filter(int i, const Batch& batch, const Selection& rows,
                                        RowErrors* errors, RowIndex* out) {
  machine_->Begin(batch, errors);
  Selection left = rows;
  for (const int conjunct : machine_->conjuncts[i]) {
    machine_->Open(left);  // inside the one before: what that computed still holds
    THALWEG_ASSIGN_OR_RETURN(const Vector* condition, machine_->Value(conjunct));
    left = {out, SelectTrue(*condition, left, out)};
    if (left.count == 0) break;
  }
  return left.count;
}

}  // namespace thalweg
