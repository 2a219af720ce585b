#include "formats/json/json_rewrite.h"

#include <cmath>

#include "data/json_text.h"
#include "data/parse_text.h"
#include "data/text.h"

namespace thalweg {
namespace {

void AppendText(const JsonText& text, std::string* out) {
  if (!text.escaped) return AppendJsonString(text.bytes, out);
  std::string characters;
  AppendUnescaped(text, &characters);
  AppendJsonString(characters, out);
}

bool RewriteNumber(JsonCursor& cursor, std::string* out) {
  JsonNumber number;
  if (!cursor.ReadNumber(&number)) return false;
  if (number.is_integer) {
    *out += number.text == "-0" ? "0" : number.text;
    return true;
  }
  double value = 0;
  if (!number.is_numeric || !ParseDouble(number.text, &value) || std::isinf(value)) {
    AppendJsonString(number.text == "NaN"    ? "NaN"
                     : number.text[0] == '-' ? "-Infinity"
                                             : "Infinity",
                     out);
    return true;
  }
  AppendDouble(value, out);
  return true;
}

bool RewriteObject(JsonCursor& cursor, std::string* out) {
  if (!cursor.Enter()) return false;
  *out += '{';
  bool first = true;
  JsonText name;
  JsonStep step;
  for (bool comma = false; (step = cursor.NextMember(&first, &name)) == JsonStep::kItem;
       comma = true) {
    if (comma) *out += ',';
    AppendText(name, out);
    *out += ':';
    if (!RewriteJson(cursor, out)) return false;
  }
  *out += '}';
  return step == JsonStep::kEnd;
}

bool RewriteArray(JsonCursor& cursor, std::string* out) {
  if (!cursor.Enter()) return false;
  *out += '[';
  bool first = true;
  JsonStep step;
  for (bool comma = false; (step = cursor.NextElement(&first)) == JsonStep::kItem; comma = true) {
    if (comma) *out += ',';
    if (!RewriteJson(cursor, out)) return false;
  }
  *out += ']';
  return step == JsonStep::kEnd;
}

}  // namespace

bool RewriteJson(JsonCursor& cursor, std::string* out) {
  const JsonKind kind = cursor.Peek();
  JsonText text;
  switch (kind) {
    case JsonKind::kObject:
      return RewriteObject(cursor, out);
    case JsonKind::kArray:
      return RewriteArray(cursor, out);
    case JsonKind::kString:
      if (!cursor.ReadString(&text)) return false;
      AppendText(text, out);
      return true;
    case JsonKind::kNumber:
      return RewriteNumber(cursor, out);
    case JsonKind::kTrue:
    case JsonKind::kFalse:
    case JsonKind::kNull:
      *out += kind == JsonKind::kTrue ? "true" : kind == JsonKind::kFalse ? "false" : "null";
      return cursor.ReadWord(kind);
    default:
      return cursor.Skip();  // which says what is wrong
  }
}

}  // namespace thalweg
