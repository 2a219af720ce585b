// explode, posexplode, inline (of arrays, maps, arrays of structs) with their …_outer twins, and
// stack. Elements are gathered from the children of the lists, wherever these lie.
#include <algorithm>

#include "functions/errors.h"
#include "functions/families.h"
#include "functions/generator.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

/// Lists or maps of any encoding: where the elements of a row lie in the children.
class Lists {
 public:
  explicit Lists(const Vector& lists)
      : lists_(lists),
        flat_(lists.encoding() == Encoding::kDictionary ? lists.child(0) : lists),
        indices_(lists.encoding() == Encoding::kDictionary ? lists.values<int32_t>() : nullptr) {}

  int32_t Length(int row) const {
    if (lists_.IsNull(row)) return 0;
    const int at = IndexOf(row);
    return flat_.offsets()[at + 1] - flat_.offsets()[at];
  }
  /// Where element `position` of a row that has it lies in child(i).
  int32_t ElementAt(int row, int32_t position) const {
    return flat_.offsets()[IndexOf(row)] + position;
  }
  const Vector& child(int i) const { return flat_.child(i); }

 private:
  int IndexOf(int row) const {
    if (indices_ != nullptr) return indices_[row];
    return flat_.is_constant() ? 0 : row;
  }

  const Vector& lists_;
  const Vector& flat_;
  const int32_t* const indices_;
};

/// out = from[at[i]], NULL where at[i] < 0.
void GatherElements(const Vector& from, const int32_t* at, int count, Vector* out) {
  out->ResetFlat(from.type(), 0);
  if (from.size() == 0) return AppendNulls(count, out);
  int32_t known[kBatchRows];
  bool all = true;
  for (int i = 0; i < count; ++i) {
    known[i] = std::max(at[i], 0);
    all &= at[i] >= 0;
  }
  AppendValuesAt(from, known, count, out);
  for (int i = 0; i < count && !all; ++i) {
    if (at[i] < 0) out->SetNull(i);
  }
}

/// Generators over one argument of lists or maps.
class ListGenerator : public GeneratorFunction {
 public:
  using GeneratorFunction::GeneratorFunction;

  void Count(const Vector* const* arguments, const Selection& rows,
             int32_t* counts) const override {
    const Lists lists(*arguments[0]);
    int i = 0;
    ForEachRow(rows, [&](int row) { counts[i++] = lists.Length(row); });
  }

 protected:
  static void Locate(const Lists& lists, const MadeRows& rows, int32_t* at) {
    for (int i = 0; i < rows.count; ++i) {
      const int32_t position = rows.positions[i];
      at[i] = position < 0 ? -1 : lists.ElementAt(rows.rows[i], position);
    }
  }
};

/// [pos,] then the element, or key and value.
class Explode final : public ListGenerator {
 public:
  Explode(FunctionSignature signature, std::vector<StructField> columns, bool with_position)
      : ListGenerator(std::move(signature), std::move(columns)), with_position_(with_position) {}

  void Fill(const Vector* const* arguments, const MadeRows& rows,
            Vector* const* columns) const override {
    const Lists lists(*arguments[0]);
    if (with_position_) FillPositions(rows, *columns++);
    int32_t at[kBatchRows];
    Locate(lists, rows, at);
    const int children = arguments[0]->physical() == PhysicalKind::kMap ? 2 : 1;
    for (int i = 0; i < children; ++i) {
      GatherElements(lists.child(i), at, rows.count, columns[i]);
    }
  }

 private:
  static void FillPositions(const MadeRows& rows, Vector* column) {
    column->ResetFlat(IntType(), rows.count);
    std::copy_n(rows.positions, rows.count, column->mutable_values<int32_t>());
    for (int i = 0; i < rows.count; ++i) {
      if (rows.positions[i] < 0) column->SetNull(i);
    }
  }

  const bool with_position_;
};

/// The fields of the structs; of a NULL among them, NULLs.
class Inline final : public ListGenerator {
 public:
  using ListGenerator::ListGenerator;

  void Fill(const Vector* const* arguments, const MadeRows& rows,
            Vector* const* fields) const override {
    const Lists lists(*arguments[0]);
    int32_t at[kBatchRows];
    Locate(lists, rows, at);
    Vector structs(lists.child(0).type());
    GatherElements(lists.child(0), at, rows.count, &structs);
    for (int i = 0; i < structs.child_count(); ++i) {
      *fields[i] = std::move(structs.mutable_child(i));
      for (int row = 0; row < rows.count && structs.may_have_nulls(); ++row) {
        if (structs.IsNull(row)) fields[i]->SetNull(row);
      }
    }
  }
};

/// stack(n, a1, b1, a2, b2, …): n rows of the arguments behind the first, padded with NULLs.
class Stack final : public GeneratorFunction {
 public:
  Stack(FunctionSignature signature, std::vector<StructField> columns, int32_t rows)
      : GeneratorFunction(std::move(signature), std::move(columns)), rows_(rows) {}

  void Count(const Vector* const*, const Selection& rows, int32_t* counts) const override {
    std::fill_n(counts, rows.count, rows_);
  }

  void Fill(const Vector* const* arguments, const MadeRows& rows,
            Vector* const* columns) const override {
    for (size_t column = 0; column < this->columns().size(); ++column) {
      FillColumn(arguments, column, rows, columns[column]);
    }
  }

 private:
  // The values that are needed of each argument, one argument after the other, then in order.
  void FillColumn(const Vector* const* arguments, size_t column, const MadeRows& rows,
                  Vector* out) const {
    const size_t width = columns().size();
    Vector values(columns()[column].type);
    int32_t at[kBatchRows];
    std::fill_n(at, rows.count, -1);
    for (size_t i = 1 + column; i < argument_types().size(); i += width) {
      const auto position = static_cast<int32_t>((i - 1) / width);
      int32_t sources[kBatchRows];
      int count = 0;
      for (int row = 0; row < rows.count; ++row) {
        if (rows.positions[row] != position) continue;
        at[row] = values.size() + count;
        sources[count++] = rows.rows[row];
      }
      AppendValuesAt(*arguments[i], sources, count, &values);
    }
    GatherElements(values, at, rows.count, out);
  }

  const int32_t rows_;
};

/// explode_outer is explode with `outer`.
struct GeneratorName {
  std::string base;
  bool outer;
};

GeneratorName Split(const std::string& name) {
  constexpr std::string_view kOuter = "_outer";
  if (!name.ends_with(kOuter)) return {name, false};
  return {name.substr(0, name.size() - kOuter.size()), true};
}

FunctionSignature SignatureOf(const std::string& name, const std::vector<ExprPtr>& arguments,
                              const std::vector<StructField>& columns) {
  FunctionSignature signature{name, {}, nullptr, "", true};
  for (const ExprPtr& argument : arguments) signature.argument_types.push_back(argument->type);
  signature.result_type = columns.size() == 1 ? columns[0].type : StructType(columns);
  return signature;
}

Result<ExprPtr> BindExplode(const std::string& name, std::vector<ExprPtr> arguments,
                            const BindSettings&, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  const DataType& type = *arguments[0]->type;
  if (!type.Is(TypeKind::kArray) && !type.Is(TypeKind::kMap)) {
    return UnexpectedArgumentType(name, arguments, 0, "(\"ARRAY\" or \"MAP\")", place);
  }
  const GeneratorName which = Split(name);
  const bool with_position = which.base == "posexplode";
  std::vector<StructField> columns;
  if (with_position) columns.push_back({"pos", IntType(), false});
  if (type.Is(TypeKind::kMap)) {
    columns.push_back({"key", type.key(), false});
    columns.push_back({"value", type.value(), type.contains_null()});
  } else {
    columns.push_back({"col", type.element(), type.contains_null()});
  }
  auto function = std::make_shared<Explode>(SignatureOf(which.base, arguments, columns), columns,
                                            with_position);
  return MakeGeneratorCall(std::move(function), std::move(arguments), which.outer, place);
}

Result<ExprPtr> BindInline(const std::string& name, std::vector<ExprPtr> arguments,
                           const BindSettings&, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  const DataType& type = *arguments[0]->type;
  if (!type.Is(TypeKind::kArray) || !type.element()->Is(TypeKind::kStruct)) {
    return UnexpectedArgumentType(name, arguments, 0, "\"ARRAY<STRUCT>\"", place);
  }
  std::vector<StructField> columns = type.element()->fields();
  for (StructField& column : columns) column.nullable |= type.contains_null();
  const GeneratorName which = Split(name);
  auto function = std::make_shared<Inline>(SignatureOf(which.base, arguments, columns), columns);
  return MakeGeneratorCall(std::move(function), std::move(arguments), which.outer, place);
}

Status OutOfRange(const std::vector<ExprPtr>& arguments, int64_t rows, const SqlPlace& place) {
  return Status::User("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
                      {{"sqlExpr", QuotedCall("stack", arguments)},
                       {"exprName", "`n`"},
                       {"valueRange", "[1, 2147483647]"},
                       {"currentValue", std::to_string(rows)}},
                      place);
}

Status DifferentTypes(const std::vector<ExprPtr>& arguments, size_t left, size_t right,
                      const SqlPlace& place) {
  return Status::User("DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES",
                      {{"sqlExpr", QuotedCall("stack", arguments)},
                       {"columnIndex", std::to_string(left - 1)},
                       {"leftParamIndex", std::to_string(left)},
                       {"leftType", QuotedType(*arguments[left]->type)},
                       {"rightParamIndex", std::to_string(right)},
                       {"rightType", QuotedType(*arguments[right]->type)}},
                      place);
}

/// The type of each column is that of its first argument which is not a plain NULL; such NULLs take
/// it, nothing else is cast.
Result<std::vector<StructField>> StackColumns(std::vector<ExprPtr>* arguments, size_t width,
                                              const SqlPlace& place) {
  std::vector<StructField> columns;
  for (size_t column = 0; column < width; ++column) {
    size_t typed = 1 + column;
    for (size_t i = typed; i < arguments->size(); i += width) {
      if ((*arguments)[typed]->type->Is(TypeKind::kNull)) typed = i;
    }
    const TypePtr type = (*arguments)[typed]->type;
    for (size_t i = 1 + column; i < arguments->size(); i += width) {
      ExprPtr& argument = (*arguments)[i];
      const bool is_null = argument->type->Is(TypeKind::kNull);
      if (is_null && argument->kind() == ExprKind::kLiteral) {
        argument = MakeLiteral(Value(type));
      } else if (!argument->type->SameIgnoringNullability(*type)) {
        return DifferentTypes(*arguments, typed, i, place);
      } else if (!(*argument->type == *type)) {
        return NotSupportedYet("stack of values that differ in the nullability of their parts",
                               place);
      }
    }
    columns.push_back({"col" + std::to_string(column), type, true});
  }
  return columns;
}

Result<ExprPtr> BindStack(const std::string& name, std::vector<ExprPtr> arguments,
                          const BindSettings&, const SqlPlace& place) {
  if (arguments.size() < 2) return WrongArgumentCount(name, "> 1", arguments.size(), place);
  const Literal* rows = As<Literal>(arguments[0]);
  if (rows == nullptr) return NotSupportedYet("stack of a computed number of rows", place);
  if (!rows->type->Is(TypeKind::kInt)) {
    return UnexpectedArgumentType(name, arguments, 0, "\"INT\"", place);
  }
  if (rows->value.is_null()) return NotSupportedYet("stack of NULL rows", place);
  const int64_t count = rows->value.int64();
  if (count < 1) return OutOfRange(arguments, count, place);
  const size_t width = (arguments.size() - 2) / static_cast<size_t>(count) + 1;
  THALWEG_ASSIGN_OR_RETURN(const std::vector<StructField> columns,
                           StackColumns(&arguments, width, place));
  FunctionSignature signature = SignatureOf(name, arguments, columns);
  signature.parameters = "rows=" + std::to_string(count);
  auto function =
      std::make_shared<Stack>(std::move(signature), columns, static_cast<int32_t>(count));
  return MakeGeneratorCall(std::move(function), std::move(arguments), /*outer=*/false, place);
}

}  // namespace

ExprPtr MakeGeneratorCall(GeneratorFunctionPtr function, std::vector<ExprPtr> arguments, bool outer,
                          const SqlPlace& place) {
  auto call = std::make_shared<GeneratorCall>();
  call->type = function->result_type();
  call->nullable = outer || function->columns().size() != 1 || function->columns()[0].nullable;
  call->place = place;
  call->function = std::move(function);
  call->arguments = std::move(arguments);
  call->outer = outer;
  return call;
}

void RegisterGenerators(FunctionRegistry* registry) {
  for (const char* name : {"explode", "explode_outer", "posexplode", "posexplode_outer"}) {
    registry->Register({name, FunctionKind::kGenerator, BindExplode});
  }
  for (const char* name : {"inline", "inline_outer"}) {
    registry->Register({name, FunctionKind::kGenerator, BindInline});
  }
  registry->Register({"stack", FunctionKind::kGenerator, BindStack});
}

}  // namespace thalweg
