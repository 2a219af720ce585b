#include "exec/event_time_key.h"

#include <cstring>

#include "exec/operator.h"

namespace thalweg {
namespace {

constexpr int64_t kSecond = 1'000'000;

class EventTimeStamp final : public Aggregate {
 public:
  EventTimeStamp() { layout_.width = sizeof(uint64_t); }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    for (int i = 0; i < rows.count; ++i) {
      int64_t time = 0;
      const bool timed = EventTimeAt(*arguments[0], rows[i], &time);
      const uint64_t stamp = timed ? StampOf(time) : kTimelessStamp;
      std::memcpy(targets.blocks[i] + targets.offset, &stamp, sizeof(stamp));
    }
    return Status::OK();
  }
  Status Merge(const AggregateTargets&, const uint8_t* const*, int, bool) const override {
    return Status::Bug("groups keyed by event time are not merged");
  }
  Status Finish(const AggregateTargets&, int, int, Vector*) const override {
    return Status::Bug("the stamp of a group is not shown");
  }
};

}  // namespace

WindowShape EventTimeSlices(int64_t delay_us) {
  int64_t width_us = kSecond;
  if (delay_us > 240 * kSecond) width_us = 60 * kSecond;
  if (delay_us > 240 * 60 * kSecond) width_us = 3600 * kSecond;
  return {width_us, width_us, 0};
}

bool EventTimeAt(const Vector& column, int row, int64_t* time_us) {
  if (column.IsNull(row)) return false;
  if (column.encoding() == Encoding::kDictionary) {
    return EventTimeAt(column.child(0), column.values<int32_t>()[row], time_us);
  }
  if (column.physical() == PhysicalKind::kStruct) {
    return EventTimeAt(column.child(1), column.is_constant() ? 0 : row, time_us);
  }
  *time_us = column.Get<int64_t>(row);
  return true;
}

const Vector& EventTimeReader::Read(const Vector& column, const Selection& rows) {
  if (column.physical() != PhysicalKind::kStruct) return column;
  times_.ResetFlat(TimestampType(), column.size());
  ForEachRow(rows, [&](int row) {
    int64_t time = 0;
    const bool timed = EventTimeAt(column, row, &time);
    times_.mutable_values<int64_t>()[row] = time;
    if (!timed) times_.SetNull(row);
  });
  return times_;
}

void LateSplit::Split(const Vector& times, const Selection& rows, int64_t late_before_us) {
  late_count = on_time_count = 0;
  ForEachRow(rows, [&](int row) {
    const bool is_late = !times.IsNull(row) && times.Get<int64_t>(row) <= late_before_us;
    late[late_count] = on_time[on_time_count] = static_cast<RowIndex>(row);
    late_count += is_late;
    on_time_count += !is_late;
  });
}

Selection EventTimeSplitter::Timeless(const Vector& times, const Selection& rows) {
  if (!times.may_have_nulls()) return {timeless_, 0};
  int count = 0;
  ForEachRow(rows, [&](int row) {
    timeless_[count] = static_cast<RowIndex>(row);
    count += times.IsNull(row);
  });
  return {timeless_, count};
}

void PickedEntries::Begin(const EntryBatch& from) {
  from_ = from;
  count_ = 0;
}

void PickedEntries::Begin(const KeyBatch& from) {
  EntryBatch entries;
  entries.keys = from;
  Begin(entries);
}

void PickedEntries::Add(int i) {
  const KeyBatch& keys = from_.keys;
  hashes_[count_] = keys.hashes[i];
  if (keys.words != nullptr) words_[count_] = keys.words[i];
  if (keys.bytes != nullptr) bytes_[count_] = keys.bytes[i];
  if (keys.nulls != nullptr) nulls_[count_] = keys.nulls[i];
  if (from_.blocks != nullptr) blocks_[count_] = from_.blocks[i];
  if (from_.arenas != nullptr) arenas_[count_] = from_.arenas[i];
  ++count_;
}

EntryBatch PickedEntries::entries() const {
  EntryBatch picked;
  picked.count = count_;
  picked.keys.form = from_.keys.form;
  picked.keys.count = count_;
  picked.keys.hashes = hashes_;
  picked.keys.words = from_.keys.words != nullptr ? words_ : nullptr;
  picked.keys.bytes = from_.keys.bytes != nullptr ? bytes_ : nullptr;
  picked.keys.nulls = from_.keys.nulls != nullptr ? nulls_ : nullptr;
  picked.blocks = from_.blocks != nullptr ? blocks_ : nullptr;
  picked.arenas = from_.arenas != nullptr ? arenas_ : nullptr;
  return picked;
}

int64_t LiveEntries(SlicedTable* slices, int64_t evict_until_us, int offset) {
  int64_t live = 0;
  for (const int64_t start : slices->starts()) {
    GroupTable* const slice = slices->FindSlice(start);
    live += slice->size();
    if (evict_until_us == kNoThreshold || start > evict_until_us) continue;
    ScanCursor cursor;
    for (EntryBatch entries;;) {
      const Status status = slice->Scan(0, kShardCount, false, &cursor, &entries);
      if (!status.ok() || entries.count == 0) break;
      for (int i = 0; i < entries.count; ++i) {
        live -= StampIn(entries.blocks[i], offset) <= StampOf(evict_until_us);
      }
    }
  }
  return live;
}

std::shared_ptr<const Aggregate> NewEventTimeStamp() {
  return std::make_shared<EventTimeStamp>();
}

}  // namespace thalweg
