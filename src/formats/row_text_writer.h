// A file writer for formats of text in which each row is printed by itself: JSON, CSV, text.
#pragma once

#include <memory>
#include <string>

#include "formats/byte_output.h"
#include "formats/format.h"

namespace thalweg {

/// Prints rows. One thread at a time.
class RowPrinter {
 public:
  virtual ~RowPrinter() = default;
  /// What stands before the first row; "" by default.
  virtual void AppendHeader(std::string*) {}
  /// Appends physical row `row` with its line end.
  virtual void AppendRow(const Batch& batch, int row, std::string* out) = 0;
};

Result<std::unique_ptr<FormatWriter>> OpenRowTextWriter(Env& env, const std::string& path,
                                                        std::unique_ptr<RowPrinter> printer);

/// The place of a value in a flat vector, whatever the encoding of `vector`.
inline std::pair<const Vector*, int> FlatPlace(const Vector& vector, int row) {
  const Vector* place = &vector;
  while (!place->is_flat()) {
    row = place->is_constant() ? 0 : place->values<int32_t>()[row];
    if (place->is_constant()) break;
    place = &place->child(0);
  }
  return {place, row};
}

}  // namespace thalweg
