// Arrow C data as vectors: the types that Arrow's stand for, and a reader that turns arrays of one
// Arrow type into vectors of one of ours. The arrays come from a library that has checked them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/arrow_c.h"
#include "data/batch.h"

namespace thalweg {

/// The type that `schema` stands for; nullable fields as Arrow says. Errors:
/// THALWEG_NOT_SUPPORTED_YET for an Arrow type that none of ours holds.
Result<TypePtr> TypeOfArrow(const ArrowSchema& schema);

/// "int32", "timestamp[us]", "list": what a message calls an Arrow type.
std::string ArrowTypeName(const ArrowSchema& schema);

struct ArrowNode;

/// Arrays of one Arrow type and one of our types that holds all of its values: the same one, a
/// wider number, or a struct with other fields (found by name; what is missing is NULL). Immutable;
/// any thread.
class ArrowImporter {
 public:
  /// Where no such reading is: the path of the column and both types.
  struct Mismatch {
    std::string column;
    std::string wanted;
    std::string found;
  };

  /// nullptr, and `mismatch`, if `type` cannot hold the values.
  static std::unique_ptr<ArrowImporter> Make(const ArrowSchema& schema, const TypePtr& type,
                                             Mismatch* mismatch);
  ~ArrowImporter();

  /// Makes `out` a flat vector of rows [begin, begin + count) of `array`. Errors: a value that the
  /// type does not hold.
  Status Import(const ArrowArray& array, int64_t begin, int64_t count, Vector* out) const;

 private:
  explicit ArrowImporter(std::unique_ptr<ArrowNode> root);
  const std::unique_ptr<ArrowNode> root_;
};

}  // namespace thalweg
