// LambdaFeed: rows for the body of a lambda, collected until there are enough for a run. Scratch of
// one evaluation; one thread.
#pragma once

#include <vector>

#include "functions/function.h"
#include "functions/nested_lists.h"

namespace thalweg {

class LambdaFeed {
 public:
  /// Variable i takes values of *sources[i], or, where that is nullptr, the position itself (INT).
  /// Variables that the user did not name are not made.
  LambdaFeed(EvalLambda* lambda, std::vector<const Vector*> sources);

  void Clear();
  int count() const { return static_cast<int>(parents_.size()); }
  bool full() const { return count() == kBatchRows; }
  int parent(int k) const { return parents_[k]; }
  int position(int variable, int k) const { return positions_[variable][k]; }
  /// One more row, of row `parent` of the call (ascending); a position for each source (more are
  /// ignored), negative for NULL. There must be room.
  void Add(int parent, std::initializer_list<int32_t> positions);

  /// The body's values for the rows added, valid until the next Run.
  Result<const Vector*> Run(RowErrors* errors);

 private:
  void MakeVariable(int i);

  EvalLambda& lambda_;
  const std::vector<const Vector*> sources_;
  std::vector<RowIndex> parents_;
  std::vector<std::vector<int32_t>> positions_;  // by source
  std::vector<Vector> variables_;
  std::vector<const Vector*> pointers_;
};

/// The rows of `rows` whose value is not NULL.
std::vector<RowIndex> RowsWithValue(const Vector& vector, const Selection& rows);
/// What positions of SpanOf refer to: the vector itself or the entries of a dictionary.
inline const Vector& ListsOf(const Vector& list) {
  return list.encoding() == Encoding::kDictionary ? list.child(0) : list;
}
/// Marks the rows of `rows` that are not in `live`, a part of them, as NULL.
void NullOthers(const Selection& rows, const std::vector<RowIndex>& live, Vector* out);

}  // namespace thalweg
