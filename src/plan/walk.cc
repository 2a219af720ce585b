// Everything generic over plan nodes that does not print: walking, rewriting, comparing.
#include <algorithm>
#include <cstring>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "plan/relation.h"

namespace thalweg {
namespace {

/// Direct children of pointer type P, in order of the fields; null ones are left out.
template <class P, class Node>
std::vector<P> PointersIn(const Node& node) {
  std::vector<P> out;
  for (const NamedField& field : FieldsOf(node)) {
    if (const auto* one = std::get_if<const P*>(&field.ref); one && **one) {
      out.push_back(**one);
    } else if (const auto* many = std::get_if<const std::vector<P>*>(&field.ref)) {
      for (const P& p : **many) {
        if (p) out.push_back(p);
      }
    }
  }
  return out;
}

/// Puts new pointers, in the order of PointersIn, into a fresh copy.
template <class P>
class PointerReplacer final : public FieldWriter {
 public:
  explicit PointerReplacer(const std::vector<P>& pointers) : next_(pointers.begin()) {}
  using FieldWriter::Field;
  void Field(const char*, P& p) override {
    if (p) p = *next_++;
  }
  void Field(const char*, std::vector<P>& many) override {
    for (P& p : many) {
      if (p) p = *next_++;
    }
  }

 private:
  typename std::vector<P>::const_iterator next_;
};

/// `node` with `f` applied to its direct pointers of type P; `node` itself if nothing changed.
template <class P, class NodePtr>
NodePtr MapPointers(const NodePtr& node, const std::function<P(const P&)>& f) {
  std::vector<P> pointers = PointersIn<P>(*node);
  bool changed = false;
  for (P& p : pointers) {
    P mapped = f(p);
    changed |= mapped != p;
    p = std::move(mapped);
  }
  if (!changed) return node;
  PointerReplacer<P> replacer(pointers);
  return node->Rewrite(replacer);
}

/// Rewrite has made a node that nobody else holds: its output may still be written.
RelationPtr WithDerivedOutput(const RelationPtr& before, RelationPtr after) {
  if (after == before) return before;
  DeriveOutput(std::const_pointer_cast<Relation>(after).get());
  return after;
}

template <class T>
bool Same(const T& a, const T& b) {
  return a == b;
}
bool Same(const EnumText& a, const EnumText& b) {
  return std::strcmp(a.text, b.text) == 0;
}
bool Same(const TypePtr& a, const TypePtr& b) {
  return a == b || (a && b && *a == *b);
}
bool Same(const SchemaPtr& a, const SchemaPtr& b) {
  return a == b || (a && b && *a == *b);
}
bool Same(const BoundFunctionPtr& a, const BoundFunctionPtr& b) {
  return a == b || (a && b && a->Equals(*b));
}
bool Same(const ExprPtr& a, const ExprPtr& b) {
  return Equal(a, b);
}
bool Same(const RelationPtr& a, const RelationPtr& b) {
  return Equal(a, b);
}
template <class P>
bool SameEach(const std::vector<P>& a, const std::vector<P>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const P& x, const P& y) { return Same(x, y); });
}
bool Same(const std::vector<ExprPtr>& a, const std::vector<ExprPtr>& b) {
  return SameEach(a, b);
}
bool Same(const std::vector<RelationPtr>& a, const std::vector<RelationPtr>& b) {
  return SameEach(a, b);
}

bool SameFields(const std::vector<NamedField>& a, const std::vector<NamedField>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].ref.index() != b[i].ref.index()) return false;
    const bool same = std::visit(
        [&](const auto& x) {
          using Ref = std::decay_t<decltype(x)>;
          const Ref& y = std::get<Ref>(b[i].ref);
          if constexpr (std::is_pointer_v<Ref>) {
            return Same(*x, *y);
          } else {
            return Same(x, y);
          }
        },
        a[i].ref);
    if (!same) return false;
  }
  return true;
}

bool SameOutput(const Relation& a, const Relation& b) {
  return std::equal(a.output.begin(), a.output.end(), b.output.begin(), b.output.end(),
                    [](const AttributePtr& x, const AttributePtr& y) { return x->id == y->id; });
}

bool AnyFunction(const ExprPtr& expr, bool (*f)(const BoundFunction&)) {
  return Any(expr, [&](const Expression& node) {
    for (const NamedField& field : FieldsOf(node)) {
      const auto* function = std::get_if<const BoundFunctionPtr*>(&field.ref);
      if (function && **function && f(***function)) return true;
    }
    return false;
  });
}

RelationPtr TransformUpOnce(const RelationPtr& relation,
                            const std::function<RelationPtr(const RelationPtr&)>& f,
                            std::unordered_map<const Relation*, RelationPtr>* done) {
  if (auto found = done->find(relation.get()); found != done->end()) return found->second;
  RelationPtr mapped = MapInputs(
      relation, [&](const RelationPtr& input) { return TransformUpOnce(input, f, done); });
  return (*done)[relation.get()] = f(mapped);
}

}  // namespace

bool BoundFunction::Equals(const BoundFunction& other) const {
  const FunctionSignature& a = signature_;
  const FunctionSignature& b = other.signature_;
  return a.name == b.name && a.parameters == b.parameters && Same(a.result_type, b.result_type) &&
         SameEach(a.argument_types, b.argument_types);
}

std::vector<ExprPtr> Children(const Expression& expr) {
  return PointersIn<ExprPtr>(expr);
}

ExprPtr MapChildren(const ExprPtr& expr, const std::function<ExprPtr(const ExprPtr&)>& f) {
  return MapPointers<ExprPtr>(expr, f);
}

ExprPtr TransformUp(const ExprPtr& expr, const std::function<ExprPtr(const ExprPtr&)>& f) {
  return f(MapChildren(expr, [&](const ExprPtr& child) { return TransformUp(child, f); }));
}

bool Any(const ExprPtr& expr, const std::function<bool(const Expression&)>& f) {
  if (f(*expr)) return true;
  for (const ExprPtr& child : Children(*expr)) {
    if (Any(child, f)) return true;
  }
  return false;
}

bool Equal(const ExprPtr& a, const ExprPtr& b) {
  if (a == b) return true;
  return a && b && a->kind() == b->kind() && Same(a->type, b->type) &&
         SameFields(FieldsOf(*a), FieldsOf(*b));
}

bool IsDeterministic(const ExprPtr& expr) {
  return !AnyFunction(expr,
                      [](const BoundFunction& function) { return !function.deterministic(); });
}

bool DependsOnEpoch(const ExprPtr& expr) {
  return AnyFunction(expr, [](const BoundFunction& function) { return function.per_epoch(); });
}

std::vector<ExprPtr> Conjuncts(const ExprPtr& condition) {
  if (condition == nullptr) return {};
  const auto* call = As<Call>(condition);
  if (call == nullptr || call->function->name() != "and") return {condition};
  std::vector<ExprPtr> out;
  for (const ExprPtr& argument : call->arguments) {
    for (const ExprPtr& part : Conjuncts(argument)) out.push_back(part);
  }
  return out;
}

std::vector<int64_t> ReferencedAttributes(const ExprPtr& expr) {
  std::vector<int64_t> ids;
  Any(expr, [&](const Expression& node) {
    if (node.kind() == ExprKind::kAttribute) ids.push_back(static_cast<const Attribute&>(node).id);
    return false;
  });
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<RelationPtr> Inputs(const Relation& relation) {
  return PointersIn<RelationPtr>(relation);
}

RelationPtr MapInputs(const RelationPtr& relation,
                      const std::function<RelationPtr(const RelationPtr&)>& f) {
  return WithDerivedOutput(relation, MapPointers<RelationPtr>(relation, f));
}

RelationPtr MapExpressions(const RelationPtr& relation,
                           const std::function<ExprPtr(const ExprPtr&)>& f) {
  return WithDerivedOutput(relation, MapPointers<ExprPtr>(relation, f));
}

RelationPtr TransformUp(const RelationPtr& relation,
                        const std::function<RelationPtr(const RelationPtr&)>& f) {
  std::unordered_map<const Relation*, RelationPtr> done;  // a shared node stays shared
  return TransformUpOnce(relation, f, &done);
}

bool Equal(const RelationPtr& a, const RelationPtr& b) {
  if (a == b) return true;
  return a && b && a->kind() == b->kind() && SameOutput(*a, *b) &&
         SameFields(FieldsOf(*a), FieldsOf(*b));
}

}  // namespace thalweg
