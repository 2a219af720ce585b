#include "formats/json/json_layout.h"

#include <algorithm>

namespace thalweg {
namespace {

constexpr size_t kLineBytesMax = 16 * 1024;
constexpr size_t kOpsMax = 512;
constexpr size_t kLiteralBytesMax = 32;

class Learner {
 public:
  Learner(std::string_view line, const JsonSyntax& syntax, JsonSlots& slots, JsonLayout* out)
      : line_(line), cursor_(syntax), slots_(slots), seen_(slots.size()), out_(*out) {}
  bool Learn(JsonNode& root);

 private:
  bool Object(JsonNode* node, int slot, int depth);
  bool Member(JsonNode* node, int slot, const JsonText& name, int depth);
  bool Value(JsonOpKind kind, int slot, int depth);
  void AddOp(JsonOpKind kind, int slot, int depth);
  void FindMissing();

  const std::string_view line_;
  JsonCursor cursor_;
  JsonSlots& slots_;
  std::vector<bool> seen_;
  JsonLayout& out_;
  const char* literal_ = nullptr;  // where the bytes before the next value begin
};

JsonOpKind KindOf(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kInt:
      return JsonOpKind::kInt32;
    case TypeKind::kBigint:
      return JsonOpKind::kInt64;
    case TypeKind::kDouble:
      return JsonOpKind::kDouble;
    case TypeKind::kDecimal:
      return type.physical() == PhysicalKind::kInt64 ? JsonOpKind::kDecimal64
                                                     : JsonOpKind::kGeneric;
    case TypeKind::kBoolean:
      return JsonOpKind::kBoolean;
    case TypeKind::kString:
      return JsonOpKind::kString;
    case TypeKind::kDate:
      return JsonOpKind::kDate;
    case TypeKind::kTimestamp:
      return JsonOpKind::kTimestamp;
    case TypeKind::kTimestampNtz:
      return JsonOpKind::kTimestampNtz;
    default:
      return JsonOpKind::kGeneric;
  }
}

}  // namespace

bool LearnJsonLayout(std::string_view line, const JsonSyntax& syntax, JsonNode& root,
                     JsonSlots& slots, JsonLayout* out) {
  if (line.size() > kLineBytesMax) return false;
  return Learner(line, syntax, slots, out).Learn(root);
}

namespace {

bool Learner::Learn(JsonNode& root) {
  cursor_.Begin(line_);
  literal_ = line_.data();
  if (cursor_.Peek() != JsonKind::kObject || !Object(&root, -1, 1)) return false;
  // What stands behind the object belongs to the layout like the bytes within.
  while (static_cast<size_t>(line_.data() + line_.size() - literal_) > kLiteralBytesMax) {
    AddOp(JsonOpKind::kNone, -1, 0);
  }
  cursor_.Begin(line_.substr(line_.size()));
  AddOp(JsonOpKind::kEnd, -1, 0);
  FindMissing();
  out_.literals.append(2 * kLiteralBytesMax, '\0');
  return out_.ops.size() <= kOpsMax;
}

// `node` is null for an object that is skipped: its values are verified one by one.
bool Learner::Object(JsonNode* node, int slot, int depth) {
  if (!cursor_.Enter()) return false;
  bool first = true;
  JsonText name;
  JsonStep step;
  while ((step = cursor_.NextMember(&first, &name)) == JsonStep::kItem) {
    if (name.escaped || out_.ops.size() > kOpsMax || !Member(node, slot, name, depth)) return false;
  }
  return step == JsonStep::kEnd;
}

bool Learner::Member(JsonNode* node, int slot, const JsonText& name, int depth) {
  const JsonKind kind = cursor_.Peek();
  int target = -1;
  JsonNode* child = nullptr;
  if (node != nullptr) {
    const auto found = node->fields.find(name.bytes);
    if (found != node->fields.end()) {
      child = &node->children[found->second];
      target = slot < 0 ? slots_.OfField(found->second) : slots_.OfField(slot, found->second);
      if (seen_[target]) return false;
      seen_[target] = true;
    }
  }
  const bool into_struct = child != nullptr && child->type->Is(TypeKind::kStruct);
  if (kind == JsonKind::kObject && (child == nullptr || into_struct)) {
    if (into_struct) out_.structs.push_back(static_cast<int16_t>(target));
    return Object(child, target, depth + 1);
  }
  if (into_struct) {  // the word null, which is one of the bytes of the layout
    out_.missing.push_back(static_cast<int16_t>(target));
    for (int i = target; i < slots_[target].end; ++i) seen_[i] = true;
    return kind == JsonKind::kNull && cursor_.Skip();
  }
  return Value(child == nullptr ? JsonOpKind::kSkip : KindOf(*child->type), target, depth);
}

bool Learner::Value(JsonOpKind kind, int slot, int depth) {
  while (cursor_.position() - literal_ > static_cast<ptrdiff_t>(kLiteralBytesMax)) {
    AddOp(JsonOpKind::kNone, -1, 0);
  }
  AddOp(kind, slot, depth);
  if (!cursor_.Skip()) return false;
  literal_ = cursor_.position();
  return true;
}

// An op with the next bytes before the cursor, as many as fit.
void Learner::AddOp(JsonOpKind kind, int slot, int depth) {
  const char* const end =
      kind == JsonOpKind::kEnd ? line_.data() + line_.size() : cursor_.position();
  const size_t bytes =
      kind == JsonOpKind::kNone ? kLiteralBytesMax : static_cast<size_t>(end - literal_);
  JsonOp& op = out_.ops.emplace_back();
  op.kind = kind;
  op.slot = static_cast<int16_t>(slot);
  op.filtered = slot >= 0 && slots_[slot].filtered;
  op.depth = static_cast<uint16_t>(depth);
  op.literal = static_cast<uint32_t>(out_.literals.size());
  op.literal_bytes = static_cast<uint8_t>(bytes);
  op.literal_mask = static_cast<uint32_t>((uint64_t{1} << bytes) - 1);
  out_.literals.append(literal_, bytes);
  literal_ += bytes;
}

void Learner::FindMissing() {
  for (int i = 0; i < slots_.size(); ++i) {
    const int parent = slots_[i].parent;
    if (seen_[i] || (parent >= 0 && !seen_[parent])) continue;
    out_.missing.push_back(static_cast<int16_t>(i));
  }
  for (const int16_t slot : out_.structs) out_.filtered_otherwise |= slots_[slot].filtered;
  for (const int16_t slot : out_.missing) {
    for (int i = slot; i < slots_[slot].end; ++i) out_.filtered_otherwise |= slots_[i].filtered;
  }
}

}  // namespace
}  // namespace thalweg
