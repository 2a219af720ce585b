// StreamingQuery: one running query: an EpochLoop on a thread of its own, driven by its trigger,
// watched from others. World errors that a replay may cure are retried from the checkpoint.
// Thread-safe, but for Start and the destructor.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "api/trigger.h"
#include "streaming/epoch_loop.h"

namespace thalweg {

struct StreamingQueryOptions {
  std::string name;
  Trigger trigger;
  EpochLoopOptions loop;  // checkpoint, conf, mode, sink
  /// Called on the query's thread after each epoch that ran.
  std::function<void(const EpochSummary& summary, const EpochLoop& loop)> on_epoch;
  /// Called on the query's thread when a look at the sources has found nothing and once before the
  /// query ends. `summary` is that of the last epoch that ran; its `kind` is kNone before.
  std::function<void(const EpochSummary& summary, const EpochLoop& loop)> on_pause;
  /// Called on the query's thread when all else is done: OK, or the error that ended it.
  std::function<void(const Status& end)> on_end;
  /// Called on the query's thread when an error is retried.
  std::function<void(const Status& error, int attempt)> on_retry;
};

class StreamingQuery {
 public:
  /// `plan` is what Session::PrepareStream gave. Returns when the query stands before its first
  /// epoch. Errors: those of EpochLoop::Start.
  static Result<std::unique_ptr<StreamingQuery>> Start(const RelationPtr& plan, Env& env,
                                                       StreamingQueryOptions options);
  /// Stops the query if it runs.
  ~StreamingQuery();

  const std::string& name() const;
  const std::string& query_id() const;
  bool running() const;
  /// Asks the query to stop after the running epoch.
  void RequestStop();
  /// Waits until the query has looked at its sources after this call and found nothing, or until
  /// its end: then OK or the error that ended it.
  Status ProcessAllAvailable();
  /// Waits for its end: OK, or the error that ended it.
  Status AwaitEnd();
  /// Waits at most `timeout_us`; true when it has ended.
  bool AwaitEnd(int64_t timeout_us);

 private:
  struct Rep;
  explicit StreamingQuery(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
