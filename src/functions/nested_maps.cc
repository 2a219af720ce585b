#include "functions/nested_maps.h"

#include "data/time_zone.h"
#include "functions/value_text.h"

namespace thalweg {
Result<std::shared_ptr<const MapContext>> MakeMapContext(const Binding& binding,
                                                         const DataType& key) {
  THALWEG_RETURN_NOT_OK(binding.CheckMapKey(key));
  THALWEG_ASSIGN_OR_RETURN(ValueOrderPtr order, binding.Order(key));
  return std::make_shared<const MapContext>(std::move(order), binding.settings.last_map_key_wins);
}

MapWriter::MapWriter(const MapContext& context, const Vector& keys, const Vector& values,
                     RowErrors* errors, const SqlPlace& place)
    : context_(context), keys_(keys), values_(values), errors_(errors), place_(place) {}

void MapWriter::Start(int physical_rows, Vector* out) {
  out_ = out;
  writer_.clear();
  writer_.emplace_back(physical_rows, out);
}

void MapWriter::Add(int row, std::vector<MapEntry>* entries) {
  ListWriter& writer = writer_[0];
  writer.Begin(row);
  positions_.clear();
  for (const MapEntry& entry : *entries) {
    positions_.push_back(entry.key);
    if (!keys_.IsNull(entry.key)) continue;
    if (errors_->Wants(row)) errors_->Report(row, Status::User("NULL_MAP_KEY", {}, place_));
    return;
  }
  const bool duplicates = FindFirstEqual(*context_.key_order, keys_, positions_, &first_);
  for (size_t i = 0; duplicates && i < entries->size(); ++i) {
    const int32_t first = first_[i];
    if (first == static_cast<int32_t>(i)) continue;
    if (!context_.last_wins) {
      if (errors_->Wants(row)) errors_->Report(row, Duplicate((*entries)[i].key));
      return;
    }
    (*entries)[first].value = (*entries)[i].value;
  }
  for (size_t i = 0; i < entries->size(); ++i) {
    if (duplicates && first_[i] != static_cast<int32_t>(i)) continue;
    writer.elements(0).Add(keys_, (*entries)[i].key);
    writer.elements(1).Add(values_, (*entries)[i].value);
  }
}

Status MapWriter::Finish() {
  THALWEG_RETURN_NOT_OK(writer_[0].Finish());
  NormalizeZeros(&out_->mutable_child(0));
  return Status::OK();
}

Status MapWriter::Duplicate(int32_t key) const {
  std::string text;
  AppendText(keys_, key, {&TimeZone::Utc(), false}, &text);
  return Status::User("DUPLICATED_MAP_KEY",
                      {{"key", text}, {"mapKeyDedupPolicy", "\"spark.sql.mapKeyDedupPolicy\""}},
                      place_);
}

}  // namespace thalweg
