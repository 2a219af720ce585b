// sequence(start, stop [, step]): of integers by an integer, of DATE, TIMESTAMP and TIMESTAMP_NTZ
// by an interval, whose months and days are those of the calendar (of the session zone for
// TIMESTAMP).
#include <algorithm>

#include "data/calendar.h"
#include "data/time_zone.h"
#include "functions/coercion.h"
#include "functions/collection_binding.h"
#include "functions/families.h"
#include "functions/value_text.h"

namespace thalweg {
namespace {

using int128_t = __int128;

constexpr int kDaysInMonthMin = 28;

class SequenceContext final : public KernelContext {
 public:
  SequenceContext(bool step, const TimeZone* time_zone) : has_step(step), zone(time_zone) {}
  const bool has_step;
  const TimeZone* const zone;
};
const SequenceContext& ContextOf(const KernelCall& call) {
  return *static_cast<const SequenceContext*>(call.context);
}

std::string TextOf(const KernelCall& call, int argument, int row) {
  std::string text;
  AppendText(*call.arguments[argument], row, {ContextOf(call).zone, false}, &text);
  return text;
}

/// How many values, or -1 after reporting why there are none.
int64_t Length(const KernelCall& call, int row, int64_t start, int64_t stop, int128_t step) {
  const bool leads = (step > 0 && start <= stop) || (step < 0 && start >= stop) || start == stop;
  if (!leads) {
    if (!call.errors->Wants(row)) return -1;
    const std::string by = ContextOf(call).has_step ? TextOf(call, 2, row) : "1";
    call.errors->Report(row, Status::Legacy(3243,
                                            "no sequence leads from " + TextOf(call, 0, row) +
                                                " to " + TextOf(call, 1, row) + " by " + by,
                                            call.place));
    return -1;
  }
  const int128_t length = step == 0 ? 1 : 1 + (int128_t{stop} - start) / step;
  if (length <= kArrayLengthMax) return static_cast<int64_t>(length);
  call.errors->Report(
      row, ArrayTooLong("sequence", "start, stop, step",
                        static_cast<int64_t>(std::min<int128_t>(length, INT64_MAX)), call.place));
  return -1;
}

/// Writes the values of lists of one fixed-width type.
template <class T>
class NumberLists {
 public:
  NumberLists(const KernelCall& call, Vector* out) : rows_(call.physical_rows), out_(out) {}
  void Begin(int row) {
    for (; next_ <= row; ++next_) out_->mutable_offsets()[next_] = static_cast<int32_t>(size_);
  }
  /// Room for `count` more values; nullptr: too many.
  T* Extend(int64_t count) {
    if (size_ + count > kArrayLengthMax) {
      overflowed_ = true;
      return nullptr;
    }
    Vector& child = out_->mutable_child(0);
    child.Reserve(static_cast<int>(size_ + count));
    child.SetSize(static_cast<int>(size_ + count));
    T* values = child.mutable_values<T>() + size_;
    size_ += count;
    return values;
  }
  Status Finish() {
    Begin(rows_);
    if (!overflowed_) return Status::OK();
    return NotSupportedYet("more than 2147483632 elements in the arrays of one batch");
  }

 private:
  const int rows_;
  Vector* const out_;
  int next_ = 0;
  int64_t size_ = 0;
  bool overflowed_ = false;
};

/// start, start + step, …: `count` of them, which stay in range.
template <class T>
void Fill(int64_t start, int64_t step, int64_t count, T* out) {
  uint64_t value = static_cast<uint64_t>(start);
  for (int64_t i = 0; out != nullptr && i < count; ++i) {
    out[i] = static_cast<T>(value);
    value += static_cast<uint64_t>(step);
  }
}

template <class T>
Status IntegerKernel(const KernelCall& call, Vector* out) {
  NumberLists<T> lists(call, out);
  ForEachValidRow(call, [&](int r) {
    const int64_t start = call.arguments[0]->Get<T>(r);
    const int64_t stop = call.arguments[1]->Get<T>(r);
    const int64_t step = ContextOf(call).has_step ? int64_t{call.arguments[2]->Get<T>(r)}
                         : start <= stop          ? 1
                                                  : -1;
    lists.Begin(r);
    const int64_t count = Length(call, r, start, stop, step);
    if (count > 0) Fill(start, step, count, lists.Extend(count));
  });
  return lists.Finish();
}

int64_t AddMonths(int64_t days, int64_t months) {
  const CivilDate date = CivilFromDays(days);
  const int64_t month = int64_t{date.year} * 12 + date.month - 1 + months;
  const int64_t year = FloorDiv(month, 12);
  const int in_year = static_cast<int>(FloorMod(month, 12)) + 1;
  return DaysFromCivil(year, in_year, std::min(date.day, DaysInMonth(year, in_year)));
}

/// As ZonedDateTime adds: months and days to the wall clock, whose offset stays where it may.
int64_t AddToInstant(int64_t instant_us, const CalendarInterval& step, int64_t times,
                     const TimeZone& zone) {
  if (step.months != 0 || step.days != 0) {
    const int64_t offset_us = zone.OffsetSeconds(instant_us) * kMicrosPerSecond;
    const int64_t local = instant_us + offset_us;
    const int64_t day = AddMonths(DayOfMicros(local), times * step.months) + times * step.days;
    const int64_t moved = day * kMicrosPerDay + FloorMod(local, kMicrosPerDay);
    const bool same_offset = zone.OffsetSeconds(moved - offset_us) * kMicrosPerSecond == offset_us;
    instant_us = same_offset ? moved - offset_us : zone.ToInstant(moved);
  }
  return AddMicros(instant_us, times * step.us);
}

CalendarInterval StepAt(const KernelCall& call, int row, bool forward) {
  if (!ContextOf(call).has_step) return {0, forward ? 1 : -1, 0};
  const Vector& step = *call.arguments[2];
  switch (step.type()->kind()) {
    case TypeKind::kYearMonthInterval:
      return {step.Get<int32_t>(row), 0, 0};
    case TypeKind::kDayTimeInterval: {
      const int64_t us = step.Get<int64_t>(row);
      return {0, static_cast<int32_t>(us / kMicrosPerDay), us % kMicrosPerDay};
    }
    default:
      return step.Get<CalendarInterval>(row);
  }
}

/// T: int32_t for DATE, else int64_t.
template <class T>
void TemporalRow(const KernelCall& call, int r, NumberLists<T>* lists) {
  constexpr bool kDates = sizeof(T) == sizeof(int32_t);
  const int64_t start = call.arguments[0]->Get<T>(r);
  const int64_t stop = call.arguments[1]->Get<T>(r);
  const CalendarInterval step = StepAt(call, r, start <= stop);
  lists->Begin(r);
  if (kDates && step.months == 0 && step.days == 0) {
    if (!call.errors->Wants(r)) return;
    return call.errors->Report(
        r, Status::Legacy(3242, "a sequence of dates needs a step of days or months", call.place));
  }
  const bool plain = step.months == 0 && (kDates ? step.us == 0 : step.days == 0);
  if (plain) {
    const int64_t by = kDates ? step.days : step.us;
    const int64_t count = Length(call, r, start, stop, by);
    if (count > 0) Fill(start, by, count, lists->Extend(count));
    return;
  }
  const int64_t unit = kDates ? kMicrosPerDay : 1;
  const int128_t estimate =
      int128_t{step.us} + (int128_t{step.months} * kDaysInMonthMin + step.days) * kMicrosPerDay;
  const int64_t begin_us = start * unit;
  const int64_t end_us = stop * unit;
  if (Length(call, r, begin_us, end_us, estimate) < 0) return;
  std::vector<T> values;  // not exactly as many: days and months differ in length
  for (int64_t t = begin_us; estimate > 0 ? t <= end_us : t >= end_us;) {
    values.push_back(static_cast<T>(kDates ? DayOfMicros(t) : t));
    if (estimate == 0) break;
    t = AddToInstant(begin_us, step, static_cast<int64_t>(values.size()), *ContextOf(call).zone);
  }
  T* out = lists->Extend(static_cast<int64_t>(values.size()));
  if (out != nullptr) std::copy(values.begin(), values.end(), out);
}

template <class T>
Status TemporalKernel(const KernelCall& call, Vector* out) {
  NumberLists<T> lists(call, out);
  ForEachValidRow(call, [&](int r) { TemporalRow(call, r, &lists); });
  return lists.Finish();
}

bool IsInterval(const DataType& type) {
  return type.Is(TypeKind::kCalendarInterval) || type.Is(TypeKind::kYearMonthInterval) ||
         type.Is(TypeKind::kDayTimeInterval);
}

Kernel KernelFor(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kTinyint:
      return IntegerKernel<int8_t>;
    case TypeKind::kSmallint:
      return IntegerKernel<int16_t>;
    case TypeKind::kInt:
      return IntegerKernel<int32_t>;
    case TypeKind::kBigint:
      return IntegerKernel<int64_t>;
    case TypeKind::kDate:
      return TemporalKernel<int32_t>;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      return TemporalKernel<int64_t>;
    default:
      return nullptr;
  }
}

Status WrongTypes(const Binding& b) {
  return Status::User(
      "DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES",
      {{"sqlExpr", QuotedCall(b.name, b.arguments)},
       {"functionName", "`sequence`"},
       {"startType", "(\"TIMESTAMP\" or \"TIMESTAMP_NTZ\" or \"DATE\")"},
       {"stepType", "(\"INTERVAL\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL DAY TO SECOND\")"},
       {"otherStartType", "\"INTEGRAL\""}},
      b.place);
}

Result<ExprPtr> BindSequence(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 3));
  std::vector<TypePtr> types;
  for (const ExprPtr& argument : b.arguments) {
    if (!IsInterval(*argument->type)) types.push_back(argument->type);
  }
  const TypePtr type = types.empty() ? nullptr : WiderType(types, b.settings.ansi);
  const Kernel kernel = type == nullptr ? nullptr : KernelFor(*type);
  if (kernel == nullptr || types.size() < 2) return WrongTypes(b);
  for (int i = 0; i < b.count(); ++i) {
    const bool is_interval = IsInterval(*b.type(i));
    if (is_interval && (i < 2 || type->IsIntegral())) return WrongTypes(b);
    if (i == 2 && !is_interval && !type->IsIntegral()) {
      if (!b.Is(i, TypeKind::kNull)) return WrongTypes(b);
      return NotSupportedYet("a sequence of " + type->Sql() + " by NULL", b.place);
    }
    if (!is_interval) THALWEG_RETURN_NOT_OK(b.Coerce(i, type));
  }
  const TimeZone* zone = &TimeZone::Utc();
  KernelSpec spec;
  if (type->Is(TypeKind::kTimestamp)) {
    THALWEG_ASSIGN_OR_RETURN(zone, TimeZone::Find(b.settings.session_zone));
    spec.signature.parameters = "zone=" + zone->id();
  }
  spec.kernel = kernel;
  spec.context = std::make_shared<SequenceContext>(b.count() == 3, zone);
  return b.MakeKernelCall(std::move(spec), ArrayType(type, false));
}

}  // namespace

void RegisterSequence(FunctionRegistry* registry) {
  RegisterNested(registry, "sequence", BindSequence);
}

}  // namespace thalweg
