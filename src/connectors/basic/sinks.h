// Sinks that keep nothing: `console` shows the rows of each epoch, `noop` reads every value and
// throws it away, `foreach` hands the rows to a function. An epoch that is run again is shown
// again: at least once. Tables are immutable; a sink belongs to one query.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "data/contracts.h"

namespace thalweg {

/// Called with the rows of an epoch when it is committed, in lane order; also with none.
using EpochFunction =
    std::function<Status(int64_t epoch, const SchemaPtr& schema, const std::vector<Batch>& rows)>;

/// `provider`: "console", "foreach", …; `pace_us`: how seldom epochs are wanted.
TablePtr MakeEpochTable(const std::string& provider, SchemaPtr schema, EpochFunction function,
                        int64_t pace_us = 0);

/// What noop has read; shared by the table and who asks.
struct NoopCounts {
  std::atomic<int64_t> rows{0};
  std::atomic<uint64_t> checksum{0};  // independent of the order of rows
};
TablePtr MakeNoopTable(SchemaPtr schema, std::shared_ptr<NoopCounts> counts);

}  // namespace thalweg
