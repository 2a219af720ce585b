#include "functions/evaluator_nodes.h"

#include <algorithm>

#include "data/value.h"

namespace thalweg {
namespace {

class Compiler {
 public:
  Compiler(const std::vector<AttributePtr>& input, std::vector<EvalNode>* nodes)
      : input_(input), nodes_(*nodes) {}

  Result<int> Compile(const ExprPtr& expr) {
    if (!expr->resolved()) return Status::Bug("evaluating an unresolved " + ToString(expr));
    switch (expr->kind()) {
      case ExprKind::kLiteral:
        return AddLiteral(*As<Literal>(expr));
      case ExprKind::kAttribute:
        return AddColumn(As<Attribute>(expr)->id, *expr);
      case ExprKind::kLambdaVariable:
        return AddColumn(As<LambdaVariable>(expr)->id, *expr);
      case ExprKind::kAlias:
        return Compile(As<Alias>(expr)->child);
      case ExprKind::kCast: {
        const Cast& cast = *As<Cast>(expr);
        if (cast.function == nullptr) return Compile(cast.child);  // nothing to do
        return AddCall(*expr, cast.function, {cast.child});
      }
      case ExprKind::kCall:
        return AddCall(*expr, As<Call>(expr)->function, As<Call>(expr)->arguments);
      default:
        return Status::Bug(std::string(expr->name()) +
                           " is not a scalar expression: " + ToString(expr));
    }
  }

 private:
  Result<int> AddLiteral(const Literal& literal) {
    EvalNode node;
    node.kind = EvalNode::Kind::kLiteral;
    node.type = literal.type;
    node.foldable = true;
    node.folded = true;
    MakeConstant(literal.value, 1, &node.value);
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].kind == EvalNode::Kind::kLiteral && *nodes_[i].type == *node.type &&
          GetValue(nodes_[i].value, 0) == literal.value) {
        return static_cast<int>(i);
      }
    }
    return Add(std::move(node));
  }

  Result<int> AddColumn(int64_t id, const Expression& expr) {
    const auto found = std::find_if(input_.begin(), input_.end(),
                                    [&](const AttributePtr& column) { return column->id == id; });
    if (found == input_.end()) {
      return Status::Bug("no column for " + std::string(expr.name()) + " #" + std::to_string(id));
    }
    const int column = static_cast<int>(found - input_.begin());
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].kind == EvalNode::Kind::kColumn && nodes_[i].column == column) {
        return static_cast<int>(i);
      }
    }
    EvalNode node;
    node.kind = EvalNode::Kind::kColumn;
    node.type = expr.type;
    node.column = column;
    return Add(std::move(node));
  }

  Result<int> AddCall(const Expression& expr, const BoundFunctionPtr& owner,
                      const std::vector<ExprPtr>& arguments) {
    EvalNode node;
    node.kind = EvalNode::Kind::kCall;
    node.owner = owner;
    node.function = static_cast<const ScalarFunction*>(owner.get());
    node.type = expr.type;
    node.place = expr.place;
    node.foldable = owner->deterministic();
    node.total = node.function->traits().total;
    for (const ExprPtr& argument : arguments) {
      if (argument->kind() == ExprKind::kLambda) {
        THALWEG_RETURN_NOT_OK(AddLambda(argument, &node));
        continue;
      }
      THALWEG_ASSIGN_OR_RETURN(const int id, Compile(argument));
      node.arguments.push_back(id);
      node.foldable &= nodes_[id].foldable;
      node.total &= nodes_[id].total;
    }
    if (owner->deterministic() && node.lambdas.empty()) {
      for (size_t i = 0; i < nodes_.size(); ++i) {
        if (SameCall(nodes_[i], node)) return static_cast<int>(i);
      }
    }
    node.state = node.function->NewState();
    return Add(std::move(node));
  }

  Status AddLambda(const ExprPtr& lambda, EvalNode* call) {
    call->lambdas.resize(call->arguments.size());
    THALWEG_ASSIGN_OR_RETURN(std::unique_ptr<LambdaEvaluator> evaluator,
                             LambdaEvaluator::Make(lambda, input_));
    call->foldable &= evaluator->foldable();
    call->total = false;
    call->lambdas.push_back(std::move(evaluator));
    call->arguments.push_back(-1);
    return Status::OK();
  }

  static bool SameCall(const EvalNode& a, const EvalNode& b) {
    return a.kind == EvalNode::Kind::kCall && a.lambdas.empty() && a.arguments == b.arguments &&
           *a.type == *b.type && a.owner->Equals(*b.owner);
  }

  int Add(EvalNode node) {
    nodes_.push_back(std::move(node));
    return static_cast<int>(nodes_.size()) - 1;
  }

  const std::vector<AttributePtr>& input_;
  std::vector<EvalNode>& nodes_;
};

}  // namespace

Status CompileExpressions(const std::vector<ExprPtr>& expressions,
                          const std::vector<AttributePtr>& input, std::vector<EvalNode>* nodes,
                          std::vector<int>* roots) {
  Compiler compiler(input, nodes);
  for (const ExprPtr& expr : expressions) {
    THALWEG_ASSIGN_OR_RETURN(const int root, compiler.Compile(expr));
    roots->push_back(root);
  }
  return Status::OK();
}

}  // namespace thalweg
