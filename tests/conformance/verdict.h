// What came of a case. A refusal that says "not supported yet" is unsupported whatever the case
// expects; everything else that is not what Spark did is wrong.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/status.h"
#include "data/schema.h"

namespace thalweg {

enum class Outcome : unsigned char { kPassed, kWrong, kUnsupported };

struct Verdict {
  Outcome outcome = Outcome::kPassed;
  std::string text;  // the difference, or the feature that is not built
  // A weaker level of conformance, reported and not counted.
  bool names_differ = false;
  bool nullability_differs = false;
};

Verdict Wrong(std::string difference);
Verdict Unsupported(std::string feature);
bool IsNotSupportedYet(const Status& status);
/// Of a step that failed where it should not.
Verdict Failed(const std::string& step, const Status& status);
/// Of a refusal where Spark refused with `condition` and `sqlstate` (a text or null).
Verdict CompareError(const std::string& condition, const nlohmann::json& sqlstate,
                     const Status& status);
/// Of a result's columns; types count, names and nullability are noted.
Verdict CompareSchemas(const Schema& expected, const Schema& actual);

}  // namespace thalweg
