#include "inputs.h"

#include <algorithm>
#include <cstdio>

namespace thalweg {
namespace {

constexpr uint64_t kKeySeed = 7;
constexpr uint64_t kDisorderSeed = 8;
constexpr uint64_t kScatter = 2654435769;  // shares no factor with a power of ten

SchemaPtr KeySchema(const TypePtr& type);
std::vector<Batch> Strings(int64_t rows, const std::function<uint64_t(int64_t)>& key);

}  // namespace

uint64_t NumberAt(uint64_t seed, uint64_t index) {
  uint64_t x = (seed << 48) + (index + 1) * 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

std::vector<Batch> MakeBatches(const SchemaPtr& schema, int64_t rows,
                               const std::function<void(int64_t, int, Batch*)>& fill) {
  std::vector<Batch> batches;
  batches.reserve((rows + kBatchRows - 1) / kBatchRows);
  for (int64_t row = 0; row < rows; row += kBatchRows) {
    const int count = static_cast<int>(std::min<int64_t>(kBatchRows, rows - row));
    Batch& batch = batches.emplace_back(schema);
    for (int c = 0; c < schema->size(); ++c) {
      batch.mutable_column(c).ResetFlat(schema->column(c).type, count);
    }
    for (int i = 0; i < count; ++i) fill(row + i, i, &batch);
    batch.SetRowCount(count);
    batch.SetOrigin({0, 0, row});
  }
  return batches;
}

std::vector<Batch> UniformKeys(int64_t rows, int64_t keys) {
  return MakeBatches(KeySchema(BigintType()), rows, [&](int64_t row, int i, Batch* batch) {
    batch->mutable_column(0).mutable_values<int64_t>()[i] =
        static_cast<int64_t>(NumberAt(kKeySeed, row) % keys);
  });
}

std::vector<Batch> EveryKey(int64_t keys) {
  return MakeBatches(KeySchema(BigintType()), keys, [&](int64_t row, int i, Batch* batch) {
    batch->mutable_column(0).mutable_values<int64_t>()[i] =
        static_cast<int64_t>(row * kScatter % keys);
  });
}

std::vector<Batch> UniformStrings(int64_t rows, int64_t keys) {
  return Strings(rows, [&](int64_t row) { return NumberAt(kKeySeed, row) % keys; });
}

std::vector<Batch> EveryString(int64_t keys) {
  return Strings(keys, [&](int64_t row) { return row * kScatter % keys; });
}

std::vector<Batch> Events(int64_t rows, int64_t keys) {
  constexpr int64_t kDisorderUs = 10'000;
  const SchemaPtr schema =
      Schema::Make({{"ts", TimestampType(), true, ""}, {"k", BigintType(), false, ""}});
  return MakeBatches(schema, rows, [&](int64_t row, int i, Batch* batch) {
    const auto early = static_cast<int64_t>(NumberAt(kDisorderSeed, row) % kDisorderUs);
    batch->mutable_column(0).mutable_values<int64_t>()[i] = row - early + 2 * kDisorderUs;
    batch->mutable_column(1).mutable_values<int64_t>()[i] =
        static_cast<int64_t>(NumberAt(kKeySeed, row) % keys);
  });
}

int64_t RowCount(const std::vector<Batch>& batches) {
  int64_t rows = 0;
  for (const Batch& batch : batches) rows += batch.row_count();
  return rows;
}

namespace {

SchemaPtr KeySchema(const TypePtr& type) {
  return Schema::Make({{"k", type, false, ""}});
}

std::vector<Batch> Strings(int64_t rows, const std::function<uint64_t(int64_t)>& key) {
  return MakeBatches(KeySchema(StringType()), rows, [&](int64_t row, int i, Batch* batch) {
    char text[32];
    const int length = std::snprintf(text, sizeof(text), "campaign-%011llu",
                                     static_cast<unsigned long long>(key(row)));
    batch->mutable_column(0).SetString(i, std::string_view(text, length));
  });
}

}  // namespace
}  // namespace thalweg
