#include "table.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "data/calendar.h"
#include "data/ddl.h"
#include "lines.h"

namespace thalweg {
namespace {

/// How one field of a record goes into row `row` of its column.
template <class Record>
struct FieldWriter {
  const char* name;
  void (*write)(const Record& record, int64_t time_us, int row, Vector* out);
};

template <int64_t NexmarkPerson::*kField>
void WriteNumber(const NexmarkPerson& record, int64_t, int row, Vector* out) {
  out->mutable_values<int64_t>()[row] = record.*kField;
}
template <int64_t NexmarkAuction::*kField>
void WriteNumber(const NexmarkAuction& record, int64_t, int row, Vector* out) {
  out->mutable_values<int64_t>()[row] = record.*kField;
}
template <int64_t NexmarkBid::*kField>
void WriteNumber(const NexmarkBid& record, int64_t, int row, Vector* out) {
  out->mutable_values<int64_t>()[row] = record.*kField;
}
template <auto kField, class Record>
void WriteText(const Record& record, int64_t, int row, Vector* out) {
  out->SetString(row, record.*kField);
}
template <class Record>
void WriteTime(const Record&, int64_t time_us, int row, Vector* out) {
  out->mutable_values<int64_t>()[row] = time_us;
}
void WriteExpiry(const NexmarkAuction& auction, int64_t, int row, Vector* out) {
  out->mutable_values<int64_t>()[row] = auction.expires_ms * kMicrosPerMilli;
}

constexpr FieldWriter<NexmarkPerson> kPersonFields[] = {
    {"id", WriteNumber<&NexmarkPerson::id>},
    {"name", WriteText<&NexmarkPerson::name>},
    {"emailAddress", WriteText<&NexmarkPerson::email>},
    {"creditCard", WriteText<&NexmarkPerson::card>},
    {"city", WriteText<&NexmarkPerson::city>},
    {"state", WriteText<&NexmarkPerson::state>},
    {"dateTime", WriteTime<NexmarkPerson>},
    {"extra", WriteText<&NexmarkPerson::extra>},
};
constexpr FieldWriter<NexmarkAuction> kAuctionFields[] = {
    {"id", WriteNumber<&NexmarkAuction::id>},
    {"itemName", WriteText<&NexmarkAuction::item_name>},
    {"description", WriteText<&NexmarkAuction::description>},
    {"initialBid", WriteNumber<&NexmarkAuction::initial_bid>},
    {"reserve", WriteNumber<&NexmarkAuction::reserve>},
    {"dateTime", WriteTime<NexmarkAuction>},
    {"expires", WriteExpiry},
    {"seller", WriteNumber<&NexmarkAuction::seller>},
    {"category", WriteNumber<&NexmarkAuction::category>},
    {"extra", WriteText<&NexmarkAuction::extra>},
};
constexpr FieldWriter<NexmarkBid> kBidFields[] = {
    {"auction", WriteNumber<&NexmarkBid::auction>}, {"bidder", WriteNumber<&NexmarkBid::bidder>},
    {"price", WriteNumber<&NexmarkBid::price>},     {"channel", WriteText<&NexmarkBid::channel>},
    {"url", WriteText<&NexmarkBid::url>},           {"dateTime", WriteTime<NexmarkBid>},
    {"extra", WriteText<&NexmarkBid::extra>},
};

/// The events [next, end) of one part.
class NexmarkReader final : public BatchReader {
 public:
  NexmarkReader(const NexmarkShape& shape, const ScanRequest& request, int64_t part)
      : events_(shape),
        request_(request),
        part_(static_cast<int32_t>(part)),
        begin_(shape.begin_of(part)),
        next_(begin_),
        end_(shape.begin_of(part + 1)) {}

  Result<bool> Next(Batch* out) override;

 private:
  void Fill(int column, int rows, Vector* out);
  template <class Record, size_t kCount>
  void FillStruct(NexmarkKind kind, const FieldWriter<Record> (&fields)[kCount],
                  const Record& (NexmarkGenerator::*record)(int64_t), Vector* out);

  NexmarkGenerator events_;
  const ScanRequest& request_;
  const int32_t part_;
  const int64_t begin_;
  int64_t next_;
  const int64_t end_;
};

Result<bool> NexmarkReader::Next(Batch* out) {
  if (next_ >= end_) return false;
  const int rows = static_cast<int>(std::min<int64_t>(kBatchRows, end_ - next_));
  out->Reset(request_.schema);
  for (size_t i = 0; i < request_.columns.size(); ++i) {
    Vector& column = out->mutable_column(static_cast<int>(i));
    column.ResetFlat(request_.schema->column(static_cast<int>(i)).type, rows);
    Fill(request_.columns[i], rows, &column);
  }
  out->SetRowCount(rows);
  out->SetOrigin({request_.source_index, part_, next_ - begin_});
  next_ += rows;
  return true;
}

void NexmarkReader::Fill(int column, int rows, Vector* out) {
  switch (column) {
    case 0:
      for (int row = 0; row < rows; ++row) {
        out->mutable_values<int32_t>()[row] = static_cast<int32_t>(events_.KindOf(next_ + row));
      }
      return;
    case 1:
      return FillStruct(NexmarkKind::kPerson, kPersonFields, &NexmarkGenerator::Person, out);
    case 2:
      return FillStruct(NexmarkKind::kAuction, kAuctionFields, &NexmarkGenerator::Auction, out);
    case 3:
      return FillStruct(NexmarkKind::kBid, kBidFields, &NexmarkGenerator::Bid, out);
    default:
      for (int row = 0; row < rows; ++row) {
        out->mutable_values<int64_t>()[row] = events_.TimeMs(next_ + row) * kMicrosPerMilli;
      }
  }
}

// Those fields of the record that the column's type has.
template <class Record, size_t kCount>
void NexmarkReader::FillStruct(NexmarkKind kind, const FieldWriter<Record> (&fields)[kCount],
                               const Record& (NexmarkGenerator::*record)(int64_t), Vector* out) {
  const std::vector<StructField>& wanted = out->type()->fields();
  const FieldWriter<Record>* writers[kCount];
  for (size_t i = 0; i < wanted.size(); ++i) {
    out->mutable_child(static_cast<int>(i)).ResetFlat(wanted[i].type, out->size());
    writers[i] = std::find_if(fields, fields + kCount, [&](const FieldWriter<Record>& field) {
      return wanted[i].name == field.name;
    });
  }
  for (int row = 0; row < out->size(); ++row) {
    if (events_.KindOf(next_ + row) != kind) {
      out->SetNull(row);
      for (size_t i = 0; i < wanted.size(); ++i)
        out->mutable_child(static_cast<int>(i)).SetNull(row);
      continue;
    }
    const int64_t time_us = events_.TimeMs(next_ + row) * kMicrosPerMilli;
    const Record& event = (events_.*record)(next_ + row);
    for (size_t i = 0; i < wanted.size(); ++i) {
      writers[i]->write(event, time_us, row, &out->mutable_child(static_cast<int>(i)));
    }
  }
}

/// An offset is how many parts were read.
Result<int64_t> PartsOf(const Offset& offset) {
  int64_t parts = 0;
  const char* const end = offset.json.data() + offset.json.size();
  const auto [stop, error] = std::from_chars(offset.json.data(), end, parts);
  if (offset.empty() || (error == std::errc() && stop == end)) return parts;
  return Status::World("'" + offset.json + "' is no offset of a nexmark source");
}

class NexmarkSource final : public Source {
 public:
  explicit NexmarkSource(const NexmarkShape& shape) : shape_(shape) {}

  Status Open(const SourceContext&, const Offset& from) override { return PartsOf(from).status(); }
  Status Latest(const Offset& from, const ReadLimits& limits, Waker*, Offset* to) override {
    THALWEG_ASSIGN_OR_RETURN(const int64_t begin, PartsOf(from));
    const int64_t end =
        limits.files < 0 ? shape_.files : std::min(shape_.files, begin + limits.files);
    *to = end == begin ? from : Offset{std::to_string(end)};
    return Status::OK();
  }
  Status Read(const ScanRequest& request, const Offset& from, const Offset& to,
              std::vector<BatchReader*>* readers) override {
    THALWEG_ASSIGN_OR_RETURN(const int64_t begin, PartsOf(from));
    THALWEG_ASSIGN_OR_RETURN(const int64_t end, PartsOf(to));
    request_ = request;
    readers_.clear();
    for (int64_t part = begin; part < end; ++part) {
      readers_.push_back(std::make_unique<NexmarkReader>(shape_, request_, part));
      readers->push_back(readers_.back().get());
    }
    return Status::OK();
  }
  Status Release(const Offset&) override { return Status::OK(); }

 private:
  const NexmarkShape shape_;
  ScanRequest request_;  // of the present Read
  std::vector<std::unique_ptr<NexmarkReader>> readers_;
};

class NexmarkTable final : public Table {
 public:
  NexmarkTable(const NexmarkShape& shape, SchemaPtr schema) : shape_(shape) {
    info_.provider = "nexmark";
    info_.description = "Nexmark[events=" + std::to_string(shape.events) + "]";
    info_.schema = std::move(schema);
    info_.can_stream_read = true;
  }
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return std::unique_ptr<Source>(std::make_unique<NexmarkSource>(shape_));
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return NotSupportedYet("writing into nexmark");
  }

 private:
  const NexmarkShape shape_;
  TableInfo info_;
};

}  // namespace

Result<TablePtr> MakeNexmarkTable(const Options& options) {
  NexmarkShape shape;
  int64_t seed = static_cast<int64_t>(shape.seed);
  int64_t files_per_epoch = 0;  // a limit of the read, which the frame looks at
  for (const auto& [key, text] : options) {
    int64_t* const number = key == "events"               ? &shape.events
                            : key == "files"              ? &shape.files
                            : key == "rate"               ? &shape.rate
                            : key == "seed"               ? &seed
                            : key == "maxfilespertrigger" ? &files_per_epoch
                                                          : nullptr;
    if (number == nullptr) {
      return Status::User("THALWEG_UNKNOWN_OPTION",
                          {{"provider", "nexmark"}, {"option", key}, {"hint", ""}});
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
    if (error != std::errc() || end != text.data() + text.size() || *number < 1) {
      return Status::User("THALWEG_INVALID_OPTION",
                          {{"option", key}, {"value", text}, {"wanted", "a whole number above 0"}});
    }
  }
  shape.seed = static_cast<uint64_t>(seed);
  THALWEG_ASSIGN_OR_RETURN(SchemaPtr schema, ParseDdl(kNexmarkDdl));
  return TablePtr(std::make_shared<NexmarkTable>(shape, std::move(schema)));
}

}  // namespace thalweg
