// SqlParser: the state of one parse and the rules of the grammar as methods, a family of rules a
// file. Rules that begin with Parse consume tokens and build nodes; Accept… consume if they match.
// For one thread and one text; the public functions are in sql/parser.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/parser.h"
#include "sql/token.h"

namespace thalweg {

class SqlParser {
 public:
  SqlParser(std::string_view text, std::vector<Token> tokens, const ParserSettings& settings)
      : text_(text), tokens_(std::move(tokens)), settings_(settings) {}

  // ---- statements.cc
  Result<StatementPtr> ParseStatement();
  Result<std::vector<StatementPtr>> ParseScript();

  // ---- queries.cc
  Result<RelationPtr> ParseQuery();
  // ---- expressions.cc
  Result<ExprPtr> ParseExpression();
  Result<ExprPtr> ParseNamedExpression();  // with an optional alias
  // ---- types.cc
  Result<TypePtr> ParseType();
  Result<SchemaPtr> ParseColumnTypeList();  // a INT, b STRING NOT NULL, without parentheses

  Status ExpectEnd();

 private:
  // ---- sql_parser.cc: tokens
  const Token& Peek(int ahead = 0) const {
    const size_t at = at_ + static_cast<size_t>(ahead);
    return at < tokens_.size() ? tokens_[at] : tokens_.back();
  }
  const Token& Next() { return at_ + 1 < tokens_.size() ? tokens_[at_++] : tokens_.back(); }
  bool PeekWord(std::string_view upper, int ahead = 0) const { return Peek(ahead).IsWord(upper); }
  bool PeekSymbol(std::string_view symbol, int ahead = 0) const {
    return Peek(ahead).IsSymbol(symbol);
  }
  bool AcceptWord(std::string_view upper);
  /// Words in a row, all or none: AcceptWords({"GROUP", "BY"}).
  bool AcceptWords(std::initializer_list<std::string_view> uppers);
  bool AcceptSymbol(std::string_view symbol);
  Status ExpectWord(std::string_view upper);
  Status ExpectSymbol(std::string_view symbol);
  /// PARSE_SYNTAX_ERROR at the next token; `expected`: what could stand there.
  Status Unexpected(std::string_view expected = "") const;
  Status NotYet(std::string_view feature) const;  // at the next token
  /// Called before a rule enters itself again: what nests too deep is refused, not overflown by.
  Status GoDeeper();
  /// From the token at index `first` to the last consumed one.
  SqlPlace PlaceFrom(size_t first) const;
  std::string TextFrom(size_t first) const;

  // ---- types.cc
  Result<TypePtr> ParseIntervalType();
  Result<TypePtr> ParseNestedType();
  Result<std::vector<StructField>> ParseFields();

  // ---- names.cc
  bool AtIdentifier(int ahead = 0) const;  // any word or quoted name
  bool AtAlias() const;                    // a word that may be an alias without AS
  bool AtTableAlias() const;               // likewise, minus words that continue a FROM
  bool ContinuesClause() const;
  Result<std::string> ParseIdentifier();
  Result<std::vector<std::string>> ParseDottedName();
  Result<std::vector<std::string>> ParseIdentifierList();  // (a, b)

  // ---- expressions.cc
  Result<ExprPtr> ParseOr();
  Result<ExprPtr> ParseAnd();
  Result<ExprPtr> ParseNot();
  Result<ExprPtr> ParsePredicate(ExprPtr value, size_t first);
  Result<ExprPtr> ParseIsPredicate(ExprPtr value, size_t first);
  Result<ExprPtr> ParseIn(ExprPtr value, size_t first);
  Result<ExprPtr> ParseLike(ExprPtr value, std::string_view function, bool negated, size_t first);
  Result<ExprPtr> ParseBinary(int min_precedence);
  Result<ExprPtr> ParseUnary();
  std::optional<std::pair<std::string, int>> PeekBinaryOperator(int* tokens) const;
  Result<std::vector<ExprPtr>> ParseExpressionList();
  ExprPtr Operator(std::string function, std::vector<ExprPtr> arguments, size_t first) const;

  // ---- primary.cc
  Result<ExprPtr> ParsePrimary();
  Result<ExprPtr> ParsePostfix(ExprPtr base, size_t first);
  Result<ExprPtr> ParsePrimaryBase();
  Result<ExprPtr> ParseParenthesized();
  bool CaseIsName() const;
  Result<ExprPtr> ParseCase();
  Result<ExprPtr> ParseStar(std::vector<std::string> target, size_t first);
  Result<ExprPtr> ParseNameOrCall();
  Result<ExprPtr> ParseLambda();
  bool AtLambda() const;
  bool AtScriptTransform() const;
  Result<ExprPtr> ParseParameter();

  // ---- calls.cc
  Result<ExprPtr> ParseCall(std::vector<std::string> name, size_t first);
  Result<ExprPtr> ParseCallSuffix(std::shared_ptr<UnresolvedFunction> call, size_t first);
  Result<ExprPtr> ParseWindowSpec(ExprPtr function, size_t first);
  Status ParseWindowBody(UnresolvedWindow* window);
  Result<ExprPtr> ParseFrameBound();
  void AcceptNullsOption(int64_t* option);
  Result<ExprPtr> ParseArgument();

  // ---- special_calls.cc
  Result<std::optional<ExprPtr>> ParseSpecialCall();  // CAST, EXTRACT, TRIM, …
  Result<ExprPtr> ParseCast(CastMode mode, size_t first);
  Result<ExprPtr> ParseExtract(size_t first);
  Result<ExprPtr> ParseTrim(size_t first);
  Result<ExprPtr> ParseSubstring(size_t first);
  Result<ExprPtr> ParsePosition(size_t first);
  Result<ExprPtr> ParseOverlay(size_t first);
  Result<ExprPtr> ParseStructCall(size_t first);
  Result<ExprPtr> ParseTimestampArithmetic(size_t first);

  // ---- literals.cc
  Result<ExprPtr> ParseNumber(bool negative, size_t first);
  Result<ExprPtr> ParseStringLiteral();
  Result<std::optional<ExprPtr>> ParseTypedLiteral();  // DATE '…', X'…', INTERVAL …
  Result<ExprPtr> MakeTypedLiteral(const std::string& type, const Token& text,
                                   const SqlPlace& place) const;
  // ---- interval_literals.cc
  bool AtInterval() const;
  Result<ExprPtr> ParseInterval();
  Result<ExprPtr> ParseUnitToUnit(bool negative, size_t first);
  Result<ExprPtr> ParseMultiUnits(bool negative, size_t first);

  // ---- queries.cc
  Result<RelationPtr> ParseQueryOrganization(RelationPtr input);
  Result<RelationPtr> ParseSetOperations(int min_precedence);
  Result<RelationPtr> ParseQueryPrimary();
  Result<RelationPtr> ParseWith();
  Result<RelationPtr> ParseFromFirst();
  Result<RelationPtr> ParseValues();
  Result<RelationPtr> ParseLimitAndOffset(RelationPtr input);
  Result<std::vector<ExprPtr>> ParseSortItems();
  bool AtQuery(int ahead = 0) const;

  // ---- select.cc
  Result<RelationPtr> ParseSelect();
  Result<RelationPtr> ParseSelectAfter(RelationPtr input);
  Result<RelationPtr> ParseSelectClauses(RelationPtr input, std::vector<ExprPtr> list,
                                         size_t first);
  Result<std::vector<ExprPtr>> ParseSelectList();
  Result<std::vector<std::pair<std::string, std::vector<ExprPtr>>>> ParseHints();
  RelationPtr PutNamedWindows(const RelationPtr& query, size_t from) const;

  // ---- aggregation.cc
  using GroupingSet = std::vector<int64_t>;  // positions of groupings
  using GroupingSetList = std::vector<GroupingSet>;
  struct GroupingList {
    std::vector<ExprPtr> groupings;
    GroupingSetList sets = {{}};  // of the elements read so far, combined
    int64_t Add(ExprPtr grouping);
  };
  /// Fills groupings, kind and sets of `aggregate`.
  Status ParseGroupBy(AggregateRelation* aggregate);
  bool AtGroupingAnalytics() const;
  Result<GroupingSetList> ParseGroupingElement(GroupingList* list);
  Result<GroupingSetList> ParseRollupOrCube(GroupingList* list);
  Result<GroupingSetList> ParseGroupingSets(GroupingList* list);
  Result<GroupingSet> ParseGroupingSet(GroupingList* list);
  static void AddMembers(const GroupingSet& members, GroupingSet* set);
  static GroupingSetList Cross(const GroupingSetList& left, const GroupingSetList& right);
  static void PutSets(const GroupingSetList& sets, AggregateRelation* aggregate);
  Status ParseNamedWindows();

  // ---- from.cc
  Result<RelationPtr> ParseFrom();
  Result<RelationPtr> ParseJoins(RelationPtr left);
  Result<std::optional<JoinKind>> ParseJoinKind(bool* natural);
  Result<RelationPtr> ParseRelationPrimary();
  Result<RelationPtr> ParseStream();
  Result<RelationPtr> ParseTableOrFunction(bool is_streaming);
  Result<RelationPtr> ParseTableSuffix(RelationPtr relation, size_t first);
  Result<RelationPtr> ParseWatermark(RelationPtr relation, size_t first);
  Result<RelationPtr> ParseTableAlias(RelationPtr relation, size_t first);
  Result<RelationPtr> ParseLateralViews(RelationPtr relation);
  Result<RelationPtr> ParseLateralFunction(RelationPtr input, bool outer);
  bool AtJoin() const;

  // ---- statements.cc
  Result<StatementPtr> ParseCreate(size_t first);
  Status ParseCreatedColumns(Statement* statement);
  Status ParseFlow(Statement* statement);
  Status ParseTableClauses(Statement* statement);
  Result<FieldMap> ParsePropertyList();
  Result<std::string> ParsePropertyKey();
  Result<std::string> ParsePropertyValue();
  Result<StatementPtr> ParseCommand(size_t first);
  Status ParseShow(Statement* statement);
  Status ParseShowScope(Statement* statement);
  Status ParseDescribe(Statement* statement);
  Status ParseInsert(Statement* statement);
  Status ParseSet(Statement* statement);
  StatementPtr Finish(Statement statement, size_t first) const;

  const std::string_view text_;
  const std::vector<Token> tokens_;
  const ParserSettings settings_;
  size_t at_ = 0;
  int positional_parameters_ = 0;
  int depth_ = 0;  // of expressions, queries and types inside each other
  std::vector<std::pair<std::string, ExprPtr>> named_windows_;
};

/// Shorthand for nodes with a place.
template <class T>
std::shared_ptr<T> NewNode(const SqlPlace& place) {
  auto node = std::make_shared<T>();
  node->place = place;
  return node;
}

}  // namespace thalweg
