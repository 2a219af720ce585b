// Trigger: when a streaming query looks for its next epoch.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/status.h"

namespace thalweg {

struct Trigger {
  enum class Kind : uint8_t {
    kDefault,         // as soon as there is input
    kProcessingTime,  // at multiples of `interval_us`
    kAvailableNow,    // what is there at the start, then the end
    kOnce,            // one epoch, then the end
  };
  Kind kind = Kind::kDefault;
  int64_t interval_us = 0;

  bool ends() const { return kind == Kind::kAvailableNow || kind == Kind::kOnce; }
  /// "default", "available-now", "once", "10 seconds". Errors: THALWEG_INVALID_OPTION.
  static Result<Trigger> Parse(std::string_view text);
};

}  // namespace thalweg
