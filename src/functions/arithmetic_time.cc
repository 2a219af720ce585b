#include "functions/arithmetic_time.h"

#include <limits>

#include "data/calendar.h"
#include "functions/calendar_math.h"
#include "functions/errors.h"
#include "functions/kernel_loops.h"

namespace thalweg {
namespace {

constexpr int64_t kNanosPerMicro = 1000;
constexpr int64_t kNanosPerDay = kMicrosPerDay * kNanosPerMicro;

const TimeContext& ContextOf(const KernelCall& call) {
  return *static_cast<const TimeContext*>(call.context);
}

[[gnu::noinline, gnu::cold]] void FailRow(const KernelCall& call, Vector* out, int row,
                                          Status (*error)(const SqlPlace& place)) {
  if (call.on_failure == OnFailure::kNull) return out->SetNull(row);
  if (call.errors->Wants(row)) call.errors->Report(row, error(call.place));
}

Status Overflow(const SqlPlace& place) {
  return DateTimeOverflow("adding to a date or time", place);
}
Status MicrosInDate(const SqlPlace& place) {
  return Status::User("INVALID_INTERVAL_WITH_MICROSECONDS_ADDITION",
                      {{"ansiConfig", "\"spark.sql.ansi.enabled\""}}, place);
}

/// add(time, length, &result) for each valid row; `length` has the other sign to be subtracted.
template <class Time, class Length, class Result, bool kSubtract, class Plus>
Status PlusRows(const KernelCall& call, Vector* out, const Plus& plus) {
  Result* result = out->mutable_values<Result>();
  WithShapes<Time, Length>(call, [&](auto times, auto lengths) {
    ForEachValidRow(call, [&](int r) {
      Length length = lengths[r];
      const bool fits = !kSubtract || !__builtin_sub_overflow(Length{0}, lengths[r], &length);
      if (!fits || !plus(times[r], length, &result[r])) FailRow(call, out, r, Overflow);
    });
  });
  return Status::OK();
}

template <bool kSubtract>
Status DateDays(const KernelCall& call, Vector* out) {
  int32_t* result = out->mutable_values<int32_t>();
  WithShapes<int32_t, int32_t>(call, [&](auto dates, auto days) {
    ForEachRow(RowsOrAll(call), [&](int r) {
      const auto date = static_cast<uint32_t>(dates[r]);
      const auto count = static_cast<uint32_t>(days[r]);
      result[r] = static_cast<int32_t>(kSubtract ? date - count : date + count);
    });
  });
  return Status::OK();
}

/// INTERVAL DAY: whole days.
template <bool kSubtract>
Status DateDayInterval(const KernelCall& call, Vector* out) {
  int32_t* result = out->mutable_values<int32_t>();
  WithShapes<int32_t, int64_t>(call, [&](auto dates, auto lengths) {
    ForEachRow(RowsOrAll(call), [&](int r) {
      const auto date = static_cast<uint32_t>(dates[r]);
      const auto days = static_cast<uint32_t>(lengths[r] / kMicrosPerDay);
      result[r] = static_cast<int32_t>(kSubtract ? date - days : date + days);
    });
  });
  return Status::OK();
}

template <bool kSubtract>
Status DateMonths(const KernelCall& call, Vector* out) {
  return PlusRows<int32_t, int32_t, int32_t, kSubtract>(
      call, out, [](int32_t date, int32_t months, int32_t* result) {
        return AddMonthsToDate(date, months, result);
      });
}

template <bool kSubtract>
Status TimestampMonths(const KernelCall& call, Vector* out) {
  ZoneCursor cursor(*ContextOf(call).zone);
  return PlusRows<int64_t, int32_t, int64_t, kSubtract>(
      call, out, [&](int64_t us, int32_t months, int64_t* result) {
        return AddMonths(us, months, cursor, result);
      });
}

template <bool kSubtract>
Status TimestampDayTime(const KernelCall& call, Vector* out) {
  ZoneCursor cursor(*ContextOf(call).zone);
  return PlusRows<int64_t, int64_t, int64_t, kSubtract>(
      call, out, [&](int64_t us, int64_t length, int64_t* result) {
        return AddDayTime(us, length, cursor, result);
      });
}

/// Within the day.
template <bool kSubtract>
Status TimeDayTime(const KernelCall& call, Vector* out) {
  return PlusRows<int64_t, int64_t, int64_t, kSubtract>(
      call, out, [](int64_t ns, int64_t length_us, int64_t* result) {
        int64_t length = 0;
        return !__builtin_mul_overflow(length_us, kNanosPerMicro, &length) &&
               !__builtin_add_overflow(ns, length, result) && *result >= 0 &&
               *result < kNanosPerDay;
      });
}

bool Negate(const CalendarInterval& value, CalendarInterval* out) {
  return !(__builtin_sub_overflow(0, value.months, &out->months) |
           __builtin_sub_overflow(0, value.days, &out->days) |
           __builtin_sub_overflow(int64_t{0}, value.us, &out->us));
}

template <bool kSubtract>
Status TimestampInterval(const KernelCall& call, Vector* out) {
  ZoneCursor cursor(*ContextOf(call).zone);
  int64_t* result = out->mutable_values<int64_t>();
  WithShapes<int64_t, CalendarInterval>(call, [&](auto times, auto intervals) {
    ForEachValidRow(call, [&](int r) {
      CalendarInterval interval = intervals[r];
      const bool fits = !kSubtract || Negate(intervals[r], &interval);
      if (!fits || !AddInterval(times[r], interval, cursor, &result[r])) {
        FailRow(call, out, r, Overflow);
      }
    });
  });
  return Status::OK();
}

/// ANSI: the interval must have no time of day; legacy mode adds it to midnight.
template <bool kSubtract>
Status DateInterval(const KernelCall& call, Vector* out) {
  const TimeContext& context = ContextOf(call);
  ZoneCursor cursor(*context.zone);
  int32_t* result = out->mutable_values<int32_t>();
  WithShapes<int32_t, CalendarInterval>(call, [&](auto dates, auto intervals) {
    ForEachValidRow(call, [&](int r) {
      CalendarInterval interval = intervals[r];
      bool fits = !kSubtract || Negate(intervals[r], &interval);
      if (interval.us != 0 && context.ansi) return FailRow(call, out, r, MicrosInDate);
      if (interval.us == 0) {
        fits = fits && AddIntervalToDate(dates[r], interval, &result[r]);
      } else {
        int64_t us = cursor.ToInstant(dates[r] * kMicrosPerDay);
        fits = fits && AddInterval(us, interval, cursor, &us);
        result[r] = static_cast<int32_t>(DayOfMicros(cursor.ToLocal(us)));
      }
      if (!fits) FailRow(call, out, r, Overflow);
    });
  });
  return Status::OK();
}

Status DateDifference(const KernelCall& call, Vector* out) {
  int64_t* result = out->mutable_values<int64_t>();
  WithShapes<int32_t, int32_t>(call, [&](auto ends, auto starts) {
    ForEachValidRow(call, [&](int r) {
      const int64_t days = int64_t{ends[r]} - starts[r];
      if (__builtin_mul_overflow(days, kMicrosPerDay, &result[r])) {
        FailRow(call, out, r, [](const SqlPlace& place) { return IntervalOverflow("", place); });
      }
    });
  });
  return Status::OK();
}

Status TimestampDifference(const KernelCall& call, Vector* out) {
  ZoneCursor cursor(*ContextOf(call).zone);
  int64_t* result = out->mutable_values<int64_t>();
  WithShapes<int64_t, int64_t>(call, [&](auto ends, auto starts) {
    ForEachValidRow(call, [&](int r) {
      const int64_t end = cursor.ToLocal(ends[r]);
      if (__builtin_sub_overflow(end, cursor.ToLocal(starts[r]), &result[r])) {
        FailRow(call, out, r, [](const SqlPlace& place) { return IntervalOverflow("", place); });
      }
    });
  });
  return Status::OK();
}

Status TimeOfDayDifference(const KernelCall& call, Vector* out) {
  int64_t* result = out->mutable_values<int64_t>();
  WithShapes<int64_t, int64_t>(call, [&](auto ends, auto starts) {
    ForEachRow(RowsOrAll(call), [&](int r) { result[r] = (ends[r] - starts[r]) / kNanosPerMicro; });
  });
  return Status::OK();
}

template <bool kSubtract>
Kernel PickPlus(const DataType& time, const DataType& interval) {
  const bool months = interval.Is(TypeKind::kYearMonthInterval);
  const bool day_time = interval.Is(TypeKind::kDayTimeInterval);
  switch (time.kind()) {
    case TypeKind::kDate:
      if (months) return DateMonths<kSubtract>;
      return day_time ? DateDayInterval<kSubtract> : DateInterval<kSubtract>;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      if (months) return TimestampMonths<kSubtract>;
      return day_time ? TimestampDayTime<kSubtract> : TimestampInterval<kSubtract>;
    case TypeKind::kTime:
      return day_time ? TimeDayTime<kSubtract> : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

Kernel DatePlusDays(bool subtract) {
  return subtract ? DateDays<true> : DateDays<false>;
}

Kernel TimePlusInterval(const DataType& time, const DataType& interval, bool subtract) {
  return subtract ? PickPlus<true>(time, interval) : PickPlus<false>(time, interval);
}

Kernel TimeDifference(const DataType& type) {
  if (type.Is(TypeKind::kDate)) return DateDifference;
  return type.Is(TypeKind::kTime) ? TimeOfDayDifference : TimestampDifference;
}

}  // namespace thalweg
