// StreamingQueryManager: the streaming queries of a session: starts them, finds them, waits for the
// end of any, and tells listeners what happens to them.
//
//   started ──▶ ( progress | idle )* ──▶ terminated            the events of one run, in this order
//
// Listeners are called on the query's thread (started: on that of Start) and must not wait for the
// query. Progress is made for every epoch while somebody listens, else at most every 100 ms, and
// always of the last epoch before the query rests or ends. Thread-safe. It stops what still runs in
// its destructor.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/progress.h"
#include "api/streaming_query.h"
#include "api/waiters.h"

namespace thalweg {

struct QueryEvent {
  enum class Kind : uint8_t { kStarted, kProgress, kIdle, kTerminated };
  Kind kind = Kind::kStarted;
  std::string id;      // of the query, the same over restarts
  std::string run_id;  // of this run
  std::string name;
  int64_t timestamp_us = 0;
  QueryProgress progress;  // of kProgress
  Status error;            // of kTerminated
};
using QueryListener = std::function<void(const QueryEvent& event)>;

struct ManagedQueryOptions {
  std::string name;
  Trigger trigger;
  EpochLoopOptions loop;
  std::string temporary_checkpoint;  // removed at the end; "": none
  std::string plan_text;             // for Explain
};

/// One run of a query. Thread-safe.
class ManagedQuery {
 public:
  ~ManagedQuery();
  const std::string& id() const;
  const std::string& run_id() const;
  const std::string& name() const;
  const std::string& plan_text() const;
  bool active() const;
  /// Of the last epoch that ran, if any did; the last ones, oldest first.
  std::optional<QueryProgress> LastProgress() const;
  std::vector<QueryProgress> RecentProgress() const;
  /// OK while it runs.
  Status error() const;
  /// Waits for its end: OK, or the error that ended it.
  Status AwaitEnd();
  bool AwaitEnd(int64_t timeout_us);
  Status ProcessAllAvailable();
  /// Returns when the query has ended.
  void Stop();

 private:
  friend class StreamingQueryManager;
  struct Rep;
  explicit ManagedQuery(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};
using ManagedQueryPtr = std::shared_ptr<ManagedQuery>;

class StreamingQueryManager {
 public:
  /// `env` outlives it.
  explicit StreamingQueryManager(Env& env);
  ~StreamingQueryManager();

  /// `plan` is what Session::PrepareStream gave. Errors: those of StreamingQuery::Start; the name
  /// of a query that is active.
  Result<ManagedQueryPtr> Start(const RelationPtr& plan, ManagedQueryOptions options);
  std::vector<ManagedQueryPtr> Active();
  /// By id or run id; nullptr if no such query is active.
  ManagedQueryPtr Find(const std::string& id);
  /// True when a query has ended since the last ResetTerminated; false after `timeout_us` (< 0: no
  /// limit). The error is that of the first one that failed.
  Result<bool> AwaitAny(int64_t timeout_us);
  void ResetTerminated();
  int64_t AddListener(QueryListener listener);
  void RemoveListener(int64_t number);
  void StopAll();

 private:
  friend class ManagedQuery;
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
