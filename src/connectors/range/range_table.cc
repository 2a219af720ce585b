#include "connectors/range/range_table.h"

#include <algorithm>
#include <limits>

namespace thalweg {
namespace {

using Wide = __int128;

class RangeReader final : public BatchReader {
 public:
  RangeReader(const ScanRequest& request, const NumberRange& range, int64_t from, int64_t to)
      : request_(request), range_(range), next_(from), end_(to) {}

  Result<bool> Next(Batch* out) override {
    if (next_ == end_) return false;
    const int count = static_cast<int>(std::min<int64_t>(end_ - next_, kBatchRows));
    out->Reset(request_.schema);
    for (size_t i = 0; i < request_.columns.size(); ++i) {
      Vector& column = out->mutable_column(static_cast<int>(i));
      column.ResetFlat(BigintType(), count);
      int64_t* values = column.mutable_values<int64_t>();
      const auto first = static_cast<uint64_t>(range_.start) +
                         static_cast<uint64_t>(next_) * static_cast<uint64_t>(range_.step);
      for (int row = 0; row < count; ++row) {
        const auto offset = static_cast<uint64_t>(row) * static_cast<uint64_t>(range_.step);
        values[row] = static_cast<int64_t>(first + offset);
      }
    }
    out->SetRowCount(count);
    out->SetOrigin({request_.source_index, 0, next_});
    next_ += count;
    return true;
  }

 private:
  const ScanRequest& request_;
  const NumberRange range_;
  int64_t next_;  // how many numbers come before
  const int64_t end_;
};

class RangeSource final : public Source {
 public:
  explicit RangeSource(const NumberRange& range) : range_(range) {}

  Status Open(const SourceContext&, const Offset&) override { return Status::OK(); }
  Status Latest(const Offset&, const ReadLimits&, Waker*, Offset* to) override {
    to->json = "0";
    return Status::OK();
  }
  Status Read(const ScanRequest& request, const Offset& from, const Offset& to,
              std::vector<BatchReader*>* readers) override;
  Status Release(const Offset&) override { return Status::OK(); }

 private:
  const NumberRange range_;
  ScanRequest request_;  // of the present Read
  std::vector<std::unique_ptr<RangeReader>> readers_;
};

Status RangeSource::Read(const ScanRequest& request, const Offset& from, const Offset& to,
                         std::vector<BatchReader*>* readers) {
  readers->clear();
  readers_.clear();
  if (from == to) return Status::OK();
  request_ = request;
  const int64_t size = range_.size();
  const int64_t batches = size / kBatchRows + (size % kBatchRows != 0 ? 1 : 0);
  const int64_t parts = std::min<int64_t>(batches, std::max(request.readers_wanted, 1));
  for (int64_t part = 0; part < parts; ++part) {
    const auto edge = [&](int64_t i) {
      return static_cast<int64_t>(std::min<Wide>(Wide{batches} * i / parts * kBatchRows, size));
    };
    readers_.push_back(std::make_unique<RangeReader>(request_, range_, edge(part), edge(part + 1)));
    readers->push_back(readers_.back().get());
  }
  return Status::OK();
}

class RangeTable final : public Table {
 public:
  explicit RangeTable(const NumberRange& range) : range_(range) {
    info_.provider = "range";
    info_.description = "Range(" + std::to_string(range.start) + ", " + std::to_string(range.end) +
                        ", " + std::to_string(range.step) + ")";
    info_.schema = Schema::Make({{"id", BigintType(), false}});
    info_.decoded = true;
    info_.version = "0";  // it never changes
  }
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return std::unique_ptr<Source>(std::make_unique<RangeSource>(range_));
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return Status::Bug("the numbers of a range are written to");
  }

 private:
  const NumberRange range_;
  TableInfo info_;
};

}  // namespace

int64_t NumberRange::size() const {
  const Wide distance = Wide{end} - start;
  if (distance == 0 || (distance > 0) != (step > 0)) return 0;
  const Wide steps = distance / step + (distance % step != 0 ? 1 : 0);
  return static_cast<int64_t>(std::min<Wide>(steps, std::numeric_limits<int64_t>::max()));
}

TablePtr MakeRangeTable(const NumberRange& range) {
  return std::make_shared<RangeTable>(range);
}

}  // namespace thalweg
