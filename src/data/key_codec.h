// Key codec: rows of key columns -> what state tables are keyed by, and back.
//
//   kWord    one fixed-width column of at most 8 bytes: the value as a 64-bit word (FLOAT and
//            DOUBLE normalised: -0.0 is 0.0, every NaN is one NaN)
//   kBytes   one STRING or BINARY column: its bytes
//   kRecord  anything else: all columns, nulls included, in self-delimiting bytes
//
// Null keys of kWord and kBytes are flagged apart, their hash is kNullKeyHash. Equal keys have
// equal encodings, on every machine. Hashes are HashWord of the word, HashBytes of the bytes.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "base/hash.h"
#include "data/batch.h"
#include "data/row_codec.h"

namespace thalweg {

enum class KeyForm : uint8_t { kWord, kBytes, kRecord };

/// The keys of the selected rows of a batch, in row order.
struct KeyBatch {
  KeyForm form = KeyForm::kWord;
  int count = 0;
  const uint64_t* hashes = nullptr;
  const uint64_t* words = nullptr;    // kWord
  const StringView* bytes = nullptr;  // kBytes, kRecord
  const uint8_t* nulls = nullptr;     // 1: the key is NULL; nullptr: none is
};

/// Encodes batches; owns the arrays that its KeyBatch points to. One a lane.
class KeyEncoder {
 public:
  /// Without `normalize_floats` FLOAT and DOUBLE keys are their bits: -0.0 is another key than 0.0.
  explicit KeyEncoder(std::vector<TypePtr> types, bool normalize_floats = true);
  ~KeyEncoder();
  KeyEncoder(KeyEncoder&&) noexcept;
  static KeyForm FormOf(const std::vector<TypePtr>& types);
  KeyForm form() const;
  /// `columns[i]` has types[i] and any encoding. Valid until the next call and while the columns
  /// are held. Errors: THALWEG_NOT_SUPPORTED_YET for strings with a collation.
  Status Encode(const Vector* const* columns, const Selection& rows, KeyBatch* out);

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

/// HashBytes of the key's bytes, out of registers where they are inline.
inline uint64_t HashKeyBytes(const StringView& key) {
  if (!key.is_inline()) return HashBytes(key.data(), key.size());
  const unsigned __int128 bytes = key.inline_bytes();
  const uint32_t length = key.size();
  const uint64_t last = length < 8 ? 0 : static_cast<uint64_t>(bytes >> 8 * (length - 8));
  return HashShortBytes(static_cast<uint64_t>(bytes), last, length);
}

/// Turns encoded keys back into columns: rows [at, at + keys.count) of flat vectors, which are
/// filled in row order and grow where they must. Strings are copied.
class KeyDecoder {
 public:
  explicit KeyDecoder(std::vector<TypePtr> types);
  Status Decode(const KeyBatch& keys, int at, Vector* const* columns) const;

 private:
  RowDecoder records_;
};

}  // namespace thalweg
