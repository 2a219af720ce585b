#include "formats/json/json_slots.h"

namespace thalweg {

JsonSlots::JsonSlots(JsonNode& root) {
  for (int i = 0; i < static_cast<int>(root.children.size()); ++i) {
    fields_.push_back(size());
    Add(root.children[i], -1, i);
  }
}

void JsonSlots::Add(JsonNode& node, int parent, int field) {
  const int index = size();
  JsonSlot& slot = slots_.emplace_back();
  slot.node = &node;
  slot.parent = parent;
  slot.field = field;
  slot.nested_list = node.type->Is(TypeKind::kArray) || node.type->Is(TypeKind::kMap);
  if (node.type->Is(TypeKind::kStruct)) {
    for (int i = 0; i < static_cast<int>(node.children.size()); ++i) {
      Add(node.children[i], index, i);
    }
  }
  slots_[index].end = size();
}

int JsonSlots::OfField(int slot, int field) const {
  int child = slot + 1;
  while (slots_[child].field != field) child = slots_[child].end;
  return child;
}

void JsonSlots::Bind(Vector* fields) {
  for (int i = 0; i < size(); ++i) {
    JsonSlot& slot = slots_[i];
    slot.vector = slot.parent < 0 ? &fields[slot.field]
                                  : &slots_[slot.parent].vector->mutable_child(slot.field);
    slot.vector->Reserve(kBatchRows);
    Refresh(i);
  }
}

void JsonSlots::Refresh(int i) {
  JsonSlot& slot = slots_[i];
  slot.values = slot.vector->mutable_values<uint8_t>();
  slot.validity = slot.vector->may_have_nulls() ? slot.vector->mutable_validity() : nullptr;
}

void JsonSlots::SetNull(int i, int row) {
  for (int inner = i; inner < slots_[i].end; ++inner) {
    JsonSlot& slot = slots_[inner];
    if (slot.nested_list) {
      SetJsonNull(slot.vector, row);
      Refresh(inner);
      continue;
    }
    if (slot.validity == nullptr) slot.validity = slot.vector->mutable_validity();
    slot.validity[row >> 6] &= ~(1ull << (row & 63));
    if (slot.node->type->physical() == PhysicalKind::kString) {
      static_cast<StringView*>(slot.values)[row] = StringView();
    }
  }
}

void JsonSlots::Sync(int rows) {
  for (JsonSlot& slot : slots_) {
    if (slot.nested_list) {
      TruncateJson(slot.vector, rows);
    } else {
      slot.vector->SetSize(rows);
    }
  }
}

void JsonSlots::OwnStrings(const Buffer& block) {
  for (JsonSlot& slot : slots_) {
    if (slot.long_strings) slot.vector->AddOwner(block);
    slot.long_strings = false;
  }
}

}  // namespace thalweg
