// The cases of the corpus as they lie on disk: scenarios (*.json) and expression cases (*.jsonl, a
// case a line, with fixtures.json beside them), found below any directory. Read once, before the
// workers are forked; immutable afterwards.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/status.h"

namespace thalweg {

/// Statements that make a named view.
using Fixtures = std::map<std::string, std::vector<std::string>>;

enum class CaseKind { kScenario, kExpression };

struct Case {
  CaseKind kind = CaseKind::kExpression;
  std::string group;  // first feature tag of a scenario, topic of an expression case
  std::string name;   // of a scenario; TOPIC:LINE, or the expression case's own
  std::shared_ptr<const nlohmann::json> body;
  std::shared_ptr<const Fixtures> fixtures;  // of expression cases
};

/// All cases below `directory`, by path and line. Errors: no such directory, or a file that is not
/// of the format, by name.
Result<std::vector<Case>> LoadCases(const std::string& directory);

}  // namespace thalweg
