// The slow twin of the evaluator, for tests: one row and one value at a time, in 128-bit integers
// and plain ifs, so that it is easy to see that it is right. Also makes random batches for both.
#pragma once

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "data/batch.h"
#include "data/test_random.h"
#include "functions/evaluator.h"
#include "functions/registry.h"
#include "plan/relation.h"

namespace thalweg {

/// A value or the condition of an error.
struct Outcome {
  Value value;
  std::string error;
};

class SlowTwin {
 public:
  SlowTwin(const std::vector<AttributePtr>& input, const Batch& batch, int row)
      : input_(input), batch_(batch), row_(row) {}

  Outcome Evaluate(const ExprPtr& expr) const {
    if (const Literal* literal = As<Literal>(expr)) return {literal->value, ""};
    if (const Alias* alias = As<Alias>(expr)) return Evaluate(alias->child);
    if (const Attribute* attribute = As<Attribute>(expr)) return {Column(attribute->id), ""};
    if (const Cast* cast = As<Cast>(expr)) return EvaluateCast(*cast);
    const Call& call = *As<Call>(expr);
    const std::string& name = call.function->name();
    if (name == "and" || name == "or") return Connective(call, name == "or");
    if (name == "if" || name == "when") return Case(call);
    if (name == "coalesce") return Coalesce(call);
    if (name == "isnull" || name == "isnotnull" || name == "<=>") return NullSafe(call, name);
    return Strict(call, name);
  }

 private:
  using Int = __int128;

  Value Column(int64_t id) const {
    for (size_t i = 0; i < input_.size(); ++i) {
      if (input_[i]->id == id) return GetValue(batch_.column(static_cast<int>(i)), row_);
    }
    return Value();
  }

  static bool IsFloating(const TypePtr& type) {
    return type->Is(TypeKind::kFloat) || type->Is(TypeKind::kDouble);
  }
  static int Bits(const TypePtr& type) { return PhysicalWidth(type->physical()) * 8; }
  static Int Max(const TypePtr& type) { return (Int{1} << (Bits(type) - 1)) - 1; }
  static bool Fits(Int value, const TypePtr& type) {
    return value >= -Max(type) - 1 && value <= Max(type);
  }
  static int64_t Wrap(Int value, const TypePtr& type) {
    const int bits = Bits(type);
    Int low = value & ((Int{1} << bits) - 1);
    if (low > Max(type)) low -= Int{1} << bits;
    return static_cast<int64_t>(low);
  }
  static Value Floating(const TypePtr& type, double value) {
    return {type,
            type->Is(TypeKind::kFloat) ? static_cast<double>(static_cast<float>(value)) : value};
  }

  Outcome Connective(const Call& call, bool decides) const {
    const Outcome left = Evaluate(call.arguments[0]);
    if (!left.error.empty()) return left;
    if (!left.value.is_null() && left.value.boolean() == decides) return left;
    const Outcome right = Evaluate(call.arguments[1]);
    if (!right.error.empty()) return right;
    if (!right.value.is_null() && right.value.boolean() == decides) return right;
    if (left.value.is_null() || right.value.is_null()) return {Value(BooleanType()), ""};
    return {Value::Boolean(!decides), ""};
  }

  Outcome Case(const Call& call) const {
    size_t i = 0;
    for (; i + 1 < call.arguments.size(); i += 2) {
      const Outcome condition = Evaluate(call.arguments[i]);
      if (!condition.error.empty()) return condition;
      if (!condition.value.is_null() && condition.value.boolean()) {
        return Evaluate(call.arguments[i + 1]);
      }
    }
    return i < call.arguments.size() ? Evaluate(call.arguments[i]) : Outcome{Value(call.type), ""};
  }

  Outcome Coalesce(const Call& call) const {
    for (const ExprPtr& argument : call.arguments) {
      const Outcome value = Evaluate(argument);
      if (!value.error.empty() || !value.value.is_null()) return value;
    }
    return {Value(call.type), ""};
  }

  Outcome NullSafe(const Call& call, const std::string& name) const {
    const Outcome a = Evaluate(call.arguments[0]);
    if (!a.error.empty()) return a;
    if (name != "<=>") return {Value::Boolean(a.value.is_null() == (name == "isnull")), ""};
    const Outcome b = Evaluate(call.arguments[1]);
    if (!b.error.empty()) return b;
    if (a.value.is_null() || b.value.is_null()) {
      return {Value::Boolean(a.value.is_null() && b.value.is_null()), ""};
    }
    return {Value::Boolean(Compare(a.value, b.value) == 0), ""};
  }

  static int Compare(const Value& a, const Value& b) {
    switch (a.type()->kind()) {
      case TypeKind::kBoolean:
        return a.boolean() - b.boolean();
      case TypeKind::kString:
      case TypeKind::kBinary:
        return a.text() == b.text() ? 0 : a.text() < b.text() ? -1 : 1;  // unsigned char_traits
      case TypeKind::kFloat:
      case TypeKind::kDouble: {
        const double x = a.float64(), y = b.float64();
        if (std::isnan(x) || std::isnan(y)) return std::isnan(x) - std::isnan(y);
        return x < y ? -1 : x > y;
      }
      default:
        return a.int128() < b.int128() ? -1 : a.int128() > b.int128();
    }
  }

  Outcome Strict(const Call& call, const std::string& name) const {
    std::vector<Value> values(call.arguments.size());
    const bool last_first = name == "/" || name == "%" || name == "div";
    for (size_t k = 0; k < values.size(); ++k) {
      const size_t i = last_first ? values.size() - 1 - k : k;
      const Outcome value = Evaluate(call.arguments[i]);
      if (!value.error.empty()) return value;
      if (value.value.is_null()) return {Value(call.type), ""};
      values[i] = value.value;
    }
    const bool ansi = call.function->parameters() == "ansi";
    if (name == "not") return {Value::Boolean(!values[0].boolean()), ""};
    if (name == "negative") return Negate(values[0], ansi);
    if (call.type->Is(TypeKind::kBoolean)) return Comparison(name, values[0], values[1]);
    if (IsFloating(call.type)) return FloatingOperation(name, values[0], values[1], ansi);
    return IntegralOperation(name, values[0], values[1], ansi);
  }

  static Outcome Comparison(const std::string& name, const Value& a, const Value& b) {
    const int c = Compare(a, b);
    const bool result = name == "=="   ? c == 0
                        : name == "!=" ? c != 0
                        : name == "<"  ? c < 0
                        : name == "<=" ? c <= 0
                        : name == ">"  ? c > 0
                                       : c >= 0;
    return {Value::Boolean(result), ""};
  }

  static Outcome Negate(const Value& value, bool ansi) {
    if (IsFloating(value.type())) return {Floating(value.type(), -value.float64()), ""};
    const Int exact = -Int{value.int64()};
    if (!Fits(exact, value.type()) && ansi) return {Value(), "ARITHMETIC_OVERFLOW"};
    return {{value.type(), Wrap(exact, value.type())}, ""};
  }

  static Outcome FloatingOperation(const std::string& name, const Value& a, const Value& b,
                                   bool ansi) {
    const double x = a.float64(), y = b.float64();
    const bool divides = name == "/" || name == "%";
    if (divides && y == 0) {
      if (!ansi) return {Value(a.type()), ""};
      return {Value(), name == "/" ? "DIVIDE_BY_ZERO" : "REMAINDER_BY_ZERO"};
    }
    const double result = name == "+"   ? x + y
                          : name == "-" ? x - y
                          : name == "*" ? x * y
                          : name == "/" ? x / y
                                        : std::fmod(x, y);
    return {Floating(a.type(), result), ""};
  }

  static Outcome IntegralOperation(const std::string& name, const Value& a, const Value& b,
                                   bool ansi) {
    const Int x = a.int64(), y = b.int64();
    if ((name == "div" || name == "%") && y == 0) {
      if (!ansi) return {Value(a.type()), ""};
      return {Value(), name == "div" ? "DIVIDE_BY_ZERO" : "REMAINDER_BY_ZERO"};
    }
    const Int exact = name == "+"     ? x + y
                      : name == "-"   ? x - y
                      : name == "*"   ? x * y
                      : name == "div" ? x / y
                                      : x % y;
    if (!Fits(exact, a.type()) && ansi) {
      return {Value(), Bits(a.type()) <= 16 ? "BINARY_ARITHMETIC_OVERFLOW" : "ARITHMETIC_OVERFLOW"};
    }
    return {{a.type(), Wrap(exact, a.type())}, ""};
  }

  Outcome EvaluateCast(const Cast& cast) const {
    const Outcome child = Evaluate(cast.child);
    if (!child.error.empty() || *cast.to == *cast.child->type) return child;
    if (child.value.is_null()) return {Value(cast.to), ""};
    const Value& value = child.value;
    const bool from_bool = value.type()->Is(TypeKind::kBoolean);
    const bool from_floating = IsFloating(value.type());
    if (cast.to->Is(TypeKind::kBoolean)) {
      return {Value::Boolean(from_floating ? value.float64() != 0 : value.int64() != 0), ""};
    }
    if (IsFloating(cast.to)) {
      if (from_floating) return {Floating(cast.to, value.float64()), ""};
      const int64_t integer = from_bool ? value.boolean() : value.int64();
      const double rounded = cast.to->Is(TypeKind::kFloat) ? static_cast<float>(integer)
                                                           : static_cast<double>(integer);
      return {{cast.to, rounded}, ""};
    }
    const Int exact = from_floating ? Truncated(value.float64(), cast.to)
                                    : Int{from_bool ? value.boolean() : value.int64()};
    const bool fits = from_floating ? FloatingFits(value.float64(), cast.to) : Fits(exact, cast.to);
    if (!fits && cast.mode == CastMode::kTry) return {Value(cast.to), ""};
    if (!fits && cast.mode == CastMode::kAnsi) return {Value(), "CAST_OVERFLOW"};
    return {{cast.to, Wrap(exact, cast.to)}, ""};
  }

  /// Spark's own words: floor(x) <= MAX && ceil(x) >= MIN.
  static bool FloatingFits(double value, const TypePtr& to) {
    return std::floor(value) <= static_cast<double>(Max(to)) &&
           std::ceil(value) >= static_cast<double>(-Max(to) - 1);
  }
  /// Java: to INT or BIGINT saturating, NaN to 0; to the smaller ones through INT.
  static Int Truncated(double value, const TypePtr& to) {
    const TypePtr through = to->Is(TypeKind::kBigint) ? to : IntType();
    if (std::isnan(value)) return 0;
    if (value >= static_cast<double>(Max(through))) return Max(through);
    if (value <= static_cast<double>(-Max(through) - 1)) return -Max(through) - 1;
    return static_cast<Int>(value);
  }

  const std::vector<AttributePtr>& input_;
  const Batch& batch_;
  const int row_;
};

/// A random batch with the columns `types`, any encoding, maybe a selection; numbers are small for
/// a part of the batches, so that not every one overflows.
struct RandomBatch {
  std::vector<AttributePtr> input;
  Batch batch;

  RandomBatch(const std::vector<TypePtr>& types, int rows, TestRandom& random) {
    std::vector<StructField> fields;
    for (const TypePtr& type : types) {
      auto attribute = std::make_shared<Attribute>();
      attribute->id = NextExpressionId();
      attribute->column = "c" + std::to_string(fields.size());
      attribute->type = type;
      input.push_back(attribute);
      fields.push_back({attribute->column, type, true, ""});
    }
    batch.Reset(Schema::Make(fields));
    Refill(rows, random);
  }

  void Refill(int rows, TestRandom& random) {
    const int null_one_in = random.OneIn(3) ? 0 : random.OneIn(4) ? 1 : 2 + random.Below(10);
    const int bound = random.OneIn(3) ? 0 : random.OneIn(2) ? 3 : 100;
    for (size_t c = 0; c < input.size(); ++c) {
      Vector column = RandomVector(input[c]->type, rows, random, null_one_in);
      if (input[c]->type->IsIntegral() && bound > 0) {
        const bool constant = random.OneIn(6);
        column.ResetFlat(input[c]->type, 0);
        for (int r = 0; r < (constant ? 1 : rows); ++r) {
          const bool null = null_one_in > 0 && random.OneIn(null_one_in);
          const int64_t value = random.Below(2 * bound) - bound;
          AppendValue(null ? Value(input[c]->type) : Value(input[c]->type, value), &column);
        }
        if (constant) column.RepeatFirst(rows);
      }
      batch.mutable_column(static_cast<int>(c)) = column;
    }
    batch.SetRowCount(rows);
    batch.ClearSelection();
    if (rows > 0 && random.OneIn(2)) {
      RowIndex* selection = batch.MutableSelection();
      int count = 0;
      const int one_in = random.OneIn(2) ? 2 : 10;
      for (int r = 0; r < rows; ++r) {
        if (random.OneIn(one_in)) selection[count++] = static_cast<RowIndex>(r);
      }
      batch.SetSelected(count);
    }
  }
};

}  // namespace thalweg
