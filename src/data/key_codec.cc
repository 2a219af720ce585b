#include "data/key_codec.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <type_traits>

namespace thalweg {
namespace {

bool IsWord(PhysicalKind kind) {
  const int width = PhysicalWidth(kind);
  return width >= 1 && width <= 8;
}

bool HasCollation(const DataType& type) {
  if (type.Is(TypeKind::kString) && !type.IsBinaryCollated()) return true;
  for (const StructField& field : type.fields()) {
    if (HasCollation(*field.type)) return true;
  }
  return false;
}

template <class T>
uint64_t WordOf(T value) {
  if constexpr (std::is_same_v<T, float>) return std::bit_cast<uint32_t>(NormalizeFloat(value));
  if constexpr (std::is_same_v<T, double>) return std::bit_cast<uint64_t>(NormalizeFloat(value));
  return static_cast<uint64_t>(value);  // sign-extended
}

template <class F>
void VisitWord(PhysicalKind kind, F&& f) {
  switch (kind) {
    case PhysicalKind::kBool:
      return f(uint8_t());
    case PhysicalKind::kInt8:
      return f(int8_t());
    case PhysicalKind::kInt16:
      return f(int16_t());
    case PhysicalKind::kInt32:
      return f(int32_t());
    case PhysicalKind::kFloat:
      return f(float());
    case PhysicalKind::kDouble:
      return f(double());
    default:
      return f(int64_t());
  }
}

// out[i] = map(value of row i), in the loop that fits the encoding. Rows under a null give garbage,
// but nothing outside the column is read.
template <class T, class Map, class Out>
void Gather(const Vector& column, const Selection& rows, Map map, Out* out) {
  const T* values = column.values<T>();
  if (column.is_constant()) {
    const Out value = map(values[0]);
    for (int i = 0; i < rows.count; ++i) out[i] = value;
  } else if (rows.all()) {
    for (int i = 0; i < rows.count; ++i) out[i] = map(values[i]);
  } else {
    for (int i = 0; i < rows.count; ++i) out[i] = map(values[rows.rows[i]]);
  }
}

template <class T>
void GatherEntries(const T* entries, const Vector& column, const Selection& rows,
                   const uint8_t* nulls, T* out) {
  const int32_t* indices = column.values<int32_t>();
  for (int i = 0; i < rows.count; ++i) {
    if (nulls == nullptr || nulls[i] == 0) out[i] = entries[indices[rows[i]]];
  }
}

template <class T>
T* Take(Buffer* buffer, int count) {
  buffer->EnsureUnique(sizeof(T) * count);
  return buffer->as<T>();
}

}  // namespace

struct KeyEncoder::Rep {
  PhysicalKind WordKind(const Vector& column) const {
    if (normalize_floats) return column.physical();
    if (column.physical() == PhysicalKind::kFloat) return PhysicalKind::kInt32;
    return column.physical() == PhysicalKind::kDouble ? PhysicalKind::kInt64 : column.physical();
  }
  const uint8_t* EncodeNulls(const Vector& column, const Selection& rows);
  void EncodeWords(const Vector& column, const Selection& rows, KeyBatch* out);
  void EncodeBytes(const Vector& column, const Selection& rows, KeyBatch* out);
  void EncodeDictionary(const Vector& column, const Selection& rows, KeyBatch* out);

  std::vector<TypePtr> types;
  KeyForm form = KeyForm::kWord;
  bool collated = false;
  bool normalize_floats = true;
  std::optional<RowEncoder> records;
  Buffer hashes, words, views, nulls, entry_words, entry_hashes;
};

KeyEncoder::KeyEncoder(std::vector<TypePtr> types, bool normalize_floats)
    : rep_(std::make_unique<Rep>()) {
  rep_->form = FormOf(types);
  rep_->normalize_floats = normalize_floats;
  for (const TypePtr& type : types) rep_->collated |= HasCollation(*type);
  if (rep_->form == KeyForm::kRecord) rep_->records.emplace(types, normalize_floats);
  rep_->types = std::move(types);
}

KeyEncoder::~KeyEncoder() = default;
KeyEncoder::KeyEncoder(KeyEncoder&&) noexcept = default;

KeyForm KeyEncoder::FormOf(const std::vector<TypePtr>& types) {
  if (types.size() != 1) return KeyForm::kRecord;
  if (IsWord(types[0]->physical())) return KeyForm::kWord;
  return types[0]->physical() == PhysicalKind::kString ? KeyForm::kBytes : KeyForm::kRecord;
}

KeyForm KeyEncoder::form() const {
  return rep_->form;
}

Status KeyEncoder::Encode(const Vector* const* columns, const Selection& rows, KeyBatch* out) {
  Rep& rep = *rep_;
  if (rep.collated) return NotSupportedYet("keys of strings with a collation");
  *out = KeyBatch();
  out->form = rep.form;
  out->count = rows.count;
  uint64_t* hashes = Take<uint64_t>(&rep.hashes, rows.count);
  out->hashes = hashes;
  if (rep.form == KeyForm::kRecord) {
    out->bytes = rep.records->Encode(columns, rows);
    for (int i = 0; i < rows.count; ++i) hashes[i] = HashKeyBytes(out->bytes[i]);
    return Status::OK();
  }
  const Vector& column = *columns[0];
  out->nulls = rep.EncodeNulls(column, rows);
  if (column.encoding() == Encoding::kDictionary) {
    rep.EncodeDictionary(column, rows, out);
  } else if (rep.form == KeyForm::kWord) {
    rep.EncodeWords(column, rows, out);
  } else {
    rep.EncodeBytes(column, rows, out);
  }
  const uint8_t* nulls = out->nulls;
  for (int i = 0; nulls != nullptr && i < rows.count; ++i) {
    hashes[i] = nulls[i] != 0 ? kNullKeyHash : hashes[i];
  }
  return Status::OK();
}

// nullptr where no row is null.
const uint8_t* KeyEncoder::Rep::EncodeNulls(const Vector& column, const Selection& rows) {
  if (!column.may_have_nulls()) return nullptr;
  const int n = rows.count;
  uint8_t* flags = Take<uint8_t>(&nulls, n);
  const uint64_t* validity = column.validity();
  if (column.is_constant()) {
    std::memset(flags, column.IsNull(0) ? 1 : 0, n);
    return column.IsNull(0) ? flags : nullptr;
  }
  uint64_t any = 0;
  if (rows.all()) {
    for (int i = 0; i < n; ++i) flags[i] = static_cast<uint8_t>(~validity[i >> 6] >> (i & 63) & 1);
  } else {
    for (int i = 0; i < n; ++i) {
      const int row = rows.rows[i];
      flags[i] = static_cast<uint8_t>(~validity[row >> 6] >> (row & 63) & 1);
    }
  }
  for (int i = 0; i < n; ++i) any |= flags[i];
  return any != 0 ? flags : nullptr;
}

void KeyEncoder::Rep::EncodeWords(const Vector& column, const Selection& rows, KeyBatch* out) {
  uint64_t* keys = Take<uint64_t>(&words, rows.count);
  VisitWord(WordKind(column), [&](auto zero) {
    using T = decltype(zero);
    Gather<T>(
        column, rows, [](T value) { return WordOf(value); }, keys);
  });
  const uint8_t* null_flags = out->nulls;
  for (int i = 0; null_flags != nullptr && i < rows.count; ++i) {
    keys[i] = null_flags[i] != 0 ? 0 : keys[i];
  }
  uint64_t* out_hashes = hashes.as<uint64_t>();
  for (int i = 0; i < rows.count; ++i) out_hashes[i] = HashWord(keys[i]);
  out->words = keys;
}

void KeyEncoder::Rep::EncodeBytes(const Vector& column, const Selection& rows, KeyBatch* out) {
  StringView* keys = Take<StringView>(&views, rows.count);
  Gather<StringView>(
      column, rows, [](const StringView& value) { return value; }, keys);
  if (out->nulls != nullptr) {
    for (int i = 0; i < rows.count; ++i) {
      if (out->nulls[i] != 0) keys[i] = StringView();
    }
  }
  uint64_t* out_hashes = hashes.as<uint64_t>();
  for (int i = 0; i < rows.count; ++i) out_hashes[i] = HashKeyBytes(keys[i]);
  out->bytes = keys;
}

// Hashes every entry once.
void KeyEncoder::Rep::EncodeDictionary(const Vector& column, const Selection& rows, KeyBatch* out) {
  const Vector& entries = column.child(0);
  const int entry_count = entries.size();
  uint64_t* hash_of_entry = Take<uint64_t>(&entry_hashes, entry_count);
  if (form == KeyForm::kWord) {
    uint64_t* word_of_entry = Take<uint64_t>(&entry_words, entry_count);
    VisitWord(WordKind(column), [&](auto zero) {
      using T = decltype(zero);
      const T* values = entries.values<T>();
      for (int i = 0; i < entry_count; ++i) word_of_entry[i] = WordOf(values[i]);
    });
    for (int i = 0; i < entry_count; ++i) hash_of_entry[i] = HashWord(word_of_entry[i]);
    uint64_t* keys = Take<uint64_t>(&words, rows.count);
    if (out->nulls != nullptr) std::memset(keys, 0, sizeof(uint64_t) * rows.count);
    GatherEntries(word_of_entry, column, rows, out->nulls, keys);
    out->words = keys;
  } else {
    const StringView* values = entries.values<StringView>();
    for (int i = 0; i < entry_count; ++i) hash_of_entry[i] = HashKeyBytes(values[i]);
    StringView* keys = Take<StringView>(&views, rows.count);
    if (out->nulls != nullptr) std::memset(static_cast<void*>(keys), 0, sizeof(*keys) * rows.count);
    GatherEntries(values, column, rows, out->nulls, keys);
    out->bytes = keys;
  }
  GatherEntries(hash_of_entry, column, rows, out->nulls, hashes.as<uint64_t>());
}

KeyDecoder::KeyDecoder(std::vector<TypePtr> types) : records_(std::move(types)) {}

Status KeyDecoder::Decode(const KeyBatch& keys, int at, Vector* const* columns) const {
  if (keys.form == KeyForm::kRecord) {
    return records_.Decode(keys.bytes, keys.count, at, columns);
  }
  Vector* column = columns[0];
  column->Reserve(at + keys.count);
  if (column->size() < at + keys.count) column->SetSize(at + keys.count);
  if (keys.form == KeyForm::kWord) {
    VisitWord(column->physical(), [&](auto zero) {
      using T = decltype(zero);
      T* out = column->mutable_values<T>() + at;
      for (int i = 0; i < keys.count; ++i) std::memcpy(&out[i], &keys.words[i], sizeof(T));
    });
  } else {
    std::copy_n(keys.bytes, keys.count, column->mutable_values<StringView>() + at);
    column->OwnStrings(at, at + keys.count);
  }
  for (int i = 0; keys.nulls != nullptr && i < keys.count; ++i) {
    if (keys.nulls[i] != 0) column->SetNull(at + i);
  }
  return Status::OK();
}

}  // namespace thalweg
