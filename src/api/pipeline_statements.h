// What the statements of a pipeline file declare: sources, views, tables, flows. Private to api/.
#pragma once

#include "api/pipeline.h"

namespace thalweg {

struct PipelineDeclarations {
  std::vector<PipelineTable> tables;
  std::vector<PipelineFlow> flows;
};

/// Takes the statements of `text` in order; sources and views go into the session's catalog.
/// Errors carry their place.
Result<PipelineDeclarations> DeclarePipeline(Session& session, const std::string& text,
                                             const PipelineOptions& options);

/// Format, options, place and columns as USING, OPTIONS, LOCATION and the column list say them; a
/// table without USING is parquet. Errors: a variable of the environment that is not set.
Result<TableDefinition> SourceOf(const Statement& statement, const std::string& directory);

/// `path` below `directory` unless it is absolute or names another file system.
std::string ResolvePath(const std::string& directory, const std::string& path);

}  // namespace thalweg
