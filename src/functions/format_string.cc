// format_string and printf: java.util.Formatter in US English over the types whose Java objects are
// what they look like: strings, integers, DOUBLE, FLOAT, BOOLEAN, and decimals as %s. Anything that
// Java would refuse while formatting is not supported yet.
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "data/text.h"
#include "functions/decimal_text.h"
#include "functions/families.h"
#include "functions/nested_binding.h"
#include "functions/nested_lists.h"
#include "functions/row_function.h"
#include "functions/signature.h"
#include "functions/utf8.h"

namespace thalweg {
namespace {

/// %[index$][flags][width][.precision]conversion
struct Directive {
  std::string literal;  // text, if conversion is 0
  char conversion = 0;
  bool upper = false;
  int argument = -1;
  int width = -1;
  int precision = -1;
  bool left = false, zeros = false, grouped = false, plus = false, blank = false;
};

bool TakeNumber(std::string_view text, size_t* at, int* out) {
  const size_t begin = *at;
  while (*at < text.size() && text[*at] >= '0' && text[*at] <= '9') ++*at;
  const auto [end, error] = std::from_chars(text.data() + begin, text.data() + *at, *out);
  return *at > begin && error == std::errc() && *out <= 10'000;
}

/// Compiles a format; false: something Java refuses, or that is not built.
class FormatReader {
 public:
  explicit FormatReader(std::string_view text) : text_(text) {}
  bool Read(std::vector<Directive>* out) {
    while (at_ < text_.size()) {
      const size_t percent = std::min(text_.find('%', at_), text_.size());
      if (percent > at_) out->push_back({std::string(text_.substr(at_, percent - at_))});
      at_ = percent + 1;
      if (percent == text_.size()) return true;
      Directive directive;
      if (!ReadDirective(&directive)) return false;
      out->push_back(std::move(directive));
    }
    return true;
  }

 private:
  bool ReadDirective(Directive* d) {
    const size_t begin = at_;
    int index = 0;
    if (TakeNumber(text_, &at_, &index) && at_ < text_.size() && text_[at_] == '$') {
      if (index == 0 || text_[begin] == '0') return false;
      d->argument = index - 1;
      ++at_;
    } else {
      at_ = begin;
    }
    if (!ReadFlags(d)) return false;
    if (at_ < text_.size() && text_[at_] >= '1' && text_[at_] <= '9' &&
        !TakeNumber(text_, &at_, &d->width)) {
      return false;
    }
    if (at_ < text_.size() && text_[at_] == '.' && !TakeNumber(text_, &++at_, &d->precision)) {
      return false;
    }
    return at_ < text_.size() && ReadConversion(d);
  }
  bool ReadFlags(Directive* d) {
    for (; at_ < text_.size(); ++at_) {
      bool* flag = nullptr;
      switch (text_[at_]) {
        case '-':
          flag = &d->left;
          break;
        case '0':
          flag = &d->zeros;
          break;
        case ',':
          flag = &d->grouped;
          break;
        case '+':
          flag = &d->plus;
          break;
        case ' ':
          flag = &d->blank;
          break;
        default:
          return true;
      }
      if (*flag) return false;
      *flag = true;
    }
    return false;
  }
  bool ReadConversion(Directive* d) {
    char c = text_[at_++];
    if (c == '%' || c == 'n') {
      const bool plain = d->argument < 0 && d->width < 0 && d->precision < 0 && !d->left;
      d->literal = c == '%' ? "%" : "\n";
      return plain && !d->zeros && !d->grouped && !d->plus && !d->blank;
    }
    d->upper = c == 'S' || c == 'B' || c == 'X' || c == 'E';
    if (d->upper) c = static_cast<char>(c + 32);
    d->conversion = c;
    if (d->argument < 0) d->argument = next_++;
    const bool number = c == 'd' || c == 'x' || c == 'o' || c == 'f' || c == 'e';
    const bool fits = number || (c == 's' && !d->zeros) || (c == 'b' && !d->zeros);
    const bool signs = d->plus || d->blank;
    if (!fits || ((d->left || d->zeros) && d->width < 0) || (d->left && d->zeros)) return false;
    if ((signs && c != 'd' && c != 'f' && c != 'e') || (d->plus && d->blank)) return false;
    if (d->grouped && c != 'd' && c != 'f') return false;
    return d->precision < 0 || c == 's' || c == 'b' || c == 'f' || c == 'e';
  }

  const std::string_view text_;
  size_t at_ = 0;
  int next_ = 0;
};

void AppendPadded(const Directive& d, const std::string& text, std::string* out) {
  const int missing = d.width - CharacterCount(text);
  if (missing > 0 && !d.left) out->append(missing, ' ');
  *out += text;
  if (missing > 0 && d.left) out->append(missing, ' ');
}

void AppendText(const Directive& d, std::string_view text, std::string* out) {
  std::string shown(d.precision < 0 ? text : Characters(text, 0, d.precision));
  if (d.upper) {
    std::string upper;
    AppendUpper(shown, &upper);
    shown = std::move(upper);
  }
  AppendPadded(d, shown, out);
}

/// Sign, zeros up to the width, digits.
void AppendSigned(const Directive& d, bool negative, const std::string& digits, std::string* out) {
  std::string sign = negative ? "-" : d.plus ? "+" : d.blank ? " " : "";
  const int missing = d.width - static_cast<int>(sign.size() + digits.size());
  if (d.zeros && missing > 0) sign.append(missing, '0');
  AppendPadded(d, sign + digits, out);
}

void AppendInteger(const Directive& d, int64_t value, int bits, std::string* out) {
  if (d.conversion == 'd') {
    std::string digits = std::to_string(value);
    if (value < 0) digits.erase(0, 1);
    return AppendSigned(d, value < 0, d.grouped ? Grouped(digits) : digits, out);
  }
  auto rest = static_cast<uint64_t>(value);
  if (bits < 64) rest &= (uint64_t{1} << bits) - 1;
  const int shift = d.conversion == 'x' ? 4 : 3;
  std::string digits;
  do {
    digits.insert(digits.begin(),
                  (d.upper ? "0123456789ABCDEF" : "0123456789abcdef")[rest & ((1 << shift) - 1)]);
    rest >>= shift;
  } while (rest != 0);
  AppendSigned(d, false, digits, out);
}

/// One digit, a point, the others, an exponent of two digits at least.
std::string Scientific(DecimalText text, int precision, bool upper) {
  std::string digits = text.whole + text.fraction;
  int exponent = static_cast<int>(text.whole.size()) - 1;
  const size_t first = std::min(digits.find_first_not_of('0'), digits.size());
  exponent -= static_cast<int>(first);
  digits.erase(0, first);
  if (digits.empty()) {
    digits = "0";
    exponent = 0;
  }
  DecimalText mantissa;
  mantissa.whole = digits.substr(0, 1);
  mantissa.fraction = digits.substr(1);
  RoundText(precision, TextRounding::kHalfUp, 0, &mantissa);
  if (mantissa.whole.size() > 1) {  // 9.99 became 10.0
    mantissa.fraction = mantissa.whole.substr(1) + mantissa.fraction;
    mantissa.fraction.resize(precision);
    mantissa.whole.resize(1);
    ++exponent;
  }
  std::string out = mantissa.whole.empty() ? "0" : mantissa.whole;
  if (precision > 0) out += "." + mantissa.fraction;
  const std::string size = std::to_string(std::abs(exponent));
  return out + (upper ? "E" : "e") + (exponent < 0 ? "-" : "+") + (size.size() < 2 ? "0" : "") +
         size;
}

void AppendFloating(const Directive& d, double value, std::string* out) {
  const bool negative = std::signbit(value) && !std::isnan(value);
  if (!std::isfinite(value)) {
    Directive plain = d;
    plain.zeros = false;
    if (std::isnan(value)) plain.plus = plain.blank = false;
    std::string name = std::isnan(value) ? "NaN" : "Infinity";
    if (d.upper) {
      for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
    return AppendSigned(plain, negative, name, out);
  }
  DecimalText text = DecimalTextOf(value);
  const int precision = d.precision < 0 ? 6 : d.precision;
  if (d.conversion == 'e') {
    return AppendSigned(d, negative, Scientific(std::move(text), precision, d.upper), out);
  }
  RoundText(precision, TextRounding::kHalfUp, 0, &text);
  const std::string whole = text.whole.empty() ? "0" : text.whole;
  AppendSigned(d, negative,
               (d.grouped ? Grouped(whole) : whole) + (precision > 0 ? "." + text.fraction : ""),
               out);
}

// NULL is "null", but false as a BOOLEAN.
void AppendNull(const Directive& d, std::string* out) {
  Directive plain = d;
  plain.zeros = false;
  AppendText(plain, d.conversion == 'b' ? "false" : "null", out);
}

int BitsOf(PhysicalKind kind) {
  return kind == PhysicalKind::kInt8    ? 8
         : kind == PhysicalKind::kInt16 ? 16
         : kind == PhysicalKind::kInt32 ? 32
                                        : 64;
}

/// Appends an argument; false: Java refuses the conversion of this type.
bool AppendArgument(const Directive& d, const Value& value, std::string* out) {
  const DataType& type = *value.type();
  if (value.is_null()) {
    AppendNull(d, out);
    return true;
  }
  if (d.conversion == 'b') {
    const bool is_true = !type.Is(TypeKind::kBoolean) || value.boolean();
    AppendText(d, is_true ? "true" : "false", out);
    return true;
  }
  if (d.conversion == 's') {
    std::string text;
    AppendValueText(value, TimeZone::Utc(), &text);
    AppendText(d, text, out);
    return true;
  }
  const bool floating = type.Is(TypeKind::kFloat) || type.Is(TypeKind::kDouble);
  const bool wants_floating = d.conversion == 'f' || d.conversion == 'e';
  if (wants_floating != floating || (!floating && !type.IsIntegral())) return false;
  if (floating) {
    AppendFloating(d, value.float64(), out);
  } else {
    AppendInteger(d, value.int64(), BitsOf(type.physical()), out);
  }
  return true;
}

/// The format of the last row, compiled.
struct FormatState final : FunctionState {
  bool known = false;
  bool readable = false;
  std::string text;
  std::vector<Directive> directives;
};

std::unique_ptr<FunctionState> NewFormatState() {
  return std::make_unique<FormatState>();
}

bool FormatRow(const KernelCall& call, const FormatState& state, int row, std::string* out) {
  if (!state.readable) return false;
  for (const Directive& d : state.directives) {
    if (d.conversion == 0) {
      *out += d.literal;
      continue;
    }
    if (d.argument + 1 >= ArityOf(call)) return false;
    const Value value = GetValue(*call.arguments[d.argument + 1], row);
    if (!AppendArgument(d, value, out)) return false;
  }
  return true;
}

Status FormatStringKernel(const KernelCall& call, Vector* out) {
  auto* state = static_cast<FormatState*>(call.state);
  std::string text;
  ForEachRow(call.rows, [&](int row) {
    text.clear();
    const bool null = call.arguments[0]->IsNull(row);
    if (!null) {
      const StringView format = call.arguments[0]->Get<StringView>(row);
      if (!state->known || state->text != format.view()) {
        state->known = true;
        state->text = format.view();
        state->directives.clear();
        state->readable = FormatReader(state->text).Read(&state->directives);
      }
      if (!FormatRow(call, *state, row, &text) && call.errors->Wants(row)) {
        call.errors->Report(
            row,
            NotSupportedYet("the format '" + state->text + "' for these arguments", call.place));
      }
    }
    out->SetString(row, text);
    if (null) out->SetNull(row);
  });
  return Status::OK();
}

Result<ExprPtr> BindFormatString(Binding b) {
  if (b.count() == 0) return WrongArgumentCount(b.name, "> 0", 0, b.place);
  THALWEG_RETURN_NOT_OK(b.CastArgument(0, StringType()));
  THALWEG_RETURN_NOT_OK(RefuseCollations(b.name, b.arguments, b.place));
  for (int i = 1; i < b.count(); ++i) {
    const DataType& type = *b.type(i);
    if (!type.IsNumeric() && !type.Is(TypeKind::kString) && !type.Is(TypeKind::kBoolean) &&
        !type.Is(TypeKind::kNull)) {
      return NotSupportedYet(b.name + " of " + type.Sql(), b.place);
    }
  }
  KernelSpec spec;
  spec.kernel = FormatStringKernel;
  spec.new_state = NewFormatState;
  spec.sees_nulls = true;
  spec.traits.nullability =
      b.nullable(0) ? ScalarTraits::Nullability::kAlways : ScalarTraits::Nullability::kNever;
  spec.context = std::make_shared<ArityContext>(b.arguments.size());
  return b.MakeKernelCall(std::move(spec), StringType());
}

}  // namespace

void RegisterFormatString(FunctionRegistry* registry) {
  RegisterNested(registry, "format_string", BindFormatString);
  RegisterNested(registry, "printf", BindFormatString);
}

}  // namespace thalweg
