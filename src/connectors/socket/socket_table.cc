#include "connectors/socket/socket_table.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <mutex>

#include "base/conf.h"
#include "connectors/socket/received_lines.h"

namespace thalweg {
namespace {

constexpr int64_t kReadUs = 50'000;
constexpr int64_t kPendingBytesMax = 64 << 20;

struct SocketShape {
  std::string host;
  int port = 0;
  bool with_time = false;
};

/// Takes lines from a connection on a thread of its own until the end or Stop.
class LineReceiver {
 public:
  LineReceiver(Env& env, std::unique_ptr<LineConnection> connection)
      : env_(env), connection_(std::move(connection)), room_(env.tasks().NewSignal()) {}
  ~LineReceiver() { Stop(); }

  void Start() {
    task_ = env_.tasks().Spawn("socket source", [this] { Run(); });
  }
  void Stop() {
    stop_ = true;
    room_->Set();
    task_.reset();
  }
  /// What has come since the last call; where that is nothing, `waker` is called once when there is
  /// something. The error that ended the connection comes after its last line.
  Result<std::vector<ReceivedLine>> Take(Waker* waker) {
    std::lock_guard lock(mutex_);
    if (lines_.empty()) {
      THALWEG_RETURN_NOT_OK(error_);
      waker_ = waker;
    }
    pending_bytes_ = 0;
    room_->Set();
    return std::exchange(lines_, {});
  }

 private:
  void Run() {
    bool open = true;
    while (open && !stop_) {
      const Result<bool> more = connection_->Read(kReadUs, &bytes_);
      open = more.ok() && *more;
      Split(/*end=*/!open);
      if (more.ok()) continue;
      std::lock_guard lock(mutex_);
      error_ = more.status();
      Wake();
    }
  }
  // \n, \r and \r\n end a line; the last one may have no end.
  void Split(bool end) {
    size_t begin = 0;
    std::vector<ReceivedLine> lines;
    const int64_t time_us = env_.clock().NowUs() / 1000 * 1000;
    const auto add = [&](size_t to) {
      lines.push_back({time_us, DecodeUtf8(std::string_view(bytes_).substr(begin, to - begin))});
    };
    for (size_t at = 0; at < bytes_.size(); ++at) {
      if (bytes_[at] != '\n' && bytes_[at] != '\r') continue;
      const bool maybe_more = bytes_[at] == '\r' && at + 1 == bytes_.size();
      if (maybe_more && !end) break;  // a \n may follow
      add(at);
      if (bytes_[at] == '\r' && at + 1 < bytes_.size() && bytes_[at + 1] == '\n') ++at;
      begin = at + 1;
    }
    if (end && begin < bytes_.size()) {
      add(bytes_.size());
      begin = bytes_.size();
    }
    bytes_.erase(0, begin);
    if (!lines.empty()) Put(std::move(lines));
  }
  // Waits for room where nobody takes the lines: the server waits too then.
  void Put(std::vector<ReceivedLine> lines) {
    for (bool full = true; full && !stop_;) {
      {
        std::lock_guard lock(mutex_);
        full = pending_bytes_ > kPendingBytesMax;
      }
      if (full) room_->Wait(kReadUs);
    }
    std::lock_guard lock(mutex_);
    for (ReceivedLine& line : lines) {
      pending_bytes_ += static_cast<int64_t>(line.text.size() + sizeof(line));
      lines_.push_back(std::move(line));
    }
    Wake();
  }
  void Wake() {
    if (waker_ != nullptr) waker_->Wake();
    waker_ = nullptr;
  }

  Env& env_;
  const std::unique_ptr<LineConnection> connection_;
  const std::unique_ptr<Signal> room_;
  std::atomic<bool> stop_{false};
  std::string bytes_;  // of the receiver's thread: what has no end yet
  std::mutex mutex_;
  // All below is guarded by the mutex.
  std::vector<ReceivedLine> lines_;
  int64_t pending_bytes_ = 0;
  Waker* waker_ = nullptr;
  Status error_;
  std::unique_ptr<Task> task_;  // the last member: its thread uses the others
};

class SocketReader final : public BatchReader {
 public:
  void Begin(const ReceivedLines* lines, const ScanRequest& request, int64_t from, int64_t to) {
    lines_ = lines;
    request_ = request;
    next_ = from + 1;
    end_ = to + 1;
    bytes_ = 0;
  }
  Result<bool> Next(Batch* out) override {
    if (next_ >= end_) return false;
    const int rows = static_cast<int>(std::min<int64_t>(kBatchRows, end_ - next_));
    out->Reset(request_.schema);
    for (size_t i = 0; i < request_.columns.size(); ++i) {
      Vector& column = out->mutable_column(static_cast<int>(i));
      const bool is_time = request_.columns[i] == 1;
      column.ResetFlat(is_time ? TimestampType() : StringType(), rows);
      for (int row = 0; row < rows; ++row) {
        const ReceivedLine& line = lines_->line(next_ + row);
        if (is_time) {
          column.mutable_values<int64_t>()[row] = line.time_us;
        } else {
          column.SetString(row, line.text);
        }
      }
    }
    for (int row = 0; row < rows; ++row) {
      bytes_ += static_cast<int64_t>(lines_->line(next_ + row).text.size());
    }
    out->SetRowCount(rows);
    out->SetOrigin({request_.source_index, 0, next_});
    next_ += rows;
    return true;
  }
  int64_t bytes_read() const override { return bytes_; }

 private:
  const ReceivedLines* lines_ = nullptr;
  ScanRequest request_;
  int64_t next_ = 0;
  int64_t end_ = 0;
  int64_t bytes_ = 0;
};

/// An offset is the number of the last line, as in Spark; before the first one it is -1.
Result<int64_t> NumberOf(const Offset& offset) {
  if (offset.empty()) return -1;
  int64_t number = 0;
  const std::string& text = offset.json;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < -1) {
    return Status::World("'" + text + "' is no offset of a socket source");
  }
  return number;
}

class SocketSource final : public Source {
 public:
  SocketSource(const SocketShape& shape, LineConnector connect)
      : shape_(shape), connect_(std::move(connect)) {}
  // What has come but is in no epoch yet is kept for the next run.
  ~SocketSource() override {
    if (receiver_ == nullptr) return;
    receiver_->Stop();
    Result<std::vector<ReceivedLine>> left = receiver_->Take(nullptr);
    if (left.ok()) (void)lines_.Append(*std::move(left));
  }

  Status Open(const SourceContext& context, const Offset& from) override {
    if (!context.streaming) return NotSupportedYet("reading a socket other than as a stream");
    available_now_ = context.available_now;
    THALWEG_RETURN_NOT_OK(NumberOf(from).status());
    THALWEG_RETURN_NOT_OK(lines_.Open(*context.env, context.directory));
    THALWEG_ASSIGN_OR_RETURN(std::unique_ptr<LineConnection> connection,
                             connect_(shape_.host, shape_.port));
    receiver_ = std::make_unique<LineReceiver>(*context.env, std::move(connection));
    receiver_->Start();
    return Status::OK();
  }

  Status Latest(const Offset& from, const ReadLimits& limits, Waker* waker, Offset* to) override {
    THALWEG_ASSIGN_OR_RETURN(const int64_t begin, NumberOf(from));
    const bool takes = !available_now_ || target_ < 0;
    if (takes && (lines_.last() <= begin || limits.rows < 0)) {
      THALWEG_ASSIGN_OR_RETURN(std::vector<ReceivedLine> lines,
                               receiver_->Take(lines_.last() > begin ? nullptr : waker));
      THALWEG_RETURN_NOT_OK(lines_.Append(std::move(lines)));
    }
    if (target_ < 0) target_ = lines_.last();
    int64_t end = available_now_ ? target_ : lines_.last();
    if (limits.rows >= 0) end = std::min(end, begin + limits.rows);
    end = std::max(begin, end);
    to->json = end == begin ? from.json : std::to_string(end);
    return Status::OK();
  }

  Status Read(const ScanRequest& request, const Offset& from, const Offset& to,
              std::vector<BatchReader*>* readers) override {
    THALWEG_ASSIGN_OR_RETURN(const int64_t begin, NumberOf(from));
    THALWEG_ASSIGN_OR_RETURN(const int64_t end, NumberOf(to));
    if (end > begin && (begin + 1 < lines_.first() || end > lines_.last())) {
      return Status::World("lines " + std::to_string(begin + 1) + " to " + std::to_string(end) +
                           " of the socket source are not in its checkpoint");
    }
    reader_.Begin(&lines_, request, begin, end);
    *readers = {&reader_};
    return Status::OK();
  }

  Status Release(const Offset& to) override {
    THALWEG_ASSIGN_OR_RETURN(const int64_t number, NumberOf(to));
    return lines_.Release(number);
  }

 private:
  const SocketShape shape_;
  const LineConnector connect_;
  bool available_now_ = false;
  int64_t target_ = -1;  // of available-now: the last line of the first look
  ReceivedLines lines_;
  SocketReader reader_;
  std::unique_ptr<LineReceiver> receiver_;
};

class SocketTable final : public Table {
 public:
  SocketTable(const SocketShape& shape, LineConnector connect)
      : shape_(shape), connect_(std::move(connect)) {
    std::vector<StructField> columns = {{"value", StringType(), true, ""}};
    if (shape.with_time) columns.push_back({"timestamp", TimestampType(), true, ""});
    info_.provider = "socket";
    info_.description =
        "TextSocketV2[host: " + shape.host + ", port: " + std::to_string(shape.port) + "]";
    info_.schema = Schema::Make(std::move(columns));
    info_.can_stream_read = true;
  }
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return std::unique_ptr<Source>(std::make_unique<SocketSource>(shape_, connect_));
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return NotSupportedYet("writing to a socket");
  }

 private:
  const SocketShape shape_;
  const LineConnector connect_;
  TableInfo info_;
};

Status WrongOption(const std::string& key, const std::string& value, const char* wanted) {
  return Status::User("THALWEG_INVALID_OPTION",
                      {{"option", key}, {"value", value}, {"wanted", wanted}});
}

}  // namespace

Result<TablePtr> MakeSocketTable(const Options& options, LineConnector connect) {
  SocketShape shape;
  for (const auto& [key, value] : options) {
    if (key == "host") {
      shape.host = value;
    } else if (key == "port") {
      const auto [end, error] =
          std::from_chars(value.data(), value.data() + value.size(), shape.port);
      const bool whole = error == std::errc() && end == value.data() + value.size();
      if (!whole || shape.port < 1 || shape.port > 65535) {
        return WrongOption(key, value, "a port from 1 to 65535");
      }
    } else if (key == "includetimestamp") {
      if (value != "true" && value != "false") return WrongOption(key, value, "true or false");
      shape.with_time = value == "true";
    } else {
      const std::string near = NearestName(key, {"host", "port", "includeTimestamp"});
      return Status::User("THALWEG_UNKNOWN_OPTION",
                          {{"provider", "socket"},
                           {"option", key},
                           {"hint", near.empty() ? "" : " Did you mean " + near + "?"}});
    }
  }
  if (shape.host.empty()) return WrongOption("host", "", "the host to connect to");
  if (shape.port == 0) return WrongOption("port", "", "a port from 1 to 65535");
  return TablePtr(std::make_shared<SocketTable>(shape, std::move(connect)));
}

}  // namespace thalweg
