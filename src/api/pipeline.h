// Pipeline: a file of statements (DESIGN.md §5) made into flows, one streaming query each, and
// materialized views, computed when the flows have ended. Loading and preparing find everything
// that can be found without running. One thread drives it; flows run on threads of their own.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "api/session.h"
#include "api/streaming_query.h"

namespace thalweg {

struct PipelineOptions {
  std::string directory = ".";             // relative paths and the warehouse are below it
  std::string checkpoint;                  // DIR of --checkpoint, "" if none was given
  bool available_now = false;              // every flow ends with what is there
  bool only_plans = false;                 // nothing will run: no checkpoint is asked for
  std::map<std::string, std::string> set;  // settings over those of the file
};

/// What a run tells. Called on the threads of the flows; never two calls at once.
struct PipelineEvents {
  std::function<void(const std::string& text)> print;  // console tables
  std::function<void(const std::string& flow, const EpochSummary&, const EpochLoop&)> epoch;
  std::function<void(const std::string& flow, const Status& error, int attempt)> retry;
  std::function<bool()> stop;  // asked several times a second: true ends the run
};

/// A table that flows write.
struct PipelineTable {
  std::string name;
  std::string format;
  Options options;
  std::vector<std::string> partition_columns;
  std::map<std::string, std::string> properties;
  bool in_warehouse = false;  // it was given no place, and is known there by name
  SqlPlace place;
};

/// One query into a table: streaming, or a materialized view's.
struct PipelineFlow {
  std::string name;
  std::string table;
  RelationPtr unresolved;
  bool streaming = true;
  OutputMode mode = OutputMode::kAppend;
  Trigger trigger;
  Conf conf;
  RelationPtr plan;  // typed, before optimization; set by Prepare
  SqlPlace place;
};

class Pipeline {
 public:
  /// Reads the file and names tables and flows. Errors carry their place in `text`.
  static Result<std::unique_ptr<Pipeline>> Load(Session& session, const std::string& text,
                                                PipelineOptions options);
  ~Pipeline();

  /// Types every flow and makes its checks; opens nothing for writing.
  Status Prepare();
  /// Runs all flows to their end (or until `events.stop`), then the materialized views. The error
  /// is that of the first flow that failed; its name is in the text.
  Status Run(const PipelineEvents& events);
  /// Of each flow the four plans, what it keeps, its sink and its replay (api/explain.h); after
  /// Prepare.
  Result<std::string> Explain();

  const std::vector<PipelineFlow>& flows() const;
  const PipelineTable& table(const std::string& name) const;

 private:
  struct Rep;
  explicit Pipeline(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
