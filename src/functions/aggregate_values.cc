#include "functions/aggregate_values.h"

#include <limits>

namespace thalweg {

Status ReserveMore(const AggregateTargets& targets, int i, ArenaSpan* span, uint64_t more) {
  const uint64_t needed = uint64_t{span->size} + more;
  if (needed <= span->capacity) return Status::OK();
  if (needed > std::numeric_limits<uint32_t>::max()) {
    return NotSupportedYet("an aggregate that keeps more than 4 GB for one group");
  }
  return targets.arenas[i * targets.arena_stride]->Reserve(span, static_cast<uint32_t>(needed));
}

Status StoreBytes(const AggregateTargets& targets, int i, std::string_view bytes, ArenaSpan* span) {
  span->size = 0;  // what was kept need not be moved
  return AppendBytes(targets, i, bytes, span);
}

Status AppendBytes(const AggregateTargets& targets, int i, std::string_view bytes,
                   ArenaSpan* span) {
  THALWEG_RETURN_NOT_OK(ReserveMore(targets, i, span, bytes.size()));
  if (!bytes.empty()) std::memcpy(span->data + span->size, bytes.data(), bytes.size());
  span->size += static_cast<uint32_t>(bytes.size());
  return Status::OK();
}

Status AppendRecord(const AggregateTargets& targets, int i, std::string_view bytes,
                    ArenaSpan* span) {
  const uint32_t size = static_cast<uint32_t>(bytes.size());
  THALWEG_RETURN_NOT_OK(ReserveMore(targets, i, span, sizeof(size) + uint64_t{size}));
  std::memcpy(span->data + span->size, &size, sizeof(size));
  span->size += sizeof(size);
  return AppendBytes(targets, i, bytes, span);
}

std::string EncodedNull(const TypePtr& type) {
  Vector null;
  null.ResetNull(type, 1);
  RowEncoder encoder({type});
  const Vector* const columns[] = {&null};
  return std::string(encoder.Encode(columns, Selection::All(1))->view());
}

Status DecodeValues(const TypePtr& type, const std::vector<StringView>& records, int at,
                    Vector* out) {
  out->SetSize(at);
  if (records.empty()) return Status::OK();
  const RowDecoder decoder({type});
  const int count = static_cast<int>(records.size());
  Vector* const columns[] = {out};
  THALWEG_RETURN_NOT_OK(decoder.Decode(records.data(), count, at, columns));
  out->SetSize(at + count);
  return Status::OK();
}

Status WriteLists(const std::vector<StringView>& records, const std::vector<int>& counts, int at,
                  Vector* out) {
  const TypePtr element = out->type()->element();
  Vector elements(element);
  THALWEG_RETURN_NOT_OK(DecodeValues(element, records, 0, &elements));
  return WriteLists(elements, counts, at, out);
}

Status WriteLists(const Vector& elements, const std::vector<int>& counts, int at, Vector* out) {
  const int count = static_cast<int>(counts.size());
  Vector lists;
  lists.ResetFlat(out->type(), count);
  int32_t* offsets = lists.mutable_offsets();
  offsets[0] = 0;
  for (int k = 0; k < count; ++k) {
    offsets[k + 1] = offsets[k] + std::max(counts[k], 0);
    if (counts[k] < 0) lists.SetNull(k);
  }
  lists.mutable_child(0) = elements;
  out->SetSize(at);
  AppendRange(lists, 0, count, out);
  return Status::OK();
}

}  // namespace thalweg
