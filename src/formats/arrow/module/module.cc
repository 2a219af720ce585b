// The door of libthalweg_arrow.so.
#include "formats/arrow/module/bridge.h"
#include "formats/arrow/module/parquet.h"

namespace thalweg::arrow_module {
namespace {

int64_t MemoryBytes() {
  return Pool()->bytes_allocated();
}

ThalwegArrowModule MakeTable() {
  ThalwegArrowModule table{};
  table.version = kThalwegArrowVersion;
  table.memory_bytes = MemoryBytes;
  AddParquetReader(&table);
  AddParquetWriter(&table);
  return table;
}

}  // namespace
}  // namespace thalweg::arrow_module

extern "C" __attribute__((visibility("default"))) const ThalwegArrowModule* thalweg_arrow_module() {
  static const ThalwegArrowModule table = thalweg::arrow_module::MakeTable();
  return &table;
}
