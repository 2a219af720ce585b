#define PCRE2_CODE_UNIT_WIDTH 8
#include "functions/regex.h"

#include <pcre2.h>

#include "functions/utf8.h"

namespace thalweg {

struct Regex::Code {
  pcre2_code* code = nullptr;
  pcre2_match_data* match = nullptr;
  ~Code() {
    pcre2_match_data_free(match);
    pcre2_code_free(code);
  }
};

Regex::~Regex() = default;

Result<std::unique_ptr<Regex>> Regex::Compile(std::string_view pattern, const std::string& function,
                                              const SqlPlace& place) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  pcre2_compile_context* context = pcre2_compile_context_create(nullptr);
  pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
  std::unique_ptr<Regex> regex(new Regex());
  regex->code_ = std::make_unique<Code>();
  regex->code_->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                     PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_ALLOW_EMPTY_CLASS,
                                     &error, &offset, context);
  pcre2_compile_context_free(context);
  if (regex->code_->code == nullptr) {
    char reason[128] = "";
    pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(reason), sizeof(reason));
    return Status::User("INVALID_PARAMETER_VALUE.PATTERN",
                        {{"parameter", "`regexp`"},
                         {"functionName", "`" + function + "`"},
                         {"value", "'" + std::string(pattern) + "' (" + reason + ")"}},
                        place);
  }
  pcre2_jit_compile(regex->code_->code, PCRE2_JIT_COMPLETE);
  regex->code_->match = pcre2_match_data_create_from_pattern(regex->code_->code, nullptr);
  uint32_t groups = 0;
  pcre2_pattern_info(regex->code_->code, PCRE2_INFO_CAPTURECOUNT, &groups);
  regex->group_count_ = static_cast<int>(groups);
  return regex;
}

int Regex::GroupNumber(const std::string& name) const {
  const int number =
      pcre2_substring_number_from_name(code_->code, reinterpret_cast<PCRE2_SPTR>(name.c_str()));
  return number > 0 ? number : -1;
}

Result<bool> Regex::Find(std::string_view text, size_t from) {
  const char* data = text.data() == nullptr ? "" : text.data();
  const int found = pcre2_match(code_->code, reinterpret_cast<PCRE2_SPTR>(data), text.size(), from,
                                0, code_->match, nullptr);
  if (found > 0) return true;
  if (found == PCRE2_ERROR_NOMATCH) return false;
  return NotSupportedYet("a text on which a regular expression takes too many steps");
}

Regex::Span Regex::group(int i) const {
  const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(code_->match);
  if (ends[2 * i] == PCRE2_UNSET) return {};
  return {static_cast<int64_t>(ends[2 * i]), static_cast<int64_t>(ends[2 * i + 1])};
}

std::string_view Regex::GroupText(std::string_view text, int i) const {
  const Span span = group(i);
  return span.begin < 0 ? std::string_view() : text.substr(span.begin, span.end - span.begin);
}

size_t NextSearch(const Regex& regex, std::string_view text) {
  const Regex::Span match = regex.group(0);
  const auto end = static_cast<size_t>(match.end);
  if (match.end > match.begin) return end;
  return end < text.size() ? end + CharacterBytes(text[end]) : text.size() + 1;
}

Result<Regex*> RegexCache::Get(std::string_view pattern, const std::string& function,
                               const SqlPlace& place) {
  if (last_ < entries_.size() && entries_[last_].pattern == pattern) {
    return entries_[last_].regex.get();
  }
  for (last_ = 0; last_ < entries_.size(); ++last_) {
    if (entries_[last_].pattern == pattern) return entries_[last_].regex.get();
  }
  THALWEG_ASSIGN_OR_RETURN(std::unique_ptr<Regex> regex, Regex::Compile(pattern, function, place));
  if (entries_.size() == kEntriesMax) entries_.clear();
  last_ = entries_.size();
  entries_.push_back({std::string(pattern), std::move(regex)});
  return entries_[last_].regex.get();
}

}  // namespace thalweg
