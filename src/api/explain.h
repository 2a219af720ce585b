// EXPLAIN: plans as trees, and of a streaming flow what it keeps, promises and replays (DESIGN.md
// §4.5). Opens nothing and runs nothing.
#pragma once

#include <string>

#include "api/pipeline.h"

namespace thalweg {

enum class ExplainMode : uint8_t { kSimple, kExtended, kFormatted, kCost };

/// "" (simple), "extended", "formatted", "cost". Errors: THALWEG_NOT_SUPPORTED_YET for others.
Result<ExplainMode> ParseExplainMode(const std::string& mode, const SqlPlace& place);

/// Spark's EXPLAIN of a query: the physical plan, or all four, by mode.
Result<std::string> ExplainQuery(Session& session, const RelationPtr& unresolved,
                                 const RelationPtr& analyzed, ExplainMode mode);

/// A flow of a pipeline that was prepared, into a table that says `sink` of itself.
Result<std::string> ExplainFlow(Session& session, const PipelineFlow& flow, const TableInfo& sink);

}  // namespace thalweg
