#include "functions/lambda_feed.h"

#include <algorithm>

namespace thalweg {

LambdaFeed::LambdaFeed(EvalLambda* lambda, std::vector<const Vector*> sources)
    : lambda_(*lambda),
      sources_(std::move(sources)),
      positions_(sources_.size()),
      variables_(std::min(sources_.size(), static_cast<size_t>(lambda->variable_count()))) {
  for (const Vector& variable : variables_) pointers_.push_back(&variable);
}

void LambdaFeed::Clear() {
  parents_.clear();
  for (auto& positions : positions_) positions.clear();
}

void LambdaFeed::Add(int parent, std::initializer_list<int32_t> positions) {
  parents_.push_back(static_cast<RowIndex>(parent));
  const int32_t* position = positions.begin();
  for (auto& of_source : positions_) of_source.push_back(*position++);
}

Result<const Vector*> LambdaFeed::Run(RowErrors* errors) {
  for (size_t i = 0; i < variables_.size(); ++i) MakeVariable(static_cast<int>(i));
  return lambda_.Run({count(), parents_.data(), pointers_.data()}, errors);
}

void LambdaFeed::MakeVariable(int i) {
  const std::vector<int32_t>& positions = positions_[i];
  Vector& variable = variables_[i];
  if (sources_[i] != nullptr) {
    PickValues(*sources_[i], positions, sources_[i]->type(), &variable);
    return;
  }
  variable.ResetFlat(IntType(), count());
  std::copy(positions.begin(), positions.end(), variable.mutable_values<int32_t>());
}

std::vector<RowIndex> RowsWithValue(const Vector& vector, const Selection& rows) {
  std::vector<RowIndex> live;
  ForEachRow(rows, [&](int r) {
    if (!vector.IsNull(r)) live.push_back(static_cast<RowIndex>(r));
  });
  return live;
}

void NullOthers(const Selection& rows, const std::vector<RowIndex>& live, Vector* out) {
  auto next = live.begin();
  ForEachRow(rows, [&](int r) {
    if (next != live.end() && *next == r) {
      ++next;
    } else {
      out->SetNull(r);
    }
  });
}

}  // namespace thalweg
