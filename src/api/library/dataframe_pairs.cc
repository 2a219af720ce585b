// Steps that take two DataFrames. The second one's columns get fresh ids: it may be made of the
// same rows as the first.
#include <algorithm>

#include "analyzer/catalog.h"
#include "api/library/access.h"
#include "data/type_text.h"
#include "plan/unresolved.h"
#include "thalweg/dataframe.h"

namespace thalweg {
namespace api {
namespace {

struct Pair {
  RelationPtr left;
  RelationPtr right;
};

template <class F>
DataFrame PairStep(const DataFrame& left, const DataFrame& right, const F& write) {
  if (!left.status().ok()) return left;
  if (!right.status().ok()) return right;
  const Access::Frame& rep = Access::Of(left);
  if (rep.engine != Access::Of(right).engine) {
    return Access::Failed(rep.engine,
                          Access::Wrap(NotSupportedYet("two DataFrames of different sessions")));
  }
  std::lock_guard lock(rep.engine->mutex);
  return Access::MakeFrame(rep.engine,
                           write(Pair{rep.typed, WithFreshIds(Access::Of(right).typed)}));
}

/// Spark's names of joins: without underscores, any case.
thalweg::Result<JoinKind> JoinKindOf(std::string_view text) {
  static constexpr struct {
    std::string_view name;
    JoinKind kind;
  } kNames[] = {{"inner", JoinKind::kInner},         {"cross", JoinKind::kCross},
                {"outer", JoinKind::kFullOuter},     {"full", JoinKind::kFullOuter},
                {"fullouter", JoinKind::kFullOuter}, {"left", JoinKind::kLeftOuter},
                {"leftouter", JoinKind::kLeftOuter}, {"right", JoinKind::kRightOuter},
                {"semi", JoinKind::kLeftSemi},       {"rightouter", JoinKind::kRightOuter},
                {"leftsemi", JoinKind::kLeftSemi},   {"anti", JoinKind::kLeftAnti},
                {"leftanti", JoinKind::kLeftAnti}};
  std::string plain(text);
  std::erase(plain, '_');
  std::string known;
  for (const auto& [name, kind] : kNames) {
    if (EqualsIgnoringCase(plain, name)) return kind;
    known += (known.empty() ? "'" : ", '") + std::string(name) + "'";
  }
  return thalweg::Status::User("UNSUPPORTED_JOIN_TYPE",
                               {{"typ", std::string(text)}, {"supported", known}});
}

thalweg::Result<RelationPtr> SetOf(SetOperationKind kind, bool all, const Pair& pair) {
  auto set = std::make_shared<SetOperation>();
  set->operation = kind;
  set->is_all = all;
  set->inputs = {pair.left, pair.right};
  return RelationPtr(std::move(set));
}

ExprPtr NamedNull(const std::string& name) {
  auto alias = std::make_shared<Alias>();
  alias->child = MakeLiteral(thalweg::Value());
  alias->names = {name};
  return alias;
}

ExprPtr Named(const std::string& name) {
  auto attribute = std::make_shared<UnresolvedAttribute>();
  attribute->parts = {name};
  return attribute;
}

bool Has(const RelationPtr& relation, const std::string& name) {
  return FindOutput(relation, name) != nullptr;
}

/// `input` with the columns `names` in their order; NULL for those it lacks, if that may be.
RelationPtr InOrder(const RelationPtr& input, const std::vector<std::string>& names, bool missing) {
  auto project = std::make_shared<Project>();
  project->input = input;
  for (const std::string& name : names) {
    const bool null = missing && !Has(input, name);
    project->expressions.push_back(null ? NamedNull(name) : Named(name));
  }
  return project;
}

thalweg::Result<RelationPtr> UnionByNameOf(const Pair& pair, bool missing) {
  std::vector<std::string> names;
  for (const AttributePtr& column : pair.left->output) names.push_back(column->column);
  if (!missing && pair.right->output.size() != names.size()) {
    return SetOf(SetOperationKind::kUnion, true, pair);  // refused there
  }
  for (const AttributePtr& column : pair.right->output) {
    if (missing && !Has(pair.left, column->column)) names.push_back(column->column);
  }
  return SetOf(
      SetOperationKind::kUnion, true,
      {missing ? InOrder(pair.left, names, true) : pair.left, InOrder(pair.right, names, missing)});
}

}  // namespace

DataFrame DataFrame::Join(const DataFrame& right, const Column& condition,
                          std::string_view kind) const {
  return PairStep(*this, right, [&](const Pair& pair) -> thalweg::Result<RelationPtr> {
    auto join = std::make_shared<thalweg::Join>();
    join->left = pair.left;
    join->right = pair.right;
    THALWEG_ASSIGN_OR_RETURN(join->join, JoinKindOf(kind));
    THALWEG_ASSIGN_OR_RETURN(join->condition, Access::ExprOf(condition));
    return RelationPtr(std::move(join));
  });
}

DataFrame DataFrame::Join(const DataFrame& right, const Names& using_columns,
                          std::string_view kind) const {
  return PairStep(*this, right, [&](const Pair& pair) -> thalweg::Result<RelationPtr> {
    auto join = std::make_shared<thalweg::Join>();
    join->left = pair.left;
    join->right = pair.right;
    join->using_columns = using_columns;
    THALWEG_ASSIGN_OR_RETURN(join->join, JoinKindOf(kind));
    return RelationPtr(std::move(join));
  });
}

DataFrame DataFrame::CrossJoin(const DataFrame& right) const {
  return Join(right, Names{}, "cross");
}

DataFrame DataFrame::Union(const DataFrame& other) const {
  return PairStep(*this, other,
                  [](const Pair& pair) { return SetOf(SetOperationKind::kUnion, true, pair); });
}
DataFrame DataFrame::UnionByName(const DataFrame& other, bool allow_missing_columns) const {
  return PairStep(*this, other,
                  [&](const Pair& pair) { return UnionByNameOf(pair, allow_missing_columns); });
}
DataFrame DataFrame::Intersect(const DataFrame& other) const {
  return PairStep(*this, other, [](const Pair& pair) {
    return SetOf(SetOperationKind::kIntersect, false, pair);
  });
}
DataFrame DataFrame::Except(const DataFrame& other) const {
  return PairStep(*this, other,
                  [](const Pair& pair) { return SetOf(SetOperationKind::kExcept, false, pair); });
}

}  // namespace api
}  // namespace thalweg
