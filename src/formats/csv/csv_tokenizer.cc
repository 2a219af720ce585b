#include "formats/csv/csv_tokenizer.h"

#include <cstring>

namespace thalweg {
namespace {

bool IsBlank(char c) {
  return static_cast<uint8_t>(c) <= ' ';
}

}  // namespace

Status CsvTokenizer::Split(std::string_view line) {
  const bool quotes =
      syntax_.quote != '\0' && std::memchr(line.data(), syntax_.quote, line.size()) != nullptr;
  if (quotes) return SplitSlowly(line);
  SplitPlain(line);
  return CheckSizes();
}

// Without quotes a separator is always one.
void CsvTokenizer::SplitPlain(std::string_view line) {
  texts_.clear();
  const char* at = line.data();
  const char* const end = at + line.size();
  while (true) {
    const auto* separator =
        static_cast<const char*>(std::memchr(at, syntax_.separator, static_cast<size_t>(end - at)));
    const char* text_end = separator == nullptr ? end : separator;
    const char* begin = at;
    if (syntax_.ignore_leading_blanks) {
      while (begin < text_end && IsBlank(*begin)) ++begin;
    }
    if (syntax_.ignore_trailing_blanks) {
      while (text_end > begin && IsBlank(text_end[-1])) --text_end;
    }
    CsvText text{begin, static_cast<uint32_t>(text_end - begin), false, true};
    text.is_null = text.size == 0 || text.view() == syntax_.null_value;
    texts_.push_back(text);
    if (separator == nullptr) return;
    at = separator + 1;
  }
}

Status CsvTokenizer::CheckSizes() const {
  if (static_cast<int64_t>(texts_.size()) > syntax_.columns_max) {
    return Status::World("A line of " + std::to_string(texts_.size()) +
                         " columns is longer than the option maxColumns allows (" +
                         std::to_string(syntax_.columns_max) + ")");
  }
  if (syntax_.column_bytes_max < 0) return Status::OK();
  for (const CsvText& text : texts_) {
    if (text.is_null || static_cast<int64_t>(text.size) <= syntax_.column_bytes_max) continue;
    return Status::World("A column of " + std::to_string(text.size) +
                         " bytes is longer than the option maxCharsPerColumn allows (" +
                         std::to_string(syntax_.column_bytes_max) + ")");
  }
  return Status::OK();
}

Status CsvTokenizer::SplitSlowly(std::string_view line) {
  texts_.clear();
  scratch_.resize(3 * line.size() + 16);  // a character becomes at most a quote, itself, a quote
  begin_ = top_ = 0;
  at_ = line.data();
  end_ = at_ + line.size();
  now_ = before_ = 0;
  unescaped_ = trims_ = false;
  if (!ReadRecord()) EndLine();
  return CheckSizes();
}

bool CsvTokenizer::Next() {
  if (at_ == end_) return false;
  now_ = *at_++;
  return true;
}

// Each way down ends with false where the line ends.
bool CsvTokenizer::ReadRecord() {
  if (!Next()) return false;
  while (true) {
    while (syntax_.ignore_leading_blanks && IsBlank(now_) && now_ != syntax_.separator &&
           now_ != syntax_.quote) {
      if (!Next()) return false;
    }
    if (now_ == syntax_.separator) {
      texts_.push_back({nullptr, 0, true, true});
    } else {
      unescaped_ = false;
      before_ = 0;
      const bool quoted = syntax_.quote != '\0' && now_ == syntax_.quote;
      if (!quoted) trims_ = syntax_.ignore_trailing_blanks;
      const bool goes_on = quoted ? ReadQuoted() : AppendUntil(syntax_.separator, 0, 0);
      if (!goes_on) return false;
      Finish(quoted);
    }
    if (!Next()) return false;
  }
}

void CsvTokenizer::Finish(bool quoted) {
  while (trims_ && top_ > begin_ && IsBlank(scratch_[top_ - 1])) --top_;
  trims_ = false;
  if (top_ == begin_) {
    const std::string& value = quoted ? syntax_.empty_value : syntax_.null_value;
    texts_.push_back(
        {value.data(), static_cast<uint32_t>(value.size()), value == syntax_.null_value, false});
    return;
  }
  CsvText text{scratch_.data() + begin_, static_cast<uint32_t>(top_ - begin_), false, false};
  text.is_null = text.view() == syntax_.null_value;
  texts_.push_back(text);
  begin_ = top_;
}

// What the line's end makes of what was being read.
void CsvTokenizer::EndLine() {
  bool quoted = false;
  if (syntax_.quote != '\0' && now_ == syntax_.quote && before_ == syntax_.quote) {
    quoted = true;
  } else {
    if (syntax_.quote != '\0' && now_ == syntax_.quote && !unescaped_) Append(syntax_.quote);
    quoted = before_ != 0 && now_ != syntax_.separator && now_ != 0;
  }
  if (top_ > begin_ || quoted) {
    Finish(quoted);
  } else {
    texts_.push_back({nullptr, 0, true, true});
  }
}

// Appends this character and those behind it, up to one of three (0: none),
// which is now_ then.
bool CsvTokenizer::AppendUntil(char a, char b, char c) {
  const auto stops = [&](char one) {
    return one == a || (b != 0 && one == b) || (c != 0 && one == c);
  };
  char one = now_;
  while (!stops(one)) {
    Append(one);
    if (at_ == end_) return false;  // now_ stays where the text began
    one = *at_++;
  }
  now_ = one;
  return true;
}

bool CsvTokenizer::ReadQuoted() {
  if (before_ != 0 && syntax_.stop_at_separator) {
    std::memmove(&scratch_[begin_ + 1], &scratch_[begin_], top_ - begin_);
    scratch_[begin_] = syntax_.quote;
    ++top_;
    if (!Next()) return false;
    trims_ = syntax_.ignore_trailing_blanks;
    return AppendUntil(syntax_.separator, 0, 0);
  }
  if (!Next()) return false;
  while (before_ != syntax_.quote || !(IsBlank(now_) || now_ == syntax_.separator)) {
    bool done = false;
    if (!ReadQuotedOnce(&done)) return false;
    if (done) return true;
  }
  return now_ == syntax_.separator || SkipBlanksBehind();
}

// One step inside a quoted text.
bool CsvTokenizer::ReadQuotedOnce(bool* done) {
  if (now_ != syntax_.quote && now_ != syntax_.escape) {
    if (before_ == syntax_.quote) {  // it has ended, and goes on
      unescaped_ = *done = true;
      Append(syntax_.quote);
      Append(now_);
      before_ = now_;
      return ReadQuoted();
    }
    if (before_ == syntax_.escape) Append(syntax_.escape);
    if (!AppendUntil(syntax_.quote, syntax_.escape, syntax_.escape_of_escape())) return false;
    before_ = now_;
    return Next();
  }
  if (!TakeEscape()) return false;
  before_ = now_;
  if (!Next()) return false;
  *done = unescaped_ && now_ == syntax_.separator;
  return true;
}

// Blanks between a quoted text and the separator do not count; before anything
// else they do.
bool CsvTokenizer::SkipBlanksBehind() {
  const char* const begin = at_ - 1;
  do {
    if (!Next()) return false;
  } while (IsBlank(now_) && now_ != syntax_.separator);
  if (now_ == syntax_.separator) return true;
  Append(syntax_.quote);
  for (const char* blank = begin; blank != at_ - 1; ++blank) Append(*blank);
  if (syntax_.stop_at_separator || (now_ != syntax_.quote && now_ != syntax_.escape)) {
    Append(now_);
  }
  before_ = now_;
  return ReadQuoted();
}

// now_ is a quote or an escape.
bool CsvTokenizer::TakeEscape() {
  const char escaped_escape = syntax_.escape_of_escape();
  if (now_ == syntax_.escape && before_ == escaped_escape && escaped_escape != 0) {
    Append(syntax_.escape);
    now_ = 0;
  } else if (before_ == syntax_.escape) {
    if (now_ == syntax_.quote) {
      Append(syntax_.quote);
      now_ = 0;
    } else {
      Append(before_);
    }
  } else if (before_ == syntax_.quote) {
    Append(syntax_.quote);
    if (now_ != syntax_.quote) {
      before_ = now_;
      return ReadInValue();
    }
  }
  return true;
}

// The rest of a text in which a quote stood where none may, quotes and escapes
// looked at.
bool CsvTokenizer::ReadInValue() {
  while (now_ != syntax_.separator) {
    if (now_ == syntax_.quote || now_ == syntax_.escape) {
      if (!TakeEscape()) return false;
    } else {
      if (before_ == syntax_.quote) Append(syntax_.quote);
      Append(now_);
    }
    before_ = now_;
    if (!Next()) return false;
  }
  return true;
}

}  // namespace thalweg
