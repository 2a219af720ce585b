#include "connectors/basic/rate.h"

#include <algorithm>
#include <charconv>

#include "base/conf.h"
#include "base/note_file.h"
#include "data/calendar.h"

namespace thalweg {
namespace {

struct RateShape {
  bool by_batch = false;
  int64_t rows_per_second = 1;
  int64_t rows_per_batch = 0;
  int64_t start_us = 0;
  int64_t advance_us = kMicrosPerSecond;
};

/// Number of an offset: seconds since the start, or epochs.
Result<int64_t> NumberOf(const Offset& offset) {
  if (offset.empty()) return 0;
  int64_t number = 0;
  const std::string& text = offset.json;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return Status::World("'" + text + "' is no offset of a rate source");
  }
  return number;
}

/// Makes the values [from, to) of one Read.
class RateReader final : public BatchReader {
 public:
  RateReader(const RateShape& shape, const ScanRequest& request, int64_t start_us)
      : shape_(shape), request_(request), start_us_(start_us) {}
  void Begin(int64_t from, int64_t to) {
    next_ = from;
    end_ = to;
  }

  Result<bool> Next(Batch* out) override {
    if (next_ >= end_) return false;
    const int rows = static_cast<int>(std::min<int64_t>(kBatchRows, end_ - next_));
    out->Reset(request_.schema);
    for (size_t i = 0; i < request_.columns.size(); ++i) {
      Vector& column = out->mutable_column(static_cast<int>(i));
      const bool is_time = request_.columns[i] == 0;
      column.ResetFlat(is_time ? TimestampType() : BigintType(), rows);
      int64_t* values = column.mutable_values<int64_t>();
      for (int row = 0; row < rows; ++row) {
        values[row] = is_time ? TimeOf(next_ + row) : next_ + row;
      }
    }
    out->SetRowCount(rows);
    out->SetOrigin({request_.source_index, 0, next_});
    next_ += rows;
    return true;
  }

 private:
  int64_t TimeOf(int64_t value) const {
    if (shape_.by_batch) {
      return shape_.start_us + value / shape_.rows_per_batch * shape_.advance_us;
    }
    return start_us_ + static_cast<int64_t>(static_cast<__int128>(value) * kMicrosPerSecond /
                                            shape_.rows_per_second);
  }

  const RateShape shape_;
  const ScanRequest request_;
  const int64_t start_us_;
  int64_t next_ = 0;
  int64_t end_ = 0;
};

constexpr const char* kNote = "start of a rate source";

/// The start of a rate source is kept in its directory: offsets are seconds since then.
class RateSource final : public Source {
 public:
  explicit RateSource(const RateShape& shape) : shape_(shape) {}

  Status Open(const SourceContext& context, const Offset& from) override {
    env_ = context.env;
    available_now_ = context.available_now || !context.streaming;
    start_us_ = env_->clock().NowUs() / 1000 * 1000;
    if (shape_.by_batch || context.directory.empty()) return NumberOf(from).status();
    THALWEG_RETURN_NOT_OK(env_->files().CreateDirectories(context.directory));
    const std::string path = JoinPath(context.directory, "start");
    THALWEG_ASSIGN_OR_RETURN(const bool known, env_->files().Exists(path));
    if (!known) {
      THALWEG_RETURN_NOT_OK(
          WriteNote(env_->files(), path, kNote, std::to_string(start_us_), false));
      return NumberOf(from).status();
    }
    THALWEG_ASSIGN_OR_RETURN(const std::string text, ReadNote(env_->files(), path, kNote));
    THALWEG_ASSIGN_OR_RETURN(start_us_, NumberOf(Offset{text}));
    return NumberOf(from).status();
  }

  Status Latest(const Offset& from, const ReadLimits& limits, Waker*, Offset* to) override {
    THALWEG_ASSIGN_OR_RETURN(const int64_t begin, NumberOf(from));
    int64_t end = begin;
    if (shape_.by_batch) {
      if (!available_now_ || !served_) end = begin + 1;
      served_ = true;
    } else {
      end = std::max(begin, (env_->clock().NowUs() - start_us_) / kMicrosPerSecond);
      if (limits.rows >= 0) {
        end = std::min(end, begin + std::max<int64_t>(1, limits.rows / shape_.rows_per_second));
      }
      if (available_now_) {
        if (target_ < 0) target_ = end;
        end = std::min(end, target_);
      }
    }
    to->json = end == begin ? from.json : std::to_string(end);
    return Status::OK();
  }

  Status Read(const ScanRequest& request, const Offset& from, const Offset& to,
              std::vector<BatchReader*>* readers) override {
    THALWEG_ASSIGN_OR_RETURN(const int64_t begin, NumberOf(from));
    THALWEG_ASSIGN_OR_RETURN(const int64_t end, NumberOf(to));
    const int64_t unit = shape_.by_batch ? shape_.rows_per_batch : shape_.rows_per_second;
    reader_ = std::make_unique<RateReader>(shape_, request, start_us_);
    reader_->Begin(begin * unit, end * unit);
    readers->push_back(reader_.get());
    return Status::OK();
  }

  Status Release(const Offset&) override { return Status::OK(); }

 private:
  const RateShape shape_;
  Env* env_ = nullptr;
  bool available_now_ = false;
  bool served_ = false;
  int64_t start_us_ = 0;
  int64_t target_ = -1;
  std::unique_ptr<RateReader> reader_;
};

class RateTable final : public Table {
 public:
  explicit RateTable(const RateShape& shape) : shape_(shape) {
    info_.provider = shape.by_batch ? "rate-micro-batch" : "rate";
    info_.description =
        shape.by_batch
            ? "RateStreamMicroBatch[rowsPerBatch=" + std::to_string(shape.rows_per_batch) + "]"
            : "RateStream[rowsPerSecond=" + std::to_string(shape.rows_per_second) + "]";
    info_.schema =
        Schema::Make({{"timestamp", TimestampType(), true, ""}, {"value", BigintType(), true, ""}});
    info_.can_stream_read = true;
  }
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return std::unique_ptr<Source>(std::make_unique<RateSource>(shape_));
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return NotSupportedYet("writing into " + info_.provider);
  }

 private:
  const RateShape shape_;
  TableInfo info_;
};

Status BadOption(const std::string& key, const std::string& value, const char* wanted) {
  return Status::User("THALWEG_INVALID_OPTION",
                      {{"option", key}, {"value", value}, {"wanted", wanted}});
}

/// A whole number of at least `least`; absent: unchanged.
Status ReadNumber(const Options& options, const char* key, int64_t least, int64_t* out) {
  const auto found = options.find(key);
  if (found == options.end()) return Status::OK();
  const std::string& text = found->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (whole && *out >= least) return Status::OK();
  return BadOption(key, text, least == 0 ? "a whole number" : "a whole number above 0");
}

Status CheckNames(const Options& options, const std::vector<std::string_view>& known) {
  for (const auto& [key, value] : options) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string near = NearestName(key, known);
    return Status::User("THALWEG_UNKNOWN_OPTION",
                        {{"provider", "rate"},
                         {"option", key},
                         {"hint", near.empty() ? "" : " Did you mean " + near + "?"}});
  }
  return Status::OK();
}

}  // namespace

Result<TablePtr> MakeRateTable(const Options& options) {
  THALWEG_RETURN_NOT_OK(CheckNames(options, {"rowspersecond", "numpartitions", "rampuptime"}));
  RateShape shape;
  int64_t partitions = 1;
  THALWEG_RETURN_NOT_OK(ReadNumber(options, "rowspersecond", 1, &shape.rows_per_second));
  THALWEG_RETURN_NOT_OK(ReadNumber(options, "numpartitions", 1, &partitions));
  const auto ramp = options.find("rampuptime");
  if (ramp != options.end() && ParseDurationUs(ramp->second).value_or(1) != 0) {
    return NotSupportedYet("rampUpTime");
  }
  return TablePtr(std::make_shared<RateTable>(shape));
}

Result<TablePtr> MakeRateMicroBatchTable(const Options& options) {
  THALWEG_RETURN_NOT_OK(CheckNames(
      options, {"rowsperbatch", "numpartitions", "starttimestamp", "advancemillisperbatch"}));
  RateShape shape;
  shape.by_batch = true;
  int64_t partitions = 1, start_ms = 0, advance_ms = 1000;
  THALWEG_RETURN_NOT_OK(ReadNumber(options, "rowsperbatch", 1, &shape.rows_per_batch));
  THALWEG_RETURN_NOT_OK(ReadNumber(options, "numpartitions", 1, &partitions));
  THALWEG_RETURN_NOT_OK(ReadNumber(options, "starttimestamp", 0, &start_ms));
  THALWEG_RETURN_NOT_OK(ReadNumber(options, "advancemillisperbatch", 0, &advance_ms));
  if (shape.rows_per_batch == 0) return BadOption("rowsPerBatch", "", "a whole number above 0");
  shape.start_us = start_ms * kMicrosPerMilli;
  shape.advance_us = advance_ms * kMicrosPerMilli;
  return TablePtr(std::make_shared<RateTable>(shape));
}

}  // namespace thalweg
