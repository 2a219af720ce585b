// A regular expression that the names of topics must match as a whole (subscribePattern).
#pragma once

#include <memory>
#include <string>

#include "base/status.h"

namespace thalweg {

class TopicPattern {
 public:
  /// Errors: THALWEG_INVALID_OPTION with what is wrong in the pattern.
  static Result<TopicPattern> Compile(const std::string& pattern);
  bool Matches(const std::string& topic) const;

 private:
  explicit TopicPattern(std::shared_ptr<void> code) : code_(std::move(code)) {}
  std::shared_ptr<void> code_;
};

}  // namespace thalweg
