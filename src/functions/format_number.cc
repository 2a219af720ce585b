// format_number(number, digits) and format_number(number, pattern): java.text.DecimalFormat in US
// English, rounding half to even by the exact value.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>

#include "functions/coercion.h"
#include "functions/decimal_text.h"
#include "functions/families.h"
#include "functions/nested_binding.h"
#include "functions/row_function.h"
#include "functions/signature.h"

namespace thalweg {
namespace {

/// What a pattern of digits says: "#,##0.00", "0.##".
struct NumberPattern {
  bool grouped = false;
  int whole_min = 0;
  int fraction_min = 0;
  int fraction_max = 0;
};

// Digits alone; prefixes, exponents, percents and other group sizes are not built.
bool ReadPattern(std::string_view text, NumberPattern* out) {
  *out = NumberPattern();
  const size_t point = std::min(text.find('.'), text.size());
  std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point < text.size() ? text.substr(point + 1) : "";
  const size_t comma = whole.rfind(',');
  if (comma != whole.npos) {
    if (whole.size() - comma - 1 != 3) return false;
    out->grouped = true;
  }
  bool zeros = false;
  for (const char c : whole) {
    if (c == ',') continue;
    if (c != '0' && (c != '#' || zeros)) return false;
    zeros = c == '0';
    if (zeros) ++out->whole_min;
  }
  bool optional = false;
  for (const char c : fraction) {
    if (c != '#' && (c != '0' || optional)) return false;
    optional = c == '#';
    ++out->fraction_max;
    if (!optional) ++out->fraction_min;
  }
  // "#.##" prints a digit before the point, "#.00" need not.
  const bool no_zero = out->whole_min == 0 && out->fraction_min == 0;
  if (no_zero && point < text.size()) out->whole_min = 1;
  return !whole.empty() && whole[0] != ',';
}

// The sign of what a double has beyond its shortest digits.
int Beyond(double value, const DecimalText& text) {
  char exact[1200];  // every digit of any double
  std::snprintf(exact, sizeof exact, "%.1074f", std::fabs(value));
  std::string shortest = (text.whole.empty() ? "0" : text.whole) + "." + text.fraction;
  std::string digits(exact);
  shortest.resize(std::max(shortest.size(), digits.size()), '0');
  digits.resize(shortest.size(), '0');
  return digits == shortest ? 0 : digits > shortest ? 1 : -1;
}

void Print(DecimalText text, const NumberPattern& pattern, int beyond, std::string* out) {
  RoundText(pattern.fraction_max, TextRounding::kHalfEven, beyond, &text);
  while (static_cast<int>(text.fraction.size()) > pattern.fraction_min &&
         text.fraction.ends_with('0')) {
    text.fraction.pop_back();
  }
  if (static_cast<int>(text.whole.size()) < pattern.whole_min) {
    text.whole.insert(0, pattern.whole_min - text.whole.size(), '0');
  }
  if (text.whole.empty() && text.fraction.empty()) text.whole = "0";
  if (text.negative) *out += '-';
  *out += pattern.grouped ? Grouped(text.whole) : text.whole;
  if (!text.fraction.empty()) *out += "." + text.fraction;
}

void PrintDouble(double value, const NumberPattern& pattern, std::string* out) {
  if (std::isnan(value)) {
    *out += "NaN";
  } else if (std::isinf(value)) {
    *out += value < 0 ? "-∞" : "∞";
  } else {
    DecimalText text = DecimalTextOf(value);
    const int beyond = Beyond(value, text);
    Print(std::move(text), pattern, beyond, out);
  }
}

void PrintNumber(const Vector& numbers, int row, const NumberPattern& pattern, std::string* out) {
  if (numbers.is_constant()) row = 0;
  switch (numbers.physical()) {
    case PhysicalKind::kDouble:
      return PrintDouble(numbers.values<double>()[row], pattern, out);
    case PhysicalKind::kInt128:
      return Print(DecimalTextOf(numbers.values<int128_t>()[row], numbers.type()->scale()), pattern,
                   0, out);
    default: {
      const int scale = numbers.type()->Is(TypeKind::kDecimal) ? numbers.type()->scale() : 0;
      return Print(DecimalTextOf(int128_t{numbers.values<int64_t>()[row]}, scale), pattern, 0, out);
    }
  }
}

template <bool kByDigits>
Status FormatNumberKernel(const KernelCall& call, Vector* out) {
  std::string text;
  ForEachRow(call.rows, [&](int row) {
    text.clear();
    bool has_value = call.IsValid(row);
    NumberPattern pattern{true, 1, 0, 0};
    if (has_value && kByDigits) {
      const Vector& digits = *call.arguments[1];
      pattern.fraction_max = digits.values<int32_t>()[digits.is_constant() ? 0 : row];
      pattern.fraction_min = pattern.fraction_max;
      has_value = pattern.fraction_max >= 0;
    } else if (has_value) {
      const StringView wanted = call.arguments[1]->Get<StringView>(row);
      if (!ReadPattern(wanted.view(), &pattern) && call.errors->Wants(row)) {
        call.errors->Report(row, NotSupportedYet("the pattern '" + std::string(wanted.view()) +
                                                     "' of format_number",
                                                 call.place));
        has_value = false;
      }
    }
    constexpr int kDigitsMax = 340;  // DecimalFormat cuts off more
    pattern.fraction_max = std::min(pattern.fraction_max, kDigitsMax);
    pattern.fraction_min = std::min(pattern.fraction_min, kDigitsMax);
    if (has_value) PrintNumber(*call.arguments[0], row, pattern, &text);
    out->SetString(row, text);
    if (!has_value) out->SetNull(row);
  });
  return Status::OK();
}

Result<ExprPtr> BindFormatNumber(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  const DataType& number = *b.type(0);
  if (!number.IsNumeric() && !number.Is(TypeKind::kNull)) {
    if (number.Is(TypeKind::kString)) return NotSupportedYet("format_number of a STRING", b.place);
    return b.Unexpected(0, "NUMERIC");
  }
  const DataType& second = *b.type(1);
  const bool by_digits = second.IsIntegral() || second.Is(TypeKind::kNull);
  if (!by_digits && !second.Is(TypeKind::kString)) {
    return UnexpectedArgumentType(b.name, b.arguments, 1, "(\"INT\" or \"STRING\")", b.place);
  }
  THALWEG_RETURN_NOT_OK(RefuseCollations(b.name, b.arguments, b.place));
  const bool floating = number.Is(TypeKind::kFloat) || number.Is(TypeKind::kDouble);
  if (!number.Is(TypeKind::kDecimal)) {
    THALWEG_RETURN_NOT_OK(b.Coerce(0, floating ? DoubleType() : BigintType()));
  }
  if (by_digits) THALWEG_RETURN_NOT_OK(b.Coerce(1, IntType()));
  KernelSpec spec;
  spec.kernel = by_digits ? FormatNumberKernel<true> : FormatNumberKernel<false>;
  spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  return b.MakeKernelCall(std::move(spec), StringType());
}

}  // namespace

void RegisterFormatNumber(FunctionRegistry* registry) {
  RegisterNested(registry, "format_number", BindFormatNumber);
}

}  // namespace thalweg
