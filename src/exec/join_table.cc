#include "exec/join_table.h"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace thalweg {
namespace {

// Row numbers and the offsets of lists are int32; half of them leaves room for any batch.
constexpr int32_t kElementsMax = 1 << 30;

GroupTableOptions KeyOptionsOf(const std::vector<TypePtr>& key_types) {
  GroupTableOptions options;
  options.key_form = KeyEncoder::FormOf(key_types);
  options.block_bytes = 8;
  options.track_dirty = false;
  options.unsharded = true;
  return options;
}

/// Rows of the vector or elements of its longest list column.
int MaxElements(const Vector& vector) {
  int most = vector.size();
  for (int i = 0; i < vector.child_count(); ++i) {
    most = std::max(most, MaxElements(vector.child(i)));
  }
  return most;
}

int64_t BytesOfRows(const Vector& vector, int rows) {
  return vector.SizeBytes() * rows / std::max(vector.size(), 1);
}

}  // namespace

JoinTable::JoinTable(JoinTableOptions options, MemoryBudget* budget)
    : options_(std::move(options)), budget_(budget) {
  if (!options_.key_types.empty()) keys_.emplace(KeyOptionsOf(options_.key_types), budget);
  for (const TypePtr& type : options_.column_types) columns_.emplace_back(type);
}

JoinTable::~JoinTable() {
  budget_->Release(reserved_bytes_ + arrays_reserved_bytes_);
}

void JoinTable::Clear() {
  for (size_t i = 0; i < columns_.size(); ++i) columns_[i] = Vector(options_.column_types[i]);
  row_count_ = 0;
  if (keys_) keys_->Clear();
  next_.reset();
  marks_ = Array();
  budget_->Release(reserved_bytes_ + arrays_reserved_bytes_);
  reserved_bytes_ = arrays_reserved_bytes_ = 0;
  weigh_at_rows_ = 0;
}

Status JoinTable::Append(const Vector* const* columns, const Selection& rows) {
  if (row_count_ > kElementsMax) return NotSupportedYet("a join side of more than 2^30 rows");
  THALWEG_RETURN_NOT_OK(ReserveRows(columns, rows));
  for (size_t i = 0; i < columns_.size(); ++i) {
    columns_[i].Reserve(columns_[i].size() + rows.count);
    AppendValues(*columns[i], rows, &columns_[i]);
    if (MaxElements(columns_[i]) > kElementsMax) {
      return NotSupportedYet("a join side of more than 2^30 list elements");
    }
  }
  row_count_ += rows.count;
  if (next_) THALWEG_RETURN_NOT_OK(GrowArray(int64_t{row_count_} * 4, &*next_));
  if (options_.marks) THALWEG_RETURN_NOT_OK(GrowArray(row_count_, &marks_));
  return Status::OK();
}

// An estimate by the bytes of the rows that come; measured whenever the rows have doubled, and
// before the limit is said to be reached.
Status JoinTable::ReserveRows(const Vector* const* columns, const Selection& rows) {
  int64_t bytes = 0;
  for (size_t i = 0; i < columns_.size(); ++i) bytes += BytesOfRows(*columns[i], rows.count);
  if (row_count_ >= weigh_at_rows_) {
    weigh_at_rows_ = std::max(2 * std::min(row_count_, kElementsMax), kBatchRows);
    THALWEG_RETURN_NOT_OK(SetReserved(ColumnBytes() + bytes));
  } else if (!SetReserved(reserved_bytes_ + bytes).ok()) {
    return SetReserved(ColumnBytes() + bytes);
  }
  return Status::OK();
}

Status JoinTable::SetReserved(int64_t bytes) {
  if (bytes > reserved_bytes_) THALWEG_RETURN_NOT_OK(budget_->Reserve(bytes - reserved_bytes_));
  if (bytes < reserved_bytes_) budget_->Release(reserved_bytes_ - bytes);
  reserved_bytes_ = bytes;
  return Status::OK();
}

int64_t JoinTable::ColumnBytes() const {
  int64_t bytes = 0;
  for (const Vector& column : columns_) bytes += column.SizeBytes();
  return bytes;
}

/// Zeros behind what was there; grows by doubling.
Status JoinTable::GrowArray(int64_t bytes, Array* array) {
  const auto needed = static_cast<size_t>(bytes);
  if (array->bytes() >= needed) return Status::OK();
  const size_t wanted = std::max(needed, 2 * array->bytes());
  const auto taken = static_cast<int64_t>(Array::AllocationBytes(wanted));
  THALWEG_RETURN_NOT_OK(budget_->Reserve(taken));
  Array bigger = Array::Zeroed(wanted);
  int64_t given_back = 0;
  if (array->bytes() > 0) {
    std::memcpy(bigger.data(), array->data(), array->bytes());
    given_back = static_cast<int64_t>(Array::AllocationBytes(array->bytes()));
  }
  *array = std::move(bigger);
  budget_->Release(given_back);
  arrays_reserved_bytes_ += taken - given_back;
  return Status::OK();
}

Status JoinTable::Link(const KeyBatch& keys, const int32_t* numbers) {
  uint8_t* blocks[kBatchRows];
  for (int from = 0; from < keys.count;) {
    THALWEG_ASSIGN_OR_RETURN(const int count, keys_->Locate(keys, from, blocks, nullptr));
    for (int i = 0; i < count; ++i) {
      auto* key = reinterpret_cast<KeyRows*>(blocks[i]);
      if (key->first == 0) {
        key->first = key->last = numbers[from + i] + 1;
      } else if (!options_.one_row_a_key) {
        THALWEG_RETURN_NOT_OK(Chain(key, numbers[from + i]));
      }
    }
    from += count;
  }
  return Status::OK();
}

Status JoinTable::Chain(KeyRows* key, int32_t row) {
  if (!next_) {
    next_.emplace();
    THALWEG_RETURN_NOT_OK(GrowArray(int64_t{row_count_} * 4, &*next_));
  }
  next_->as<int32_t>()[key->last - 1] = row + 1;
  key->last = row + 1;
  return Status::OK();
}

void JoinTable::Find(const KeyBatch& keys, int32_t* first) const {
  uint8_t* blocks[kBatchRows];
  keys_->Find(keys, blocks, nullptr);
  for (int i = 0; i < keys.count; ++i) {
    first[i] = blocks[i] == nullptr ? -1 : reinterpret_cast<const KeyRows*>(blocks[i])->first - 1;
  }
}

void JoinTable::Gather(int i, const int32_t* rows, int count, Vector* to) const {
  const int at = to->size();
  GatherKnown(i, rows, count, to);
  if (row_count_ == 0) return;
  for (int k = 0; k < count; ++k) {
    if (rows[k] < 0) to->SetNull(at + k);
  }
}

void JoinTable::GatherKnown(int i, const int32_t* rows, int count, Vector* to) const {
  if (row_count_ == 0) return AppendNulls(count, to);
  if (std::none_of(rows, rows + count, [](int32_t row) { return row < 0; })) {
    return AppendValuesAt(columns_[i], rows, count, to);
  }
  THALWEG_DCHECK(count <= kBatchRows, "more rows than a batch has");
  int32_t known[kBatchRows];
  for (int k = 0; k < count; ++k) known[k] = std::max(rows[k], 0);
  AppendValuesAt(columns_[i], known, count, to);
}

void JoinTable::Mark(int32_t row) {
  std::atomic_ref<uint8_t>(marks_.as<uint8_t>()[row]).store(1, std::memory_order_relaxed);
}

void JoinTable::ClearMarks() {
  if (marks_.bytes() > 0) std::memset(marks_.data(), 0, marks_.bytes());
}

}  // namespace thalweg
