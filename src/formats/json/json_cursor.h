// JsonCursor: reads one JSON text piece by piece with the rules and liberties of Jackson, which
// Spark reads with: what stands behind the first value does not count, 'single quotes' and NaN are
// taken by default. Every byte up to there is verified, also of values that are skipped. After
// kBad or false the text is malformed there and the cursor is of no more use. One thread at a time.
//
//   cursor.Peek()                  what the next value is
//   Enter() (NextMember | NextElement) … until kEnd       objects and arrays
//   ReadString, ReadNumber, ReadWord, Skip                exactly one value
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace thalweg {

/// What is allowed beyond the standard, with Spark's defaults.
struct JsonSyntax {
  bool comments = false;
  bool unquoted_names = false;
  bool single_quotes = true;
  bool leading_zeros = false;
  bool non_numeric_numbers = true;  // NaN, Infinity, -Infinity, +Infinity, -INF, +INF
  bool backslash_any_character = false;
  bool unquoted_control_characters = false;
  int depth_max = 1000;
  int64_t number_digits_max = 1000;
  int64_t string_bytes_max = 20'000'000;
};

enum class JsonKind : uint8_t {
  kObject,
  kArray,
  kString,
  kNumber,
  kTrue,
  kFalse,
  kNull,
  kEnd,  // of the text
  kBad,
};

enum class JsonStep : uint8_t { kItem, kEnd, kBad };

/// A string as it stands in the text, without its quotes.
struct JsonText {
  std::string_view bytes;
  bool escaped = false;
};

struct JsonNumber {
  std::string_view text;
  bool is_integer = false;  // digits only
  bool is_numeric = true;   // false: NaN and infinities
};

class JsonCursor {
 public:
  /// `syntax` must outlive the cursor.
  explicit JsonCursor(const JsonSyntax& syntax) : syntax_(syntax) {}
  /// Begins to read `text`, which stays where it is.
  void Begin(std::string_view text);
  /// The same for a text that stands inside `depth` objects and arrays.
  void BeginInside(std::string_view text, int depth);

  JsonKind Peek();
  /// Goes into the object or array that Peek saw.
  bool Enter();
  /// To the next member's value, or behind the object. `*first` is true at first.
  JsonStep NextMember(bool* first, JsonText* name);
  JsonStep NextElement(bool* first);
  bool ReadString(JsonText* text);
  bool ReadNumber(JsonNumber* number);
  /// true, false or null, as Peek saw it.
  bool ReadWord(JsonKind kind);
  bool Skip();

  /// Where the cursor stands: behind what was read, or where the text is malformed.
  const char* position() const { return at_; }
  /// What is wrong there.
  const char* problem() const { return problem_; }

 private:
  bool Fail(const char* problem) {
    problem_ = problem;
    return false;
  }
  bool SkipBlanks();
  bool SkipComment();
  bool ReadQuoted(char quote, JsonText* text);
  bool ReadEscape();
  bool ReadUnquotedName(JsonText* name);
  bool ReadNonNumeric(JsonNumber* number);
  bool ReadDigits(int64_t* count);
  bool SkipScalar(JsonKind kind);
  bool Word(std::string_view word);

  const JsonSyntax& syntax_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  int depth_ = 0;
  const char* problem_ = "";
  std::vector<bool> skipped_;  // true: an object, of the values that Skip is in
};

/// Appends the string that `text` stands for; half a surrogate pair becomes '?', as in Spark.
void AppendUnescaped(const JsonText& text, std::string* out);

}  // namespace thalweg
