// Data types in SQL text: ARRAY<INT>, STRUCT<a: INT NOT NULL>, DECIMAL(10, 2), INTERVAL DAY TO
// SECOND.
#include <charconv>

#include "data/ddl.h"
#include "sql/sql_parser.h"

namespace thalweg {
namespace {

std::optional<IntervalUnit> UnitOf(const Token& token) {
  static constexpr std::string_view kNames[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};
  for (int i = 0; i < 6; ++i) {
    if (token.IsWord(kNames[i])) return static_cast<IntervalUnit>(i);
  }
  return std::nullopt;
}

}  // namespace

Result<TypePtr> SqlParser::ParseType() {
  const size_t first = at_;
  if (!AtIdentifier()) return Unexpected("a data type");
  if (PeekWord("INTERVAL") && UnitOf(Peek(1))) return ParseIntervalType();
  if (PeekSymbol("<", 1) || (PeekWord("STRUCT") && PeekSymbol("<>", 1))) {
    THALWEG_RETURN_NOT_OK(GoDeeper());
    Result<TypePtr> nested = ParseNestedType();
    --depth_;
    return nested;
  }
  const bool plain_timestamp = PeekWord("TIMESTAMP");
  const std::string name = Next().text;
  if (plain_timestamp && settings_.timestamp_ntz) return TimestampNtzType();
  std::vector<int> parameters;
  if (PeekSymbol("(") && Peek(1).kind == TokenKind::kInteger && AcceptSymbol("(")) {
    do {
      if (Peek().kind != TokenKind::kInteger) return Unexpected("a number");
      const std::string& digits = Next().text;
      int value = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), value);
      parameters.push_back(value);
    } while (AcceptSymbol(","));
    THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  }
  auto type = TypeByName(name, parameters);
  if (!type.ok()) return type.status().WithPlace(PlaceFrom(first));
  if ((*type)->Is(TypeKind::kString) && (*type)->length() < 0 && AcceptWord("COLLATE")) {
    THALWEG_ASSIGN_OR_RETURN(const std::vector<std::string> collation, ParseDottedName());
    auto canonical = NormalizeCollation(collation.back());
    if (!canonical.ok()) return canonical.status().WithPlace(PlaceFrom(first));
    return CollatedStringType(*canonical);
  }
  return type;
}

Result<TypePtr> SqlParser::ParseIntervalType() {
  Next();
  const IntervalUnit from = *UnitOf(Next());
  IntervalUnit to = from;
  if (PeekWord("TO") && UnitOf(Peek(1))) {
    Next();
    to = *UnitOf(Next());
  }
  if (to < from || (from <= IntervalUnit::kMonth) != (to <= IntervalUnit::kMonth)) {
    return NotYet("this range of an interval type");
  }
  return from <= IntervalUnit::kMonth ? YearMonthIntervalType(from, to)
                                      : DayTimeIntervalType(from, to);
}

Result<TypePtr> SqlParser::ParseNestedType() {
  if (AcceptWord("ARRAY")) {
    THALWEG_RETURN_NOT_OK(ExpectSymbol("<"));
    THALWEG_ASSIGN_OR_RETURN(TypePtr element, ParseType());
    THALWEG_RETURN_NOT_OK(ExpectSymbol(">"));
    return ArrayType(std::move(element));
  }
  if (AcceptWord("MAP")) {
    THALWEG_RETURN_NOT_OK(ExpectSymbol("<"));
    THALWEG_ASSIGN_OR_RETURN(TypePtr key, ParseType());
    THALWEG_RETURN_NOT_OK(ExpectSymbol(","));
    THALWEG_ASSIGN_OR_RETURN(TypePtr value, ParseType());
    THALWEG_RETURN_NOT_OK(ExpectSymbol(">"));
    return MapType(std::move(key), std::move(value));
  }
  if (!AcceptWord("STRUCT")) return Unexpected("a data type");
  if (AcceptSymbol("<>")) return StructType({});
  THALWEG_RETURN_NOT_OK(ExpectSymbol("<"));
  std::vector<StructField> fields;
  if (!PeekSymbol(">")) {
    THALWEG_ASSIGN_OR_RETURN(fields, ParseFields());
  }
  THALWEG_RETURN_NOT_OK(ExpectSymbol(">"));
  return StructType(std::move(fields));
}

// name[:] type [NOT NULL] [COMMENT 'text'], …
Result<std::vector<StructField>> SqlParser::ParseFields() {
  std::vector<StructField> fields;
  do {
    StructField field;
    THALWEG_ASSIGN_OR_RETURN(field.name, ParseIdentifier());
    AcceptSymbol(":");
    THALWEG_ASSIGN_OR_RETURN(field.type, ParseType());
    field.nullable = !AcceptWords({"NOT", "NULL"});
    if (PeekWord("COMMENT") && Peek(1).kind == TokenKind::kString) {
      Next();
      field.comment = Next().text;
    }
    fields.push_back(std::move(field));
  } while (AcceptSymbol(","));
  return fields;
}

Result<SchemaPtr> SqlParser::ParseColumnTypeList() {
  THALWEG_ASSIGN_OR_RETURN(std::vector<StructField> fields, ParseFields());
  return Schema::Make(std::move(fields));
}

}  // namespace thalweg
