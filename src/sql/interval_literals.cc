// INTERVAL literals: '1 day 2 hours', 1 DAY 2 HOURS, '1-2' YEAR TO MONTH, -'1' DAY. Their type is
// an interval of the outermost to the innermost unit that stands there.
#include <array>
#include <string>

#include "data/calendar.h"
#include "data/parse_text.h"
#include "sql/sql_parser.h"

namespace thalweg {
namespace {

struct UnitName {
  std::string_view name;
  IntervalUnit unit;
};
constexpr std::array<UnitName, 9> kUnits = {{{"YEAR", IntervalUnit::kYear},
                                             {"MONTH", IntervalUnit::kMonth},
                                             {"WEEK", IntervalUnit::kDay},
                                             {"DAY", IntervalUnit::kDay},
                                             {"HOUR", IntervalUnit::kHour},
                                             {"MINUTE", IntervalUnit::kMinute},
                                             {"SECOND", IntervalUnit::kSecond},
                                             {"MILLISECOND", IntervalUnit::kSecond},
                                             {"MICROSECOND", IntervalUnit::kSecond}}};

std::string UpperOf(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return upper;
}

const UnitName* FindUnit(std::string_view word) {
  const std::string upper = UpperOf(word);
  for (const UnitName& unit : kUnits) {
    if (upper == unit.name || upper == std::string(unit.name) + "S") return &unit;
  }
  return nullptr;
}

bool IsYearMonth(IntervalUnit unit) {
  return unit <= IntervalUnit::kMonth;
}

/// The typed value of a calendar interval whose units are known.
Result<ExprPtr> TypedInterval(const CalendarInterval& interval,
                              const std::vector<IntervalUnit>& units, const SqlPlace& place) {
  IntervalUnit first = units[0], last = units[0];
  for (const IntervalUnit unit : units) {
    first = std::min(first, unit);
    last = std::max(last, unit);
  }
  if (IsYearMonth(first) != IsYearMonth(last)) {
    return Status::Legacy(
        29, "An interval literal holds either years and months or days to seconds", place);
  }
  Value value;
  if (IsYearMonth(first)) {
    value = {YearMonthIntervalType(first, last), int64_t{interval.months}};
  } else {
    int64_t days_us = 0, us = 0;
    if (__builtin_mul_overflow(int64_t{interval.days}, kMicrosPerDay, &days_us) ||
        __builtin_add_overflow(days_us, interval.us, &us)) {
      return NotSupportedYet("an interval literal beyond 64 bits of microseconds", place);
    }
    value = {DayTimeIntervalType(first, last), us};
  }
  auto literal = std::make_shared<Literal>(std::move(value));
  literal->place = place;
  return ExprPtr(literal);
}

}  // namespace

// INTERVAL is a name like any other unless a value follows.
bool SqlParser::AtInterval() const {
  const int ahead = PeekSymbol("-", 1) || PeekSymbol("+", 1) ? 2 : 1;
  const TokenKind kind = Peek(ahead).kind;
  if (kind == TokenKind::kString) return true;
  return (kind == TokenKind::kInteger || kind == TokenKind::kDecimal) &&
         Peek(ahead + 1).kind == TokenKind::kWord;
}

Result<ExprPtr> SqlParser::ParseInterval() {
  const size_t first = at_;
  THALWEG_RETURN_NOT_OK(ExpectWord("INTERVAL"));
  const bool negative = PeekSymbol("-");
  if (negative || PeekSymbol("+")) Next();
  if (Peek().kind == TokenKind::kString && PeekWord("TO", 2)) {
    return ParseUnitToUnit(negative, first);
  }
  return ParseMultiUnits(negative, first);
}

Result<ExprPtr> SqlParser::ParseUnitToUnit(bool negative, size_t first) {
  const std::string text = Next().text;
  const UnitName* from = FindUnit(Next().text);
  Next();  // TO
  const UnitName* to = AtIdentifier() ? FindUnit(Next().text) : nullptr;
  const SqlPlace place = PlaceFrom(first);
  if (from == nullptr || to == nullptr) return Unexpected("a unit of time");
  if (from->unit >= to->unit || IsYearMonth(from->unit) != IsYearMonth(to->unit)) {
    return NotSupportedYet(
        "intervals from " + std::string(from->name) + " to " + std::string(to->name), place);
  }
  int64_t value = 0;
  TypePtr type;
  bool valid = false;
  if (IsYearMonth(from->unit)) {
    type = YearMonthIntervalType(from->unit, to->unit);
    int32_t months = 0;
    valid = ParseYearMonthInterval(text, *type, &months);
    value = months;
  } else {
    type = DayTimeIntervalType(from->unit, to->unit);
    valid = ParseDayTimeInterval(text, *type, &value);
  }
  if (!valid) return NotSupportedYet("the interval text '" + text + "'", place);
  auto literal = std::make_shared<Literal>(Value(std::move(type), negative ? -value : value));
  literal->place = place;
  return ExprPtr(literal);
}

// value unit [value unit …], or one string with units inside.
Result<ExprPtr> SqlParser::ParseMultiUnits(bool negative, size_t first) {
  std::string text;
  std::vector<IntervalUnit> units;
  const bool only_string =
      Peek().kind == TokenKind::kString && (!AtIdentifier(1) || FindUnit(Peek(1).text) == nullptr);
  if (only_string) {
    text = Next().text;
    std::string word;
    for (const char c : text + " ") {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (letter) {
        word.push_back(c);
      } else if (!word.empty()) {
        if (const UnitName* unit = FindUnit(word)) units.push_back(unit->unit);
        word.clear();
      }
    }
  }
  while (!only_string) {
    std::string value = Next().text;
    if (negative && units.empty()) {
      value = value.starts_with("-") ? value.substr(1) : "-" + value;
    }
    const UnitName* unit = AtIdentifier() ? FindUnit(Peek().text) : nullptr;
    if (unit == nullptr) return Unexpected("a unit of time");
    units.push_back(unit->unit);
    text += value + " " + Next().text + " ";
    const int ahead = PeekSymbol("-") || PeekSymbol("+") ? 1 : 0;
    const TokenKind kind = Peek(ahead).kind;
    const bool more = (kind == TokenKind::kInteger || kind == TokenKind::kDecimal ||
                       kind == TokenKind::kString) &&
                      AtIdentifier(ahead + 1) && FindUnit(Peek(ahead + 1).text) != nullptr;
    if (!more) break;
    if (ahead == 1 && Next().text == "-") text += "-";
  }
  const SqlPlace place = PlaceFrom(first);
  CalendarInterval interval;
  if (units.empty() || !ParseCalendarInterval(text, &interval)) {
    return NotSupportedYet("the interval text '" + text + "'", place);
  }
  if (negative && only_string) interval = {-interval.months, -interval.days, -interval.us};
  return TypedInterval(interval, units, place);
}

}  // namespace thalweg
