#include "formats/json/json_path.h"

#include <charconv>

#include "formats/json/json_rewrite.h"

namespace thalweg {
namespace {

bool IsBlank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Reads a path from left to right; blanks may stand before names, numbers, "['" and ".*".
class PathReader {
 public:
  explicit PathReader(std::string_view text) : text_(text) {}
  bool AtEnd() {
    SkipBlanks();
    return at_ == text_.size();
  }
  /// This character, with nothing before it.
  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  /// This text, behind blanks.
  bool Take(std::string_view wanted) {
    const size_t before = at_;
    SkipBlanks();
    if (text_.substr(at_, wanted.size()) == wanted) {
      at_ += wanted.size();
      return true;
    }
    at_ = before;
    return false;
  }
  /// Characters that are none of `end`, at least one, behind blanks.
  bool TakeUntil(std::string_view end, std::string* out) {
    SkipBlanks();
    const size_t begin = at_;
    while (at_ < text_.size() && end.find(text_[at_]) == end.npos) ++at_;
    out->assign(text_.substr(begin, at_ - begin));
    return !out->empty();
  }
  bool TakeDigits(std::string_view* out) {
    SkipBlanks();
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    *out = text_.substr(begin, at_ - begin);
    return !out->empty();
  }
  size_t place() const { return at_; }
  void Return(size_t place) { at_ = place; }

 private:
  void SkipBlanks() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
  }

  const std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

JsonPath::Outcome JsonPath::Parse(std::string_view text, JsonPath* out) {
  using Kind = Step::Kind;
  PathReader reader(text);
  out->steps_.clear();
  if (!reader.Take('$')) return Outcome::kMalformed;
  while (!reader.AtEnd()) {
    Step step{Kind::kNothing, "", 0};
    // AtEnd skipped blanks, which may stand before these, not before a lone '.' or '['.
    const bool after_blank = reader.place() > 0 && IsBlank(text[reader.place() - 1]);
    if (reader.Take(".*") || reader.Take("['*']")) {
      step.kind = Kind::kNothing;  // members of an object are not looked through
    } else if (reader.Take("['")) {
      step.kind = Kind::kKey;
      if (!reader.TakeUntil("'", &step.key) || !reader.Take("']")) return Outcome::kMalformed;
    } else if (!after_blank && reader.Take('.')) {
      step.kind = Kind::kKey;
      if (!reader.TakeUntil(".[", &step.key)) return Outcome::kMalformed;
    } else if (!after_blank && reader.Take('[')) {
      std::string_view digits;
      step.kind = Kind::kEveryElement;
      if (!reader.Take('*')) {
        step.kind = Kind::kIndex;
        if (!reader.TakeDigits(&digits)) return Outcome::kMalformed;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), step.index);
        if (error != std::errc()) return Outcome::kIndexTooLarge;
      }
      if (!reader.Take(']')) return Outcome::kMalformed;
    } else {
      return Outcome::kMalformed;
    }
    out->steps_.push_back(std::move(step));
  }
  return Outcome::kOk;
}

/// Walks a text along a path, as Spark's GetJsonObject does: matches under one [*] are an array
/// unless there is only one, those under two in a row are one flat array.
class JsonPathWalk {
 public:
  JsonPathWalk(const JsonPath& path, JsonCursor& cursor) : path_(path), cursor_(cursor) {}

  bool Run(std::string* out) {
    Sink sink{out, false, false};
    return Value(0, Style::kRaw, &sink) && !bad_;
  }

 private:
  using Kind = JsonPath::Step::Kind;
  enum class Style : uint8_t { kRaw, kQuoted, kFlatten };
  /// Where values go: alone or into an array, with commas between them.
  struct Sink {
    std::string* out;
    bool in_array;
    bool comma;
    void BeginValue() {
      if (in_array && comma) *out += ',';
      comma = true;
    }
  };

  bool Bad() {
    bad_ = true;
    return false;
  }
  bool Value(size_t at, Style style, Sink* sink);
  bool WholeValue(JsonKind kind, Style style, Sink* sink);
  bool Member(size_t at, Style style, Sink* sink);
  bool Element(size_t at, Style style, Sink* sink);
  int Elements(size_t at, Style style, Sink* sink);
  bool EveryElement(size_t at, Style style, Sink* sink);
  bool AsArray(size_t at, Style style, Sink* sink);
  bool IsEvery(size_t at) const {
    return at < path_.steps_.size() && path_.steps_[at].kind == Kind::kEveryElement;
  }

  const JsonPath& path_;
  JsonCursor& cursor_;
  bool bad_ = false;
};

// The value that the cursor stands before, of which the steps from `at` remain. Says whether
// something was found; the value is read in any case.
bool JsonPathWalk::Value(size_t at, Style style, Sink* sink) {
  const JsonKind kind = cursor_.Peek();
  if (at == path_.steps_.size()) return WholeValue(kind, style, sink);
  const Kind step = path_.steps_[at].kind;
  if (kind == JsonKind::kObject && step == Kind::kKey) return Member(at, style, sink);
  if (kind == JsonKind::kArray && step == Kind::kIndex) return Element(at, style, sink);
  if (kind == JsonKind::kArray && step == Kind::kEveryElement) return EveryElement(at, style, sink);
  return cursor_.Skip() ? false : Bad();
}

bool JsonPathWalk::WholeValue(JsonKind kind, Style style, Sink* sink) {
  if (kind == JsonKind::kArray && style == Style::kFlatten) {
    return Elements(path_.steps_.size(), style, sink) > 0;
  }
  if (kind == JsonKind::kString && style == Style::kRaw) {
    return AppendJsonAsText(cursor_, sink->out) || Bad();
  }
  sink->BeginValue();
  return RewriteJson(cursor_, sink->out) || Bad();
}

// The first member of the name that leads anywhere.
bool JsonPathWalk::Member(size_t at, Style style, Sink* sink) {
  if (!cursor_.Enter()) return Bad();
  bool found = false, first = true;
  JsonText name;
  JsonStep step;
  std::string unescaped;
  while (!bad_ && (step = cursor_.NextMember(&first, &name)) == JsonStep::kItem) {
    unescaped.clear();
    if (name.escaped) AppendUnescaped(name, &unescaped);
    const bool wanted = (name.escaped ? unescaped : name.bytes) == path_.steps_[at].key;
    if (found || !wanted || cursor_.Peek() == JsonKind::kNull) {
      if (!cursor_.Skip()) return Bad();
    } else {
      found = Value(at + 1, style, sink);
    }
  }
  return !bad_ && step == JsonStep::kBad ? Bad() : found;
}

bool JsonPathWalk::Element(size_t at, Style style, Sink* sink) {
  if (!cursor_.Enter()) return Bad();
  const Style inner = IsEvery(at + 1) ? Style::kQuoted : style;
  bool found = false, first = true;
  JsonStep step = JsonStep::kEnd;
  for (int64_t i = 0; !bad_ && (step = cursor_.NextElement(&first)) == JsonStep::kItem; ++i) {
    if (i == path_.steps_[at].index) {
      found = Value(at + 1, inner, sink);
    } else if (!cursor_.Skip()) {
      return Bad();
    }
  }
  return !bad_ && step == JsonStep::kBad ? Bad() : found;
}

// How many elements led to something.
int JsonPathWalk::Elements(size_t at, Style style, Sink* sink) {
  if (!cursor_.Enter()) return Bad();
  int found = 0;
  bool first = true;
  JsonStep step = JsonStep::kEnd;
  while (!bad_ && (step = cursor_.NextElement(&first)) == JsonStep::kItem) {
    if (Value(at, style, sink)) ++found;
  }
  return !bad_ && step == JsonStep::kBad ? Bad() : found;
}

bool JsonPathWalk::EveryElement(size_t at, Style style, Sink* sink) {
  if (IsEvery(at + 1)) return AsArray(at + 2, Style::kFlatten, sink);
  if (style == Style::kQuoted) return AsArray(at + 1, Style::kQuoted, sink);
  std::string matches;
  Sink inner{&matches, true, false};
  const int found = Elements(at + 1, style == Style::kRaw ? Style::kQuoted : style, &inner);
  if (found == 0) return false;
  sink->BeginValue();
  *sink->out += found > 1 ? "[" + matches + "]" : matches;
  return true;
}

bool JsonPathWalk::AsArray(size_t at, Style style, Sink* sink) {
  sink->BeginValue();
  *sink->out += '[';
  Sink inner{sink->out, true, false};
  const bool found = Elements(at, style, &inner) > 0;
  *sink->out += ']';
  return found;
}

bool JsonPath::Find(std::string_view json, std::string* out) const {
  static const JsonSyntax& syntax = *new JsonSyntax(JsonFunctionSyntax());
  JsonCursor cursor(syntax);
  cursor.Begin(json);
  return JsonPathWalk(*this, cursor).Run(out);
}

bool AppendJsonAsText(JsonCursor& cursor, std::string* out) {
  if (cursor.Peek() != JsonKind::kString) return RewriteJson(cursor, out);
  JsonText text;
  if (!cursor.ReadString(&text)) return false;
  if (text.escaped) {
    AppendUnescaped(text, out);
  } else {
    *out += text.bytes;
  }
  return true;
}

}  // namespace thalweg
