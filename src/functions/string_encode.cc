// Texts as bytes and back: encode, decode, to_binary, URL encoding, UTF-8 that is or is made valid.
#include <optional>

#include "data/type_text.h"
#include "functions/charset.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/nested_binding.h"
#include "functions/row_function.h"
#include "functions/signature.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

using Text = std::string_view;

Status UnknownCharset(const char* function, Text name) {
  return Status::User(
      "INVALID_PARAMETER_VALUE.CHARSET",
      {{"functionName", "`" + std::string(function) + "`"},
       {"parameter", "`charset`"},
       {"charset", std::string(name)},
       {"charsets", "US-ASCII, ISO-8859-1, UTF-8, UTF-16, UTF-16BE, UTF-16LE, UTF-32"}});
}
Status MalformedCoding(const char* function, Text name) {
  return Status::User(
      "MALFORMED_CHARACTER_CODING",
      {{"function", "`" + std::string(function) + "`"}, {"charset", std::string(name)}});
}

Status Encode(Text text, Text name, std::string* out) {
  const std::optional<Charset> charset = FindCharset(name);
  if (!charset) return UnknownCharset("encode", name);
  return EncodeText(text, *charset, out) ? Status::OK() : MalformedCoding("encode", name);
}
Status Decode(Text bytes, Text name, std::string* out) {
  const std::optional<Charset> charset = FindCharset(name);
  if (!charset) return UnknownCharset("decode", name);
  return DecodeText(bytes, *charset, out) ? Status::OK() : MalformedCoding("decode", name);
}

// ---- to_binary

Status NotBinary(Text text, const char* format) {
  return Status::User("CONVERSION_INVALID_INPUT",
                      {{"str", "'" + std::string(text) + "'"},
                       {"fmt", std::string("'") + format + "'"},
                       {"targetType", "\"BINARY\""},
                       {"suggestion", " Use try_to_binary to get NULL instead."}});
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// An odd first digit stands for a byte.
Status FromHex(Text text, std::string* out) {
  int high = text.size() % 2 == 0 ? -1 : 0;
  for (const char c : text) {
    const int digit = HexDigit(c);
    if (digit < 0) return NotBinary(text, "HEX");
    if (high < 0) {
      high = digit;
    } else {
      out->push_back(static_cast<char>(high << 4 | digit));
      high = -1;
    }
  }
  return Status::OK();
}

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/// Groups of four digits; the last one may lack all of its padding. Blanks may stand before that.
Status FromBase64(Text text, std::string* out) {
  uint32_t group = 0;
  int count = 0, padding = 0;
  for (const char c : text) {
    const int digit = Base64Digit(c);
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (blank && padding == 0) continue;
    if (c == '=') ++padding;
    if (c != '=' && (digit < 0 || padding > 0)) return NotBinary(text, "BASE64");
    if (c == '=') continue;
    group = group << 6 | static_cast<uint32_t>(digit);
    if (++count < 4) continue;
    for (const int shift : {16, 8, 0}) out->push_back(static_cast<char>(group >> shift));
    group = 0;
    count = 0;
  }
  const int missing = count == 0 ? 0 : 4 - count;
  if (count == 1 || (padding > 0 && padding != missing)) return NotBinary(text, "BASE64");
  if (count >= 2) out->push_back(static_cast<char>(group >> (count == 2 ? 4 : 10)));
  if (count == 3) out->push_back(static_cast<char>(group >> 2));
  return Status::OK();
}

void ToUtf8(Text text, std::string* out) {
  AppendValidUtf8(text, out);
}

/// to_binary(text[, format]), try_to_binary: the format is a constant.
Result<ExprPtr> BindToBinary(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 2));
  const bool try_form = b.name.starts_with("try_");
  std::string format = "hex";
  if (b.count() == 2) {
    const std::optional<Value> folded = FoldedValue(b.arguments[1]);
    if (!folded) {
      return Status::User("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                          {{"sqlExpr", QuotedCall(b.name, b.arguments)},
                           {"inputName", "`fmt`"},
                           {"inputType", "\"STRING\""},
                           {"inputExpr", QuotedExpr(b.arguments[1])}},
                          b.place);
    }
    if (folded->is_null()) return MakeLiteral(Value(BinaryType()));
    if (!b.Is(1, TypeKind::kString)) return b.Unexpected(1, "STRING");
    format = folded->text();
    b.arguments.pop_back();
  }
  const bool hex = EqualsIgnoringCase(format, "hex");
  const bool base64 = EqualsIgnoringCase(format, "base64");
  if (!hex && !base64 && !EqualsIgnoringCase(format, "utf-8") &&
      !EqualsIgnoringCase(format, "utf8")) {
    if (try_form) return MakeLiteral(Value(BinaryType()));
    return Status::User("DATATYPE_MISMATCH.INVALID_ARG_VALUE",
                        {{"sqlExpr", QuotedCall(b.name, b.arguments)},
                         {"inputName", "`fmt`"},
                         {"requireType", "case-insensitive \"STRING\""},
                         {"validValues", "'hex', 'utf-8', 'utf8', or 'base64'"},
                         {"inputValue", "'" + format + "'"}},
                        b.place);
  }
  THALWEG_RETURN_NOT_OK(CoerceToLetters(b.name, "S", &b.arguments, b.settings, b.place));
  const Overload overload{"", "S", 'B',
                          hex      ? RowKernel<FromHex>
                          : base64 ? RowKernel<FromBase64>
                                   : RowKernel<ToUtf8>,
                          try_form ? kNullOnFailure : kPlain};
  const std::string name = b.name + (hex ? "(hex)" : base64 ? "(base64)" : "(utf-8)");
  return MakeOverloadCall(overload, name, std::move(b.arguments), b.settings, b.place);
}

// ---- URLs

void UrlEncode(Text text, std::string* out) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string valid;
  AppendValidUtf8(text, &valid);
  for (const char c : valid) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '-' || c == '*' || c == '_';
    if (plain || c == ' ') {
      out->push_back(plain ? c : '+');
      continue;
    }
    const auto byte = static_cast<uint8_t>(c);
    out->push_back('%');
    out->push_back(kDigits[byte >> 4]);
    out->push_back(kDigits[byte & 15]);
  }
}

/// Two digits as Integer.parseInt reads them: the first may be a '+'.
int EscapedByte(Text digits) {
  if (digits.size() < 2) return -1;
  const int high = digits[0] == '+' ? 0 : HexDigit(digits[0]);
  const int low = HexDigit(digits[1]);
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

Status UrlDecode(Text text, std::string* out) {
  std::string bytes;  // of escapes in a row
  for (size_t at = 0; at <= text.size(); ++at) {
    const char c = at < text.size() ? text[at] : '\0';
    if (at < text.size() && c == '%') {
      const int byte = EscapedByte(text.substr(at + 1, 2));
      if (byte < 0) {
        return Status::User("CANNOT_DECODE_URL", {{"url", "'" + std::string(text) + "'"}});
      }
      bytes.push_back(static_cast<char>(byte));
      at += 2;
      continue;
    }
    AppendValidUtf8(bytes, out);
    bytes.clear();
    if (at < text.size()) out->push_back(c == '+' ? ' ' : c);
  }
  return Status::OK();
}

// ---- UTF-8

bool IsValidUtf8(Text text) {
  std::string decoded;
  return DecodeText(text, Charset::kUtf8, &decoded);
}
void MakeValidUtf8(Text text, std::string* out) {
  AppendValidUtf8(text, out);
}
Status ValidateUtf8(Text text, std::string* out) {
  if (DecodeText(text, Charset::kUtf8, out)) return Status::OK();
  std::string shown;
  for (const char c : text) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    const auto byte = static_cast<uint8_t>(c);
    shown += std::string("\\x") + kDigits[byte >> 4] + kDigits[byte & 15];
  }
  return Status::User("INVALID_UTF8_STRING", {{"str", shown}});
}

}  // namespace

/// decode(bytes, charset), which shares its name with a CASE.
Result<ExprPtr> BindDecodeBytes(const std::string& name, std::vector<ExprPtr> arguments,
                                const BindSettings& settings, const SqlPlace& place) {
  THALWEG_RETURN_NOT_OK(CoerceToLetters(name, "BS", &arguments, settings, place));
  const Overload overload{"", "BS", 'S', RowKernel<Decode>};
  return MakeOverloadCall(overload, name, std::move(arguments), settings, place);
}

void RegisterStringEncode(FunctionRegistry* registry) {
  RegisterOverloads(registry,
                    {{"encode", "SS", 'B', RowKernel<Encode>},
                     {"url_encode", "S", 'S', RowKernel<UrlEncode>},
                     {"url_decode", "S", 'S', RowKernel<UrlDecode>},
                     {"try_url_decode", "S", 'S', RowKernel<UrlDecode>, kNullOnFailure},
                     {"is_valid_utf8", "S", 'o', RowKernel<IsValidUtf8>},
                     {"make_valid_utf8", "S", 'S', RowKernel<MakeValidUtf8>},
                     {"validate_utf8", "S", 'S', RowKernel<ValidateUtf8>},
                     {"try_validate_utf8", "S", 'S', RowKernel<ValidateUtf8>, kNullOnFailure}});
  RegisterNested(registry, "to_binary", BindToBinary);
  RegisterNested(registry, "try_to_binary", BindToBinary);
}

}  // namespace thalweg
