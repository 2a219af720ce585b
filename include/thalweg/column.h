// Column: an expression over the columns of a DataFrame, as in Spark. It is only written down here;
// what it means is looked up when a DataFrame is made of it. A text where a Column is wanted names
// a column; a text beside an operator is a value: Col("country") == "DE". Values, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "thalweg/value.h"

namespace thalweg {
namespace api {

class THALWEG_EXPORT Column {
 public:
  /// "amount", "t.amount", "address.city", "`a.b`", "*", "t.*".
  Column(const char* name);         // NOLINT: implicit on purpose
  Column(const std::string& name);  // NOLINT: implicit on purpose

  Column As(std::string_view name) const;
  /// Several names, for what makes several columns: Explode(map).As({"key", "value"}).
  Column As(std::vector<std::string> names) const;
  Column Cast(const DataType& type) const;
  /// Type as DDL; a text that is none fails where the Column is used.
  Column Cast(std::string_view type) const;
  Column TryCast(std::string_view type) const;

  Column IsNull() const;
  Column IsNotNull() const;
  Column EqNullSafe(const Column& other) const;  // <=>
  Column IsIn(std::vector<Value> values) const;
  template <class A, class B>
  Column Between(const A& low, const B& high) const;
  Column Like(std::string_view pattern) const;
  Column ILike(std::string_view pattern) const;
  Column RLike(std::string_view pattern) const;
  Column Contains(std::string_view text) const;
  Column StartsWith(std::string_view text) const;
  Column EndsWith(std::string_view text) const;
  /// A field of a struct.
  Column GetField(std::string_view name) const;
  /// An element of an array (from 0) or of a map (by key).
  Column GetItem(const Value& key) const;
  /// Of Window(…): its start and end.
  Column Start() const { return GetField("start"); }
  Column End() const { return GetField("end"); }

  Column Asc() const;
  Column Desc() const;
  Column AscNullsLast() const;
  Column DescNullsFirst() const;

  /// Of a When(…): the next branch, and what stands for all others.
  template <class V>
  Column When(const Column& condition, const V& value) const;
  template <class V>
  Column Otherwise(const V& value) const;

 private:
  friend struct Access;
  struct Rep;
  explicit Column(std::shared_ptr<const Rep> rep) : rep_(std::move(rep)) {}
  /// More arguments of the same When.
  Column MoreBranches(const std::vector<Column>& more) const;
  std::shared_ptr<const Rep> rep_;
};

/// A column by name.
inline Column Col(const std::string& name) {
  return Column(name);
}
/// A value as it is.
THALWEG_EXPORT Column Lit(const Value& value);
/// An expression as SQL writes it: Expr("a + 1 AS b").
THALWEG_EXPORT Column Expr(std::string_view sql);
/// Any function by its SQL name, also one of the user.
THALWEG_EXPORT Column CallFunction(std::string_view name, std::vector<Column> arguments);
/// An operator by its SQL name: "+", "and", "not".
THALWEG_EXPORT Column CallOperator(std::string_view name, std::vector<Column> arguments);

/// What stands beside a Column: another one, or a value.
template <class T>
concept Operand = std::same_as<T, Column> || std::constructible_from<Value, const T&>;
template <class A, class B>
concept Operands = Operand<A> && Operand<B> &&(std::same_as<A, Column> || std::same_as<B, Column>);

template <Operand T>
Column ToOperand(const T& operand) {
  if constexpr (std::same_as<T, Column>) {
    return operand;
  } else {
    return Lit(Value(operand));
  }
}

template <class A, class B>
Column Column::Between(const A& low, const B& high) const {
  return CallOperator("between", {*this, ToOperand(low), ToOperand(high)});
}
template <class V>
Column Column::When(const Column& condition, const V& value) const {
  return MoreBranches({condition, ToOperand(value)});
}
template <class V>
Column Column::Otherwise(const V& value) const {
  return MoreBranches({ToOperand(value)});
}

#define THALWEG_OPERATOR(op, name)                                     \
  template <class A, class B>                                          \
  requires Operands<A, B> Column operator op(const A& a, const B& b) { \
    return CallOperator(name, {ToOperand(a), ToOperand(b)});           \
  }
THALWEG_OPERATOR(+, "+")
THALWEG_OPERATOR(-, "-")
THALWEG_OPERATOR(*, "*")
THALWEG_OPERATOR(/, "/")
THALWEG_OPERATOR(%, "%")
THALWEG_OPERATOR(==, "==")
THALWEG_OPERATOR(!=, "!=")
THALWEG_OPERATOR(<, "<")
THALWEG_OPERATOR(<=, "<=")
THALWEG_OPERATOR(>, ">")
THALWEG_OPERATOR(>=, ">=")
THALWEG_OPERATOR(&&, "and")
THALWEG_OPERATOR(||, "or")
#undef THALWEG_OPERATOR

inline Column operator!(const Column& a) {
  return CallOperator("not", {a});
}
inline Column operator-(const Column& a) {
  return CallOperator("negative", {a});
}

}  // namespace api
}  // namespace thalweg
