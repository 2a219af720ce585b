// `thalweg-bench kafka`: how long an event takes from a producer through Kafka, a query and Kafka
// again to a consumer, beside a relay written by hand on the same client, and beside how late the
// machine's timers are. It needs a broker: bench/kafka starts one.
#pragma once

#include <string>

#include "report.h"

namespace thalweg {

struct KafkaBenchOptions {
  std::string servers;
  int64_t rate = 1000;  // events a second
  int64_t seconds = 20;
  int64_t warm_seconds = 5;
  std::string directory = "out/bench";
};

/// The topics bench-in, bench-relayed and bench-alerts must exist, with one partition each.
void RunKafkaBench(const KafkaBenchOptions& options, Report& report);

}  // namespace thalweg
