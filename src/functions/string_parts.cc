// Functions that measure text or take parts of it. Positions count characters from 1; negative ones
// count from the end. Rules: Spark's UTF8String.
#include <algorithm>

#include "functions/families.h"
#include "functions/row_function.h"
#include "functions/signature.h"
#include "functions/utf8.h"

namespace thalweg {
namespace {

using Text = std::string_view;

int32_t Length(Text text) {
  return CharacterCount(text);
}
int32_t ByteLength(Text bytes) {
  return static_cast<int32_t>(bytes.size());
}
int32_t BitLength(Text bytes) {
  return static_cast<int32_t>(bytes.size()) * 8;
}

/// Where substring begins and ends: [from, to) in units of `count`.
std::pair<int64_t, int64_t> Range(int64_t position, int64_t length, int64_t count) {
  const int64_t from = position > 0 ? position - 1 : position < 0 ? count + position : 0;
  return {from, from + length};
}

constexpr int64_t kToTheEnd = INT32_MAX;

void SubstringFor(Text text, int32_t position, int32_t length, std::string* out) {
  const auto [from, to] = Range(position, length, position < 0 ? CharacterCount(text) : 0);
  out->append(Characters(text, from, to));
}
void Substring(Text text, int32_t position, std::string* out) {
  const auto [from, to] = Range(position, kToTheEnd, position < 0 ? CharacterCount(text) : 0);
  out->append(Characters(text, from, to));
}
void BinarySubstringFor(Text bytes, int32_t position, int32_t length, std::string* out) {
  const auto size = static_cast<int64_t>(bytes.size());
  auto [from, to] = Range(position, length, size);
  from = std::clamp<int64_t>(from, 0, size);
  to = std::clamp<int64_t>(to, from, size);
  out->append(bytes.substr(from, to - from));
}
void BinarySubstring(Text bytes, int32_t position, std::string* out) {
  BinarySubstringFor(bytes, position, INT32_MAX, out);
}

void Left(Text text, int32_t length, std::string* out) {
  out->append(Characters(text, 0, length));
}
void BinaryLeft(Text bytes, int32_t length, std::string* out) {
  out->append(bytes.substr(0, std::max(length, 0)));
}
void Right(Text text, int32_t length, std::string* out) {
  if (length <= 0) return;
  const int64_t count = CharacterCount(text);
  out->append(Characters(text, std::max<int64_t>(0, count - length), count));
}

/// What stands before the count-th delimiter, or for a negative count behind it from the end.
void SubstringIndex(Text text, Text delimiter, int32_t count, std::string* out) {
  if (delimiter.empty() || count == 0) return;
  if (count > 0) {
    size_t at = 0;
    for (int32_t i = 0; i < count; ++i) {
      at = text.find(delimiter, i == 0 ? 0 : at + 1);
      if (at == Text::npos) return void(out->append(text));
    }
    out->append(text.substr(0, at));
    return;
  }
  size_t at = text.size();
  for (int32_t i = 0; i > count; --i) {
    if (at < 1 || delimiter.size() > text.size()) return void(out->append(text));
    at = text.rfind(delimiter, i == 0 ? text.size() - delimiter.size() : at - 1);
    if (at == Text::npos) return void(out->append(text));
  }
  out->append(text.substr(at + delimiter.size()));
}

/// Part `index` of the text split at `delimiter`; none: the empty string.
Status SplitPart(Text text, Text delimiter, int32_t index, std::string* out) {
  if (index == 0) return Status::User("INVALID_INDEX_OF_ZERO");
  std::vector<Text> parts;
  size_t begin = 0;
  for (size_t at = 0; !delimiter.empty() && (at = text.find(delimiter, begin)) != Text::npos;) {
    parts.push_back(text.substr(begin, at - begin));
    begin = at + delimiter.size();
  }
  parts.push_back(text.substr(begin));
  const auto count = static_cast<int64_t>(parts.size());
  const int64_t at = index > 0 ? index - 1 : count + index;
  if (at >= 0 && at < count) out->append(parts[at]);
  return Status::OK();
}

int32_t Instr(Text text, Text needle) {
  return FindCharacters(text, needle, 0);
}
int32_t Locate(Text needle, Text text) {
  return FindCharacters(text, needle, 0);
}
int32_t LocateFrom(Text needle, Text text, int32_t start) {
  return start < 1 ? 0 : FindCharacters(text, needle, start - 1);
}

bool Contains(Text text, Text part) {
  return text.find(part) != Text::npos;
}
bool StartsWith(Text text, Text part) {
  return text.starts_with(part);
}
bool EndsWith(Text text, Text part) {
  return text.ends_with(part);
}

int32_t FindInSet(Text word, Text list) {
  if (word.find(',') != Text::npos) return 0;
  for (int32_t index = 1;; ++index) {
    const size_t comma = list.find(',');
    if (list.substr(0, comma) == word) return index;
    if (comma == Text::npos) return 0;
    list.remove_prefix(comma + 1);
  }
}

int32_t Ascii(Text text) {
  int bytes = 0;
  return text.empty() ? 0 : static_cast<int32_t>(FirstCodePoint(text, &bytes));
}

}  // namespace

void RegisterStringParts(FunctionRegistry* registry) {
  RegisterOverloads(registry, {{"length", "S", 'I', RowKernel<Length>},
                               {"length", "B", 'I', RowKernel<ByteLength>},
                               {"octet_length", "S", 'I', RowKernel<ByteLength>},
                               {"octet_length", "B", 'I', RowKernel<ByteLength>},
                               {"bit_length", "S", 'I', RowKernel<BitLength>},
                               {"bit_length", "B", 'I', RowKernel<BitLength>},
                               {"substring", "SII", 'S', RowKernel<SubstringFor>},
                               {"substring", "SI", 'S', RowKernel<Substring>},
                               {"substring", "BII", 'B', RowKernel<BinarySubstringFor>},
                               {"substring", "BI", 'B', RowKernel<BinarySubstring>},
                               {"left", "SI", 'S', RowKernel<Left>},
                               {"left", "BI", 'B', RowKernel<BinaryLeft>},
                               {"right", "SI", 'S', RowKernel<Right>},
                               {"substring_index", "SSI", 'S', RowKernel<SubstringIndex>},
                               {"split_part", "SSI", 'S', RowKernel<SplitPart>},
                               {"instr", "SS", 'I', RowKernel<Instr>},
                               {"locate", "SS", 'I', RowKernel<Locate>},
                               {"locate", "SSI", 'I', RowKernel<LocateFrom>},
                               {"contains", "SS", 'o', RowKernel<Contains>},
                               {"contains", "BB", 'o', RowKernel<Contains>},
                               {"startswith", "SS", 'o', RowKernel<StartsWith>},
                               {"startswith", "BB", 'o', RowKernel<StartsWith>},
                               {"endswith", "SS", 'o', RowKernel<EndsWith>},
                               {"endswith", "BB", 'o', RowKernel<EndsWith>},
                               {"find_in_set", "SS", 'I', RowKernel<FindInSet>},
                               {"ascii", "S", 'I', RowKernel<Ascii>}});
  for (const char* alias : {"char_length", "character_length", "len"}) {
    RegisterAlias(registry, alias, "length");
  }
  RegisterAlias(registry, "substr", "substring");
  RegisterAlias(registry, "position", "locate");
}

}  // namespace thalweg
