// Kernels of dates, times and timestamps with days, intervals and each other. Bound with a
// TimeContext; the second argument is added, or subtracted by the kernels of `subtract`.
#pragma once

#include "functions/kernel.h"

namespace thalweg {

class TimeZone;

class TimeContext final : public KernelContext {
 public:
  const TimeZone* zone = nullptr;  // UTC for TIMESTAMP_NTZ
  bool ansi = true;
};

/// DATE and a number of days (INT).
Kernel DatePlusDays(bool subtract);
/// DATE, TIMESTAMP, TIMESTAMP_NTZ or TIME and an interval; nullptr: there is no such sum.
Kernel TimePlusInterval(const DataType& time, const DataType& interval, bool subtract);
/// Days, microseconds of the wall clock, or time of day between two of one type.
Kernel TimeDifference(const DataType& type);

}  // namespace thalweg
