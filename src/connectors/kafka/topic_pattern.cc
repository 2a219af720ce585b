#include "connectors/kafka/topic_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace thalweg {

Result<TopicPattern> TopicPattern::Compile(const std::string& pattern) {
  int error = 0;
  PCRE2_SIZE at = 0;
  pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                   PCRE2_ANCHORED | PCRE2_ENDANCHORED, &error, &at, nullptr);
  if (code != nullptr) {
    return TopicPattern(std::shared_ptr<void>(
        code, [](void* held) { pcre2_code_free(static_cast<pcre2_code*>(held)); }));
  }
  PCRE2_UCHAR text[256];
  pcre2_get_error_message(error, text, sizeof text);
  return Status::User(
      "THALWEG_INVALID_OPTION",
      {{"option", "subscribePattern"},
       {"value", pattern},
       {"wanted", std::string("a regular expression: ") + reinterpret_cast<const char*>(text) +
                      " at character " + std::to_string(at + 1)}});
}

bool TopicPattern::Matches(const std::string& topic) const {
  auto* code = static_cast<pcre2_code*>(code_.get());
  pcre2_match_data* match = pcre2_match_data_create(1, nullptr);
  const int found = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(topic.data()), topic.size(), 0,
                                0, match, nullptr);
  pcre2_match_data_free(match);
  return found >= 0;
}

}  // namespace thalweg
