// CsvTokenizer: one line of CSV → its texts, as Spark's parser (univocity) cuts
// it, oddities with quotes included: a quoted text may go on behind its end
// ("a"b → "a"b, with the quotes), blanks behind it do not count, and a line may
// end inside one. One thread at a time.
//
// A text that begins with the quote is quoted. In it the escape makes the quote
// plain, itself too unless it is the quote; before anything else it stands for
// itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace thalweg {

struct CsvSyntax {
  char separator = ',';
  char quote = '"';    // 0: none
  char escape = '\\';  // may be the quote
  char comment = '\0';
  bool ignore_leading_blanks = false;
  bool ignore_trailing_blanks = false;
  /// Behind a quoted text that goes on: up to the separator, else up to a
  /// closing quote.
  bool stop_at_separator = true;
  std::string null_value;   // what an empty text is
  std::string empty_value;  // what an empty quoted text is
  int64_t columns_max = 20'480;
  int64_t column_bytes_max = -1;

  char escape_of_escape() const { return quote == escape ? '\0' : escape; }
};

struct CsvText {
  const char* data = nullptr;
  uint32_t size = 0;
  bool is_null = false;
  bool in_line = false;  // its bytes lie in the line; else they go with the next line
  std::string_view view() const { return {data, size}; }
};

class CsvTokenizer {
 public:
  /// `syntax` outlives this.
  explicit CsvTokenizer(const CsvSyntax& syntax) : syntax_(syntax) {}

  /// The texts of `line`, valid until the next call. Errors: maxColumns,
  /// maxCharsPerColumn.
  Status Split(std::string_view line);
  const std::vector<CsvText>& texts() const { return texts_; }
  /// The same without the fast way, for tests.
  Status SplitSlowly(std::string_view line);

 private:
  bool Next();  // false: the line has ended
  Status CheckSizes() const;
  void SplitPlain(std::string_view line);
  bool ReadRecord();
  bool ReadQuoted();
  bool ReadQuotedOnce(bool* done);
  bool SkipBlanksBehind();
  bool GoOnBehind();
  bool ReadInValue();
  bool AppendUntil(char a, char b, char c);
  bool TakeEscape();
  void EndLine();
  void Finish(bool quoted);
  void Append(char c) { scratch_[top_++] = c; }

  const CsvSyntax& syntax_;
  std::vector<CsvText> texts_;
  std::string scratch_;  // texts that are no part of the line
  size_t begin_ = 0;     // of the text that is being built, in scratch_
  size_t top_ = 0;
  // The parser's state: this character and the one before, 0 for one that has
  // been used up.
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  char now_ = 0;
  char before_ = 0;
  bool unescaped_ = false;  // a quote stood where none may
  bool trims_ = false;
};

}  // namespace thalweg
