// GROUP BY in all its forms, and the WINDOW clause.
#include <algorithm>

#include "sql/sql_parser.h"

namespace thalweg {

// GROUP BY a, b | ALL | a, b WITH ROLLUP | ROLLUP (a, b) | CUBE (a, b) | GROUPING SETS ((a), ())
Status SqlParser::ParseGroupBy(AggregateRelation* aggregate) {
  if (PeekWord("ALL") && !PeekSymbol(",", 1) && !PeekSymbol(".", 1)) {
    Next();
    aggregate->group = GroupKind::kAll;
    return Status::OK();
  }
  GroupingList list;
  bool analytics = false;
  do {
    if (PeekSymbol("(") && PeekSymbol(")", 1)) return Unexpected("an expression");
    analytics = analytics || AtGroupingAnalytics();
    THALWEG_ASSIGN_OR_RETURN(const GroupingSetList sets, ParseGroupingElement(&list));
    list.sets = Cross(list.sets, sets);
  } while (AcceptSymbol(","));
  aggregate->groupings = std::move(list.groupings);
  if (analytics) {
    PutSets(list.sets, aggregate);
    return Status::OK();
  }
  if (AcceptWords({"WITH", "ROLLUP"})) aggregate->group = GroupKind::kRollup;
  if (AcceptWords({"WITH", "CUBE"})) aggregate->group = GroupKind::kCube;
  if (!PeekWord("GROUPING") || !PeekWord("SETS", 1)) return Status::OK();
  // a, b GROUPING SETS (…): the sets take their columns from a, b.
  GroupingList of_sets;
  of_sets.groupings = aggregate->groupings;
  THALWEG_ASSIGN_OR_RETURN(const GroupingSetList sets, ParseGroupingSets(&of_sets));
  if (of_sets.groupings.size() > aggregate->groupings.size()) {
    return NotYet("GROUPING SETS of what stands not in GROUP BY");
  }
  PutSets(sets, aggregate);
  return Status::OK();
}

bool SqlParser::AtGroupingAnalytics() const {
  if (PeekWord("GROUPING")) return PeekWord("SETS", 1);
  return (PeekWord("ROLLUP") || PeekWord("CUBE")) && PeekSymbol("(", 1);
}

/// The sets that one element of GROUP BY stands for: an expression for the set of itself.
Result<SqlParser::GroupingSetList> SqlParser::ParseGroupingElement(GroupingList* list) {
  if (PeekWord("GROUPING") && PeekWord("SETS", 1)) return ParseGroupingSets(list);
  if (AtGroupingAnalytics()) return ParseRollupOrCube(list);
  THALWEG_ASSIGN_OR_RETURN(ExprPtr grouping, ParseExpression());
  return GroupingSetList{{list->Add(std::move(grouping))}};
}

// ROLLUP (a, (b, c)): a, b, c | a | nothing.  CUBE: every choice of its members.
Result<SqlParser::GroupingSetList> SqlParser::ParseRollupOrCube(GroupingList* list) {
  constexpr size_t kCubeMembersMax = 12;
  const bool cube = PeekWord("CUBE");
  Next();
  THALWEG_RETURN_NOT_OK(ExpectSymbol("("));
  GroupingSetList members;
  do {
    THALWEG_ASSIGN_OR_RETURN(GroupingSet member, ParseGroupingSet(list));
    members.push_back(std::move(member));
  } while (AcceptSymbol(","));
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  GroupingSetList sets;
  if (!cube) {
    for (size_t count = members.size() + 1; count-- > 0;) {
      GroupingSet& set = sets.emplace_back();
      for (size_t i = 0; i < count; ++i) AddMembers(members[i], &set);
    }
    return sets;
  }
  if (members.size() > kCubeMembersMax) return NotYet("CUBE of so many members");
  for (size_t left_out = 0; left_out < size_t{1} << members.size(); ++left_out) {
    GroupingSet& set = sets.emplace_back();
    for (size_t i = 0; i < members.size(); ++i) {
      if ((left_out >> (members.size() - 1 - i) & 1) == 0) AddMembers(members[i], &set);
    }
  }
  return sets;
}

// GROUPING SETS ((a, b), a, (), ROLLUP (c, d))
Result<SqlParser::GroupingSetList> SqlParser::ParseGroupingSets(GroupingList* list) {
  at_ += 2;
  THALWEG_RETURN_NOT_OK(ExpectSymbol("("));
  GroupingSetList sets;
  do {
    if (AtGroupingAnalytics()) {
      THALWEG_ASSIGN_OR_RETURN(const GroupingSetList inner, ParseGroupingElement(list));
      sets.insert(sets.end(), inner.begin(), inner.end());
      continue;
    }
    THALWEG_ASSIGN_OR_RETURN(GroupingSet set, ParseGroupingSet(list));
    sets.push_back(std::move(set));
  } while (AcceptSymbol(","));
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  return sets;
}

// (a, b), () or an expression, which may begin with a parenthesis too: (a + b) * 2.
Result<SqlParser::GroupingSet> SqlParser::ParseGroupingSet(GroupingList* list) {
  const size_t first = at_;
  const int parameters = positional_parameters_;
  if (AcceptSymbol("(")) {
    std::vector<ExprPtr> members;
    bool is_set = true;
    while (is_set && !PeekSymbol(")")) {
      Result<ExprPtr> member = ParseExpression();
      is_set = member.ok() && (PeekSymbol(",") || PeekSymbol(")"));
      if (is_set) members.push_back(*std::move(member));
      if (!is_set || !AcceptSymbol(",")) break;
    }
    if (is_set && AcceptSymbol(")") && (PeekSymbol(",") || PeekSymbol(")"))) {
      GroupingSet set;
      for (ExprPtr& member : members) AddMembers({list->Add(std::move(member))}, &set);
      return set;
    }
    at_ = first;
    positional_parameters_ = parameters;
  }
  THALWEG_ASSIGN_OR_RETURN(ExprPtr grouping, ParseExpression());
  return GroupingSet{list->Add(std::move(grouping))};
}

/// Expressions that are written alike are one grouping.
int64_t SqlParser::GroupingList::Add(ExprPtr grouping) {
  size_t at = 0;
  while (at < groupings.size() && !Equal(groupings[at], grouping)) ++at;
  if (at == groupings.size()) groupings.push_back(std::move(grouping));
  return static_cast<int64_t>(at);
}

void SqlParser::AddMembers(const GroupingSet& members, GroupingSet* set) {
  for (const int64_t member : members) {
    if (std::find(set->begin(), set->end(), member) == set->end()) set->push_back(member);
  }
}

SqlParser::GroupingSetList SqlParser::Cross(const GroupingSetList& left,
                                            const GroupingSetList& right) {
  GroupingSetList sets;
  for (const GroupingSet& a : left) {
    for (const GroupingSet& b : right) {
      sets.push_back(a);
      AddMembers(b, &sets.back());
    }
  }
  return sets;
}

void SqlParser::PutSets(const GroupingSetList& sets, AggregateRelation* aggregate) {
  aggregate->group = GroupKind::kGroupingSets;
  for (const GroupingSet& set : sets) {
    aggregate->sets.insert(aggregate->sets.end(), set.begin(), set.end());
    aggregate->sets.push_back(-1);
  }
}

// WINDOW w AS (…), v AS w: put in place where OVER names them, so no node remembers them.
Status SqlParser::ParseNamedWindows() {
  do {
    const size_t first = at_;
    THALWEG_ASSIGN_OR_RETURN(std::string name, ParseIdentifier());
    THALWEG_RETURN_NOT_OK(ExpectWord("AS"));
    THALWEG_ASSIGN_OR_RETURN(ExprPtr window, ParseWindowSpec(nullptr, first));
    named_windows_.emplace_back(std::move(name), std::move(window));
  } while (AcceptSymbol(","));
  return Status::OK();
}

}  // namespace thalweg
