#include "functions/nested_lists.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace thalweg {
namespace {

constexpr int kRangeRowsMin = 16;      // longer ranges are copied as such
constexpr size_t kWaitingMax = 16384;  // positions
constexpr int kPairsMax = 12;          // fewer values are compared each with each

template <class T>
void AddZero(Vector* vector) {
  T* values = vector->mutable_values<T>();
  for (int i = 0; i < vector->size(); ++i) values[i] += T{0};
}

}  // namespace

bool ValueAppender::HasRoomFor(int count) {
  overflowed_ |= count > std::numeric_limits<int32_t>::max() - 64 - size();
  return count > 0 && !overflowed_;
}

void ValueAppender::AddRange(const Vector& from, int begin, int count) {
  if (!HasRoomFor(count)) return;
  if (from_ != &from || rows_.size() >= kWaitingMax || count >= kRangeRowsMin) Flush();
  if (count >= kRangeRowsMin) {
    AppendRange(from, begin, count, to_);
    return;
  }
  from_ = &from;
  for (int i = 0; i < count; ++i) rows_.push_back(begin + i);
  waiting_ += count;
}

void ValueAppender::AddNulls(int count) {
  if (!HasRoomFor(count)) return;
  Flush();
  AppendNulls(count, to_);
}

void ValueAppender::Flush() {
  if (waiting_ > 0) AppendValuesAt(*from_, rows_.data(), waiting_, to_);
  rows_.clear();
  waiting_ = 0;
  from_ = nullptr;
}

ListWriter::ListWriter(int physical_rows, Vector* out) : out_(out), physical_rows_(physical_rows) {
  for (int i = 0; i < out->child_count(); ++i) elements_.emplace_back(&out->mutable_child(i));
}

void ListWriter::FillTo(int row) {
  const int size = elements_[0].size();
  int32_t* offsets = out_->mutable_offsets();
  for (; next_ <= row; ++next_) offsets[next_] = size;
}

Status ListWriter::Finish() {
  FillTo(physical_rows_);
  for (ValueAppender& child : elements_) child.Flush();
  if (!elements_[0].overflowed()) return Status::OK();
  return NotSupportedYet("more than 2147483647 elements in the arrays of one batch");
}

void PickValues(const Vector& from, const std::vector<int32_t>& positions, const TypePtr& type,
                Vector* out) {
  const int count = static_cast<int>(positions.size());
  out->ResetFlat(type, 0);
  if (from.size() == 0) return AppendNulls(count, out);
  std::vector<int32_t> rows(positions);
  for (int32_t& row : rows) row = std::max(row, 0);
  AppendValuesAt(from, rows.data(), count, out);
  for (int i = 0; i < count; ++i) {
    if (positions[i] < 0) out->SetNull(i);
  }
}

void NormalizeZeros(Vector* vector) {
  if (vector->physical() == PhysicalKind::kFloat) AddZero<float>(vector);
  if (vector->physical() == PhysicalKind::kDouble) AddZero<double>(vector);
}

bool FindFirstEqual(const ValueOrder& order, const Vector& values,
                    const std::vector<int32_t>& positions, std::vector<int32_t>* first) {
  const int count = static_cast<int>(positions.size());
  first->resize(count);
  std::iota(first->begin(), first->end(), 0);
  const auto compare = [&](int32_t a, int32_t b) {
    return order.CompareNullsFirst(values, positions[a], values, positions[b]);
  };
  bool found = false;
  if (count <= kPairsMax) {
    for (int i = 1; i < count; ++i) {
      for (int k = 0; k < i && (*first)[i] == i; ++k) {
        if (compare(k, i) != 0) continue;
        (*first)[i] = (*first)[k];
        found = true;
      }
    }
    return found;
  }
  std::vector<int32_t> sorted(*first);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](int32_t a, int32_t b) { return compare(a, b) < 0; });
  for (int i = 1; i < count; ++i) {
    if (compare(sorted[i - 1], sorted[i]) != 0) continue;
    (*first)[sorted[i]] = (*first)[sorted[i - 1]];
    found = true;
  }
  return found;
}

}  // namespace thalweg
