// Values of any type inside accumulators: as row encodings (data/row_codec.h) in the arena. What
// aggregates share that keep values: first, max_by, collect_list. Included by aggregate files only;
// scratch of one call, one thread.
#pragma once

#include <string>
#include <vector>

#include "data/row_codec.h"
#include "functions/aggregate_loops.h"

namespace thalweg {

/// Bytes of a span.
inline StringView SpanBytes(const ArenaSpan& span) {
  return {reinterpret_cast<const char*>(span.data), span.size};
}

/// Room for `more` bytes behind those in use of the span that lies `at` bytes into accumulator i.
Status ReserveMore(const AggregateTargets& targets, int i, ArenaSpan* span, uint64_t more);
/// The span holds these bytes from now on; they may not lie in it.
Status StoreBytes(const AggregateTargets& targets, int i, std::string_view bytes, ArenaSpan* span);
/// Appends bytes to the span.
Status AppendBytes(const AggregateTargets& targets, int i, std::string_view bytes, ArenaSpan* span);
/// Appends their length (4 bytes) and the bytes.
Status AppendRecord(const AggregateTargets& targets, int i, std::string_view bytes,
                    ArenaSpan* span);
/// f(bytes) for the records in a span.
template <class F>
void ForEachRecord(const ArenaSpan& span, F&& f) {
  const uint8_t* at = span.data;
  const uint8_t* const end = at + span.size;
  while (at != end) {
    uint32_t size;
    std::memcpy(&size, at, sizeof(size));
    f(StringView(reinterpret_cast<const char*>(at + sizeof(size)), size));
    at += sizeof(size) + size;
  }
}

/// The row encoding of NULL of `type`.
std::string EncodedNull(const TypePtr& type);
/// Decodes one value a record into rows [at, at + records.size()) of `out`, which holds the rows
/// before `at` already (values of nested types can only be appended).
Status DecodeValues(const TypePtr& type, const std::vector<StringView>& records, int at,
                    Vector* out);
/// Writes ARRAYs to rows [at, …) of `out`: list k has counts[k] of the records, in order; NULL
/// where counts[k] is negative.
Status WriteLists(const std::vector<StringView>& records, const std::vector<int>& counts, int at,
                  Vector* out);
/// The same with the elements decoded.
Status WriteLists(const Vector& elements, const std::vector<int>& counts, int at, Vector* out);

}  // namespace thalweg
