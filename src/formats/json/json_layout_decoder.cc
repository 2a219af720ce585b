#include "formats/json/json_layout_decoder.h"

#include <algorithm>

#include "formats/json/json_scalars.h"
#include "formats/utf8.h"

namespace thalweg {
namespace {

constexpr size_t kLayoutsMax = 8;
// Learning costs as much as reading a few lines: every layout must pay for itself.
constexpr int kLearningCost = 16;
constexpr int kCreditMax = 16 * kLearningCost;
constexpr int kLinesLeftPerLayout = 64;
constexpr int kNoRow = -1;
constexpr int kAllSlots = -1;

// The first \n or \r, nullptr if there is none.
const char* FindLineEnd(const char* at, const char* end) {
  while (at != end && *at != '\n' && *at != '\r') ++at;
  return at == end ? nullptr : at;
}

bool IsWord(const char* at, const char* four) {
  return std::memcmp(at, four, 4) == 0;
}

template <class T>
bool Compares(CompareOp op, const T& a, const T& b) {
  switch (op) {
    case CompareOp::kEqual:
      return a == b;
    case CompareOp::kNotEqual:
      return a != b;
    case CompareOp::kLess:
      return a < b;
    case CompareOp::kLessEqual:
      return a <= b;
    case CompareOp::kGreater:
      return a > b;
    case CompareOp::kGreaterEqual:
      return a >= b;
    default:
      return true;
  }
}

int64_t IntegerAt(const JsonSlot& slot, int row) {
  switch (slot.node->type->physical()) {
    case PhysicalKind::kBool:
      return static_cast<const uint8_t*>(slot.values)[row];
    case PhysicalKind::kInt8:
      return static_cast<const int8_t*>(slot.values)[row];
    case PhysicalKind::kInt16:
      return static_cast<const int16_t*>(slot.values)[row];
    case PhysicalKind::kInt32:
      return static_cast<const int32_t*>(slot.values)[row];
    default:
      return static_cast<const int64_t*>(slot.values)[row];
  }
}

}  // namespace

JsonLayoutDecoder::JsonLayoutDecoder(JsonDecoder& decoder)
    : values_(*decoder.values_),
      slots_(values_.root()),
      zone_(values_.zone()),
      credit_(kCreditMax) {}

void JsonLayoutDecoder::AddPredicate(int field, const ScanPredicate& predicate) {
  JsonFilter filter{predicate.op, slots_.OfField(field), 0, ""};
  for (const std::string& name : predicate.fields) {
    const JsonNode& parent = *slots_[filter.slot].node;
    const auto found = parent.fields.find(name);
    if (!parent.type->Is(TypeKind::kStruct) || found == parent.fields.end()) return;
    filter.slot = slots_.OfField(filter.slot, found->second);
  }
  const DataType& type = *slots_[filter.slot].node->type;
  const Value& literal = predicate.literal;
  const bool null_test =
      predicate.op == CompareOp::kIsNull || predicate.op == CompareOp::kIsNotNull;
  if (!null_test) {
    if (literal.is_null() || !(*literal.type() == type)) return;
    switch (type.physical()) {
      case PhysicalKind::kBool:
        filter.integer = literal.boolean() ? 1 : 0;
        break;
      case PhysicalKind::kInt8:
      case PhysicalKind::kInt16:
      case PhysicalKind::kInt32:
      case PhysicalKind::kInt64:
        filter.integer = literal.int64();
        break;
      case PhysicalKind::kString:
        if (!type.IsBinaryCollated()) return;
        filter.text = literal.text();
        break;
      default:
        return;
    }
  }
  slots_[filter.slot].filtered = true;
  filters_.push_back(std::move(filter));
}

void JsonLayoutDecoder::Bind(Vector* fields) {
  slots_.Bind(fields);
}

const char* JsonLayoutDecoder::TryLine(const char* at, const char* end, const Buffer& block,
                                       int row) {
  values_.SetBlock(&block);
  for (const bool strict : {true, false}) {
    for (size_t i = 0; i < layouts_.size(); ++i) {
      const char* const next = Run(*layouts_[i], at, end, row, strict);
      if (next == nullptr) continue;
      if (i > 0) std::swap(layouts_[i], layouts_[0]);
      ++lines_read_;
      if (credit_ < kCreditMax) ++credit_;
      return next;
    }
  }
  return nullptr;
}

// Once a predicate does not hold the rest of the line is verified, but not stored. `strict`: an
// object where the layout skips another kind of value is taken for another layout's, because
// walking through it costs more than trying that.
const char* JsonLayoutDecoder::Run(const JsonLayout& layout, const char* at, const char* end,
                                   int row, bool strict) {
  const char* const literals = layout.literals.data();
  bool wanted = true;
  for (const JsonOp& op : layout.ops) {
    if (!BeginsWith(at, literals + op.literal, op.literal_mask)) return nullptr;
    at += op.literal_bytes;
    if (op.kind == JsonOpKind::kNone) continue;
    if (op.kind == JsonOpKind::kEnd) break;
    const char* next = wanted ? ReadOp(op, at, row) : SkipValue(at);
    if (next == nullptr) {
      if (strict && op.kind == JsonOpKind::kSkip && *at == '{') return nullptr;
      next = ReadGeneric(op, at, end, wanted ? row : kNoRow);
      if (next == nullptr) return nullptr;
    }
    if (op.filtered && wanted) wanted = Passes(op.slot, row);
    at = next;
  }
  if (*at == '\r' && at[1] == '\n') ++at;
  if (*at != '\n' || at >= end) return nullptr;
  if (wanted) {
    for (const int16_t slot : layout.structs) slots_[slot].SetValid(row);
    for (const int16_t slot : layout.missing) slots_.SetNull(slot, row);
    if (layout.filtered_otherwise) wanted = Passes(kAllSlots, row);
  }
  wanted_ = wanted;
  return at + 1;
}

inline const char* JsonLayoutDecoder::ReadOp(const JsonOp& op, const char* at, int row) {
  if (op.kind == JsonOpKind::kSkip) return SkipValue(at);
  if (*at == 'n' && op.kind != JsonOpKind::kGeneric) {
    if (!IsWord(at, "null")) return nullptr;
    slots_.SetNull(op.slot, row);
    return at + 4;
  }
  switch (op.kind) {
    case JsonOpKind::kString:
      return ReadString(slots_[op.slot], at, row);
    case JsonOpKind::kInt32:
    case JsonOpKind::kInt64:
      return ReadInteger(op, at, row);
    case JsonOpKind::kDouble:
      return ReadDouble(op, at, row);
    case JsonOpKind::kDecimal64:
      return ReadDecimal(op, at, row);
    case JsonOpKind::kBoolean: {
      const bool is_true = IsWord(at, "true");
      if (!is_true && !(IsWord(at, "fals") && at[4] == 'e')) return nullptr;
      slots_[op.slot].Store(row, static_cast<uint8_t>(is_true));
      return at + (is_true ? 4 : 5);
    }
    case JsonOpKind::kDate:
    case JsonOpKind::kTimestamp:
    case JsonOpKind::kTimestampNtz:
      return ReadTime(op, at, row);
    default:
      return nullptr;
  }
}

inline const char* JsonLayoutDecoder::ReadString(JsonSlot& slot, const char* at, int row) {
  if (*at != '"') return nullptr;
  ++at;
  bool not_ascii = false;
  const char* const quote = FindStringEnd(at, &not_ascii);
  const size_t bytes = static_cast<size_t>(quote - at);
  if (*quote != '"' || static_cast<int64_t>(bytes) > values_.options().syntax.string_bytes_max) {
    return nullptr;
  }
  if (not_ascii && !IsValidUtf8({at, bytes})) return nullptr;
  const StringView view(at, static_cast<uint32_t>(bytes));
  slot.long_strings |= !view.is_inline();
  slot.Store(row, view);
  return quote + 1;
}

inline const char* JsonLayoutDecoder::ReadInteger(const JsonOp& op, const char* at, int row) {
  ScannedNumber number;
  at = ScanNumber(at, &number);
  if (at == nullptr || !number.is_integer) return nullptr;
  const int64_t magnitude = static_cast<int64_t>(number.digits);
  const int64_t value = number.negative ? -magnitude : magnitude;
  if (op.kind == JsonOpKind::kInt64) {
    slots_[op.slot].Store(row, value);
    return at;
  }
  if (value != static_cast<int32_t>(value)) return nullptr;
  slots_[op.slot].Store(row, static_cast<int32_t>(value));
  return at;
}

// A quotient of two numbers that are exact as doubles is rounded once, and so right.
inline const char* JsonLayoutDecoder::ReadDouble(const JsonOp& op, const char* at, int row) {
  static constexpr double kPowers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                       1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  constexpr int kExactDigits = 15;
  ScannedNumber number;
  at = ScanNumber(at, &number);
  if (at == nullptr || number.count > kExactDigits) return nullptr;
  const double value = static_cast<double>(number.digits) / kPowers[number.fraction];
  const bool minus = number.negative && !(number.is_integer && number.digits == 0);
  slots_[op.slot].Store(row, minus ? -value : value);
  return at;
}

inline const char* JsonLayoutDecoder::ReadDecimal(const JsonOp& op, const char* at, int row) {
  static constexpr int64_t kPowers[] = {
      1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000};
  JsonSlot& slot = slots_[op.slot];
  const DataType& type = *slot.node->type;
  ScannedNumber number;
  at = ScanNumber(at, &number);
  if (at == nullptr) return nullptr;
  const int added = type.scale() - number.fraction;  // digits that the text does not have
  if (added < 0 || added > 10 || number.count + added > type.precision()) return nullptr;
  const int64_t magnitude = static_cast<int64_t>(number.digits) * kPowers[added];
  slot.Store(row, number.negative ? -magnitude : magnitude);
  return at;
}

inline const char* JsonLayoutDecoder::ReadTime(const JsonOp& op, const char* at, int row) {
  JsonSlot& slot = slots_[op.slot];
  int64_t value = 0;
  if (op.kind == JsonOpKind::kDate) {
    if (*at != '"' || !dates_.Scan(at + 1, &value) || at[11] != '"') return nullptr;
    slot.Store(row, static_cast<int32_t>(value));
    return at + 12;
  }
  bool utc = false;
  at = ScanTimestamp(at, dates_, &value, &utc);
  if (at == nullptr) return nullptr;
  if (op.kind == JsonOpKind::kTimestamp) {
    if (!utc) value = zone_.ToInstant(value);
  } else if (utc) {
    return nullptr;
  }
  slot.Store(row, value);
  return at;
}

inline const char* JsonLayoutDecoder::SkipValue(const char* at) {
  ScannedNumber number;
  switch (*at) {
    case '"': {
      bool not_ascii = false;
      const char* const quote = FindStringEnd(++at, &not_ascii);
      if (*quote != '"') return nullptr;
      if (not_ascii && !IsValidUtf8({at, static_cast<size_t>(quote - at)})) return nullptr;
      return quote + 1;
    }
    case 't':
      return IsWord(at, "true") ? at + 4 : nullptr;
    case 'n':
      return IsWord(at, "null") ? at + 4 : nullptr;
    case 'f':
      return IsWord(at, "fals") && at[4] == 'e' ? at + 5 : nullptr;
    case '[':
    case '{':
      return nullptr;
    default:
      return ScanNumber(at, &number);
  }
}

// Any form of value, read as JsonDecoder reads it. It must not go beyond the line.
const char* JsonLayoutDecoder::ReadGeneric(const JsonOp& op, const char* at, const char* end,
                                           int row) {
  const char* const line_end = FindLineEnd(at, end);
  if (line_end == nullptr) return nullptr;
  JsonCursor& cursor = values_.cursor();
  cursor.BeginInside({at, static_cast<size_t>(line_end - at)}, op.depth);
  if (op.slot < 0 || row == kNoRow) return cursor.Skip() ? cursor.position() : nullptr;
  JsonSlot& slot = slots_[op.slot];
  if (values_.ReadValue(*slot.node, slot.vector, row) != JsonOutcome::kOk) return nullptr;
  slots_.Refresh(op.slot);
  return cursor.position();
}

bool JsonLayoutDecoder::Passes(int slot, int row) const {
  for (const JsonFilter& filter : filters_) {
    if ((slot == kAllSlots || slot == filter.slot) && !Holds(filter, row)) return false;
  }
  return true;
}

bool JsonLayoutDecoder::Holds(const JsonFilter& filter, int row) const {
  const JsonSlot& slot = slots_[filter.slot];
  const bool is_null = slot.validity != nullptr && (slot.validity[row >> 6] >> (row & 63) & 1) == 0;
  if (filter.op == CompareOp::kIsNull || filter.op == CompareOp::kIsNotNull) {
    return is_null == (filter.op == CompareOp::kIsNull);
  }
  if (is_null) return false;
  if (slot.node->type->physical() == PhysicalKind::kString) {
    const std::string_view text = static_cast<const StringView*>(slot.values)[row].view();
    return Compares<std::string_view>(filter.op, text, filter.text);
  }
  return Compares(filter.op, IntegerAt(slot, row), filter.integer);
}

void JsonLayoutDecoder::Leave(int rows, const Buffer& block) {
  slots_.Sync(rows);
  slots_.OwnStrings(block);
}

void JsonLayoutDecoder::Learn(std::string_view line) {
  if (++lines_left_ % kLinesLeftPerLayout == 0) credit_ += kLearningCost;
  if (credit_ < kLearningCost) return;
  credit_ -= kLearningCost;
  auto layout = std::make_unique<JsonLayout>();
  const JsonSyntax& syntax = values_.options().syntax;
  if (!LearnJsonLayout(line, syntax, values_.root(), slots_, layout.get())) return;
  if (layouts_.size() == kLayoutsMax) layouts_.pop_back();
  layouts_.insert(layouts_.begin(), std::move(layout));
}

}  // namespace thalweg
