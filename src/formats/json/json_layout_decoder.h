// JsonLayoutDecoder: the fast way through JSON lines. It keeps layouts of lines that JsonDecoder
// has read, and reads a line whose every byte fits one of them straight into the columns: the bytes
// between the values are compared, the values parsed, strings become views into the block. A line
// that fits none is left to JsonDecoder and learned from. The result is JsonDecoder's, always.
//
//   Bind ─▶ ( TryLine | Leave ─▶ JsonDecoder ─▶ Learn, Bind )* ─▶ Leave
//
// One thread at a time.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "data/contracts.h"
#include "formats/json/json_decoder.h"
#include "formats/json/json_fast_scan.h"
#include "formats/json/json_layout.h"

namespace thalweg {

/// A predicate on a slot with plain values; the others are the engine's alone.
struct JsonFilter {
  CompareOp op = CompareOp::kEqual;
  int slot = 0;
  int64_t integer = 0;
  std::string text;
};

class JsonLayoutDecoder {
 public:
  /// For a STRUCT decoder, which must outlive this.
  explicit JsonLayoutDecoder(JsonDecoder& decoder);
  /// Rows for which it does not hold are passed over. `field` is one of the record's. To be called
  /// before anything is learned.
  void AddPredicate(int field, const ScanPredicate& predicate);

  /// To the flat vectors of a batch, one per field.
  void Bind(Vector* fields);
  /// Reads the line at `at` into `row` < kBatchRows and returns where the next one begins; nullptr:
  /// it has no known layout, or does not end before `end`. `block` holds the bytes, padded.
  const char* TryLine(const char* at, const char* end, const Buffer& block, int row);
  /// Whether the row that TryLine read is wanted; if not, its values are undefined.
  bool wanted() const { return wanted_; }
  /// The vectors get `rows` rows and hold the blocks of their strings; to be called before the
  /// block changes, others write, or the batch is handed on.
  void Leave(int rows, const Buffer& block);
  /// A line that the decoder has read into one row, without fault.
  void Learn(std::string_view line);
  /// Lines that were read so; for tests and measurements.
  int64_t lines_read() const { return lines_read_; }

 private:
  bool Passes(int slot, int row) const;
  bool Holds(const JsonFilter& filter, int row) const;
  const char* Run(const JsonLayout& layout, const char* at, const char* end, int row, bool strict);
  const char* ReadOp(const JsonOp& op, const char* at, int row);  // nullptr: not a common form
  const char* ReadString(JsonSlot& slot, const char* at, int row);
  const char* ReadInteger(const JsonOp& op, const char* at, int row);
  const char* ReadDecimal(const JsonOp& op, const char* at, int row);
  const char* ReadDouble(const JsonOp& op, const char* at, int row);
  const char* ReadTime(const JsonOp& op, const char* at, int row);
  const char* SkipValue(const char* at);
  const char* ReadGeneric(const JsonOp& op, const char* at, const char* end, int row);

  JsonValues& values_;
  JsonSlots slots_;
  ZoneCursor zone_;
  DateScanner dates_;
  std::vector<std::unique_ptr<JsonLayout>> layouts_;  // the last used first
  std::vector<JsonFilter> filters_;
  bool wanted_ = true;
  int64_t lines_read_ = 0;
  int64_t lines_left_ = 0;
  int credit_;  // what learning may cost
};

}  // namespace thalweg
