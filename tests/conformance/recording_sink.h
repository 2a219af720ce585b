// A sink that keeps the rows of the last epoch it was given, as values, in their order, and that
// can be told to fail once after it was given the rows. Lives outside the query. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "data/contracts.h"
#include "json_values.h"

namespace thalweg {

class RecordingSink {
 public:
  RecordingSink();
  TablePtr table() const;
  /// The next epoch that is written fails when all of its rows are there.
  void FailOnce();
  /// Rows of the last committed epoch.
  const std::vector<Row>& rows() const;

 private:
  std::shared_ptr<struct RecordingSinkRep> rep_;
};

}  // namespace thalweg
