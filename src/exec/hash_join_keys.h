// JoinKeys: evaluates and encodes the keys of one side of a join on one lane. What it hands out is
// valid until the next Encode and while the batch is. One thread at a time.
#pragma once

#include <memory>
#include <vector>

#include "exec/hash_join.h"

namespace thalweg {

class JoinKeys {
 public:
  static Result<JoinKeys> Make(const JoinShape& shape, bool of_build);

  /// Encodes the keys of those of `rows` that can have a partner: linked() says which. The first
  /// failure goes to `errors`; only rows before it count then.
  Status Encode(const Batch& batch, const Selection& rows, const EpochConstants& constants,
                RowErrors* errors);
  Selection linked() const { return linked_; }
  /// Parallel to linked().
  const KeyBatch& keys() const { return keys_; }

 private:
  JoinKeys() = default;
  Selection WithoutNulls(const Selection& rows);

  std::vector<bool> null_safe_;
  std::unique_ptr<ExpressionEvaluator> evaluator_;
  std::unique_ptr<KeyEncoder> encoder_;
  std::vector<const Vector*> values_;
  std::vector<RowIndex> rows_;
  Selection linked_;
  KeyBatch keys_;
};

}  // namespace thalweg
