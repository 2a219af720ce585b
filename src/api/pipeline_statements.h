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

/// `path` below `directory` unless it is absolute or names another file system.
std::string ResolvePath(const std::string& directory, const std::string& path);

}  // namespace thalweg
