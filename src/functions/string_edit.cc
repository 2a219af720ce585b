// Functions that make text from text: case, padding, trimming, replacing, repeating. Rules: Spark's
// UTF8String and string expressions.
#include <algorithm>
#include <vector>

#include "functions/collection_binding.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/row_function.h"
#include "functions/signature.h"
#include "functions/utf8.h"

namespace thalweg {
namespace {

using Text = std::string_view;

void Upper(Text text, std::string* out) {
  AppendUpper(text, out);
}
void Lower(Text text, std::string* out) {
  AppendLower(text, out);
}
void InitCap(Text text, std::string* out) {
  AppendInitCap(text, out);
}

void Reverse(Text text, std::string* out) {
  out->resize(text.size());
  size_t end = text.size();
  for (size_t at = 0; at < text.size();) {
    const size_t bytes = std::min<size_t>(CharacterBytes(text[at]), text.size() - at);
    end -= bytes;
    text.copy(out->data() + end, bytes, at);
    at += bytes;
  }
}

void Repeat(Text text, int32_t times, std::string* out) {
  for (int32_t i = 0; i < times; ++i) out->append(text);
}
void Space(int32_t count, std::string* out) {
  out->append(std::max(count, 0), ' ');
}

void Replace(Text text, Text search, Text with, std::string* out) {
  size_t begin = 0;
  for (size_t at = 0; !search.empty() && (at = text.find(search, begin)) != Text::npos;) {
    out->append(text.substr(begin, at - begin)).append(with);
    begin = at + search.size();
  }
  out->append(text.substr(begin));
}
void Remove(Text text, Text search, std::string* out) {
  Replace(text, search, "", out);
}

/// Characters of `from` become those of `to` at the same place, or nothing; the first one counts.
void Translate(Text text, Text from, Text to, std::string* out) {
  for (size_t at = 0; at < text.size();) {
    const size_t bytes = std::min<size_t>(CharacterBytes(text[at]), text.size() - at);
    const Text character = text.substr(at, bytes);
    at += bytes;
    int index = 0;
    size_t place = 0;
    while (place < from.size() && from.substr(place, CharacterBytes(from[place])) != character) {
      place += CharacterBytes(from[place]);
      ++index;
    }
    out->append(place < from.size() ? Characters(to, index, index + 1) : character);
  }
}

/// `count` characters of `pad`, over and over.
void AppendPadding(Text pad, int64_t count, std::string* out) {
  const int64_t width = CharacterCount(pad);
  if (width == 0 || count <= 0) return;
  for (int64_t i = 0; i < count / width; ++i) out->append(pad);
  out->append(Characters(pad, 0, count % width));
}
void Lpad(Text text, int32_t length, Text pad, std::string* out) {
  const int64_t count = CharacterCount(text);
  if (count >= length || pad.empty()) return void(out->append(Characters(text, 0, length)));
  AppendPadding(pad, length - count, out);
  out->append(text);
}
void Rpad(Text text, int32_t length, Text pad, std::string* out) {
  const int64_t count = CharacterCount(text);
  if (count >= length || pad.empty()) return void(out->append(Characters(text, 0, length)));
  out->append(text);
  AppendPadding(pad, length - count, out);
}
void LpadSpaces(Text text, int32_t length, std::string* out) {
  Lpad(text, length, " ", out);
}
void RpadSpaces(Text text, int32_t length, std::string* out) {
  Rpad(text, length, " ", out);
}

void BytesPad(Text bytes, int32_t length, Text pad, bool left, std::string* out) {
  const auto wanted = static_cast<size_t>(std::max(length, 0));
  if (bytes.size() >= wanted || pad.empty()) return void(out->append(bytes.substr(0, wanted)));
  std::string padding;
  while (padding.size() < wanted - bytes.size()) padding.append(pad);
  padding.resize(wanted - bytes.size());
  out->append(left ? padding : bytes).append(left ? bytes : Text(padding));
}
void BinaryLpad(Text bytes, int32_t length, Text pad, std::string* out) {
  BytesPad(bytes, length, pad, true, out);
}
void BinaryRpad(Text bytes, int32_t length, Text pad, std::string* out) {
  BytesPad(bytes, length, pad, false, out);
}
void BinaryLpadZeros(Text bytes, int32_t length, std::string* out) {
  BytesPad(bytes, length, Text("\0", 1), true, out);
}
void BinaryRpadZeros(Text bytes, int32_t length, std::string* out) {
  BytesPad(bytes, length, Text("\0", 1), false, out);
}

bool IsOneOf(Text character, Text characters) {
  for (size_t at = 0; at < characters.size(); at += CharacterBytes(characters[at])) {
    if (characters.substr(at, CharacterBytes(characters[at])) == character) return true;
  }
  return false;
}
Text TrimLeft(Text text, Text characters) {
  while (!text.empty()) {
    const size_t bytes = std::min<size_t>(CharacterBytes(text[0]), text.size());
    if (!IsOneOf(text.substr(0, bytes), characters)) break;
    text.remove_prefix(bytes);
  }
  return text;
}
Text TrimRight(Text text, Text characters) {
  std::vector<size_t> starts;
  for (size_t at = 0; at < text.size(); at += CharacterBytes(text[at])) starts.push_back(at);
  while (!starts.empty() && IsOneOf(text.substr(starts.back()), characters)) {
    text = text.substr(0, starts.back());
    starts.pop_back();
  }
  return text;
}

void Trim(Text text, std::string* out) {
  out->append(TrimRight(TrimLeft(text, " "), " "));
}
void Ltrim(Text text, std::string* out) {
  out->append(TrimLeft(text, " "));
}
void Rtrim(Text text, std::string* out) {
  out->append(TrimRight(text, " "));
}
void TrimOf(Text text, Text characters, std::string* out) {
  out->append(TrimRight(TrimLeft(text, characters), characters));
}
void LtrimOf(Text characters, Text text, std::string* out) {
  out->append(TrimLeft(text, characters));
}
void RtrimOf(Text characters, Text text, std::string* out) {
  out->append(TrimRight(text, characters));
}
void TrimBoth(Text characters, Text text, std::string* out) {
  TrimOf(text, characters, out);
}

void OverlayFor(Text text, Text with, int32_t position, int32_t length, std::string* out) {
  const int64_t taken = length >= 0 ? length : CharacterCount(with);
  const int64_t count = CharacterCount(text);
  const auto prefix_end = int64_t{position} - 1;
  if (prefix_end != 0) {
    // substringSQL(1, pos - 1): a negative length takes all that is left of nothing.
    out->append(Characters(text, 0, std::max<int64_t>(prefix_end, 0)));
  }
  out->append(with);
  const int64_t rest = int64_t{position} + taken;
  const int64_t from = rest > 0 ? rest - 1 : rest < 0 ? count + rest : 0;
  out->append(Characters(text, from, INT32_MAX));
}
void Overlay(Text text, Text with, int32_t position, std::string* out) {
  OverlayFor(text, with, position, -1, out);
}

void Chr(int64_t code, std::string* out) {
  if (code < 0) return;
  AppendCodePoint(static_cast<uint32_t>(code & 0xFF), out);
}

void Soundex(Text text, std::string* out) {
  static constexpr char kCodes[] = "01230127022455012623010202";  // A … Z; 7: H and W, no break
  if (text.empty()) return;
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
  const char first = upper(text[0]);
  if (first < 'A' || first > 'Z') return void(out->append(text));
  out->push_back(first);
  char last = kCodes[first - 'A'];
  for (size_t i = 1; i < text.size() && out->size() < 4; ++i) {
    const char c = upper(text[i]);
    if (c < 'A' || c > 'Z') {
      last = '0';
      continue;
    }
    const char code = kCodes[c - 'A'];
    if (code == '7') continue;
    if (code != '0' && code != last) out->push_back(code);
    last = code;
  }
  out->append(4 - out->size(), '0');
}

int32_t Levenshtein(Text left, Text right) {
  std::vector<uint32_t> a, b;
  for (const auto& [text, points] : {std::pair(left, &a), std::pair(right, &b)}) {
    for (size_t at = 0; at < text.size();) {
      int bytes = 1;
      points->push_back(FirstCodePoint(text.substr(at), &bytes));
      at += bytes;
    }
  }
  std::vector<int32_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int32_t>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    int32_t diagonal = row[0];
    row[0] = static_cast<int32_t>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int32_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}
int32_t LevenshteinWithin(Text left, Text right, int32_t threshold) {
  const int32_t distance = Levenshtein(left, right);
  return distance <= threshold ? distance : -1;
}

/// reverse of arrays is another function.
Result<ExprPtr> BindReverse(const std::string& name, std::vector<ExprPtr> arguments,
                            const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  if (arguments[0]->type->Is(TypeKind::kArray)) {
    return BindReverseArray({name, std::move(arguments), settings, place});
  }
  if (arguments[0]->type->Is(TypeKind::kBinary)) return NotSupportedYet("reverse of BINARY", place);
  THALWEG_RETURN_NOT_OK(CoerceToLetters(name, "S", &arguments, settings, place));
  THALWEG_RETURN_NOT_OK(RefuseCollations(name, arguments, place));
  const Overload overload{"", "S", 'S', RowKernel<Reverse>};
  return MakeOverloadCall(overload, name, std::move(arguments), settings, place);
}

}  // namespace

void RegisterStringEdits(FunctionRegistry* registry) {
  RegisterOverloads(registry, {{"upper", "S", 'S', RowKernel<Upper>},
                               {"lower", "S", 'S', RowKernel<Lower>},
                               {"initcap", "S", 'S', RowKernel<InitCap>},
                               {"repeat", "SI", 'S', RowKernel<Repeat>},
                               {"space", "I", 'S', RowKernel<Space>},
                               {"replace", "SSS", 'S', RowKernel<Replace>},
                               {"replace", "SS", 'S', RowKernel<Remove>},
                               {"translate", "SSS", 'S', RowKernel<Translate>},
                               {"lpad", "SIS", 'S', RowKernel<Lpad>},
                               {"lpad", "SI", 'S', RowKernel<LpadSpaces>},
                               {"lpad", "BIB", 'B', RowKernel<BinaryLpad>},
                               {"lpad", "BI", 'B', RowKernel<BinaryLpadZeros>},
                               {"rpad", "SIS", 'S', RowKernel<Rpad>},
                               {"rpad", "SI", 'S', RowKernel<RpadSpaces>},
                               {"rpad", "BIB", 'B', RowKernel<BinaryRpad>},
                               {"rpad", "BI", 'B', RowKernel<BinaryRpadZeros>},
                               {"trim", "S", 'S', RowKernel<Trim>},
                               {"trim", "SS", 'S', RowKernel<TrimBoth>},
                               {"ltrim", "S", 'S', RowKernel<Ltrim>},
                               {"ltrim", "SS", 'S', RowKernel<LtrimOf>},
                               {"rtrim", "S", 'S', RowKernel<Rtrim>},
                               {"rtrim", "SS", 'S', RowKernel<RtrimOf>},
                               {"btrim", "S", 'S', RowKernel<Trim>},
                               {"btrim", "SS", 'S', RowKernel<TrimOf>},
                               {"overlay", "SSI", 'S', RowKernel<Overlay>},
                               {"overlay", "SSII", 'S', RowKernel<OverlayFor>},
                               {"chr", "L", 'S', RowKernel<Chr>},
                               {"soundex", "S", 'S', RowKernel<Soundex>, kExactTypes},
                               {"levenshtein", "SS", 'I', RowKernel<Levenshtein>},
                               {"levenshtein", "SSI", 'I', RowKernel<LevenshteinWithin>}});
  RegisterAlias(registry, "ucase", "upper");
  RegisterAlias(registry, "lcase", "lower");
  RegisterAlias(registry, "char", "chr");
  registry->Register({"reverse", FunctionKind::kScalar, BindReverse});
}

}  // namespace thalweg
