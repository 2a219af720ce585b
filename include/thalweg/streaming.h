// Streaming queries: writing one down (DataStreamWriter), watching and stopping it
// (StreamingQuery), all of a session (StreamingQueryManager), and what happens to them
// (StreamingQueryListener), as in Spark. Handles, cheap to copy; any thread. When the last handle
// of a session and of what was made from it goes, its queries are stopped.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "thalweg/dataframe.h"

namespace thalweg {

namespace api {

/// When a query looks for its next epoch.
class THALWEG_EXPORT Trigger {
 public:
  /// As soon as there is input.
  Trigger() = default;
  /// At multiples of an interval: "10 seconds".
  static Trigger ProcessingTime(std::string_view interval) { return Trigger(interval); }
  /// What is there at the start, in as many epochs as it takes, then the end.
  static Trigger AvailableNow() { return Trigger("available-now"); }
  /// One epoch, then the end.
  static Trigger Once() { return Trigger("once"); }

 private:
  friend struct Access;
  explicit Trigger(std::string_view text) : text_(text) {}
  std::string text_ = "default";
};

/// Rows of an epoch one by one, on one thread at a time.
class THALWEG_EXPORT ForeachWriter {
 public:
  virtual ~ForeachWriter();
  /// Before the first row of an epoch; false: its rows are not wanted. An epoch may come again
  /// after a failure: (query, epoch) tells it apart.
  virtual Result<bool> Open(int64_t epoch);
  virtual Status Process(const Row& row) = 0;
  /// After the last row, or with the error that ended the epoch.
  virtual void Close(const Status& error);
};

struct StreamingQueryProgress {
  std::string id;
  std::string run_id;
  std::string name;
  Timestamp timestamp;
  int64_t batch_id = 0;
  int64_t num_input_rows = 0;
  int64_t num_output_rows = 0;
  double input_rows_per_second = 0;
  double processed_rows_per_second = 0;
  std::optional<Timestamp> watermark;
  std::string json;  // all of it, in Spark's keys and order
};

struct StreamingQueryStatus {
  bool is_active = false;
  std::string message;
};

class THALWEG_EXPORT StreamingQuery {
 public:
  /// Of the query: the same after a restart from its checkpoint.
  std::string Id() const;
  /// Of this run.
  std::string RunId() const;
  /// "": it has none.
  std::string Name() const;
  bool IsActive() const;
  StreamingQueryStatus Status() const;
  /// Of the last epoch that ran, if one did; and of the last ones, oldest first
  /// (spark.sql.streaming.numRecentProgressUpdates).
  std::optional<StreamingQueryProgress> LastProgress() const;
  std::vector<StreamingQueryProgress> RecentProgress() const;
  /// Waits for the end: OK after Stop and where the trigger ends, else the error.
  api::Status AwaitTermination() const;
  /// Waits at most so long; false: it still runs.
  Result<bool> AwaitTermination(std::chrono::milliseconds timeout) const;
  /// Returns when all that the sources held at this call is in the sink: for tests.
  api::Status ProcessAllAvailable() const;
  /// Stops after the running epoch and waits for that. Not from a function that the query calls.
  api::Status Stop() const;
  /// OK while it runs and where it ended well.
  api::Status Exception() const;
  /// The plan that it runs, as a tree.
  std::string Explain() const;

 private:
  friend struct Access;
  struct Rep;
  explicit StreamingQuery(std::shared_ptr<const Rep> rep) : rep_(std::move(rep)) {}
  std::shared_ptr<const Rep> rep_;
};

/// What a DataStreamWriter says.
struct StreamDescription {
  std::string mode = "append";
  std::string format;  // "": parquet
  std::map<std::string, std::string> options;
  std::string name;
  std::vector<std::string> partition_columns;
  Trigger trigger;
  std::shared_ptr<ForeachWriter> foreach_writer;
  std::function<Status(const DataFrame& rows, int64_t epoch)> foreach_batch;
};

/// Where the rows of a streaming DataFrame go: df.WriteStream(). Checkpoints lie in the option
/// `checkpointLocation`, else below the setting spark.sql.streaming.checkpointLocation; console,
/// memory, noop, foreach and foreachBatch do with a temporary one.
class THALWEG_EXPORT DataStreamWriter {
 public:
  /// append (the default), update, complete.
  DataStreamWriter& OutputMode(std::string_view mode) {
    description_.mode = mode;
    return *this;
  }
  /// A file format, "console", "memory" (a view of the query's name), "noop".
  DataStreamWriter& Format(std::string_view format) {
    description_.format = format;
    return *this;
  }
  /// Keys are case-insensitive.
  DataStreamWriter& Option(std::string_view key, std::string_view value) {
    description_.options[std::string(key)] = value;
    return *this;
  }
  DataStreamWriter& Option(std::string_view key, const char* value) {
    return Option(key, std::string_view(value));
  }
  DataStreamWriter& Option(std::string_view key, bool value) {
    return Option(key, value ? "true" : "false");
  }
  DataStreamWriter& Option(std::string_view key, int64_t value) {
    return Option(key, std::string_view(std::to_string(value)));
  }
  DataStreamWriter& Option(std::string_view key, int value) { return Option(key, int64_t{value}); }
  DataStreamWriter& QueryName(std::string_view name) {
    description_.name = name;
    return *this;
  }
  DataStreamWriter& PartitionBy(std::vector<std::string> columns) {
    description_.partition_columns = std::move(columns);
    return *this;
  }
  DataStreamWriter& Trigger(const api::Trigger& trigger) {
    description_.trigger = trigger;
    return *this;
  }
  /// Called on the query's thread with each row.
  DataStreamWriter& Foreach(std::function<Status(const Row& row)> function);
  DataStreamWriter& Foreach(std::shared_ptr<ForeachWriter> writer) {
    description_.foreach_writer = std::move(writer);
    return *this;
  }
  /// Called on the query's thread with the rows of each epoch, as a DataFrame that is valid during
  /// the call. At least once: (query, epoch) tells a repetition apart.
  DataStreamWriter& ForeachBatch(
      std::function<Status(const DataFrame& rows, int64_t epoch)> function) {
    description_.foreach_batch = std::move(function);
    return *this;
  }

  /// Errors: what Spark refuses in streams, an unknown format or option, a missing checkpoint.
  Result<StreamingQuery> Start() const;
  /// Into files below `path`.
  Result<StreamingQuery> Start(std::string_view path) { return Option("path", path).Start(); }

 private:
  friend class DataFrame;
  explicit DataStreamWriter(DataFrame frame) : frame_(std::move(frame)) {}
  DataFrame frame_;
  StreamDescription description_;
};

struct QueryStartedEvent {
  std::string id;
  std::string run_id;
  std::string name;
  Timestamp timestamp;
};
struct QueryProgressEvent {
  StreamingQueryProgress progress;
};
struct QueryIdleEvent {
  std::string id;
  std::string run_id;
  Timestamp timestamp;
};
struct QueryTerminatedEvent {
  std::string id;
  std::string run_id;
  Status error;  // OK: it was stopped, or its trigger ended
};

/// Told about every query of a session, on the query's thread: must not wait for the query.
class THALWEG_EXPORT StreamingQueryListener {
 public:
  virtual ~StreamingQueryListener();
  virtual void OnQueryStarted(const QueryStartedEvent& event);
  virtual void OnQueryProgress(const QueryProgressEvent& event);
  /// No input for spark.sql.streaming.noDataProgressEventInterval.
  virtual void OnQueryIdle(const QueryIdleEvent& event);
  virtual void OnQueryTerminated(const QueryTerminatedEvent& event);
};

class THALWEG_EXPORT StreamingQueryManager {
 public:
  std::vector<StreamingQuery> Active() const;
  /// By id or run id; nothing if no such query is active.
  std::optional<StreamingQuery> Get(std::string_view id) const;
  /// Waits until any query has ended since the session began or ResetTerminated was called; the
  /// error is that of the first one that failed.
  Status AwaitAnyTermination() const;
  Result<bool> AwaitAnyTermination(std::chrono::milliseconds timeout) const;
  void ResetTerminated() const;
  void AddListener(std::shared_ptr<StreamingQueryListener> listener) const;
  void RemoveListener(const std::shared_ptr<StreamingQueryListener>& listener) const;

 private:
  friend class Session;
  explicit StreamingQueryManager(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}
  std::shared_ptr<Engine> engine_;
};

/// A stream whose rows a program adds, for tests and for sources of one's own. They are kept as
/// long as the stream is; a query cannot read them again in another process.
class THALWEG_EXPORT MemoryStream {
 public:
  /// Errors: THALWEG_WRONG_ROW.
  Status AddData(const std::vector<Row>& rows) const;
  DataFrame ToDataFrame() const;

 private:
  friend class Session;
  struct Rep;
  explicit MemoryStream(std::shared_ptr<Rep> rep) : rep_(std::move(rep)) {}
  std::shared_ptr<Rep> rep_;
};

}  // namespace api
}  // namespace thalweg
