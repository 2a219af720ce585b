// Intervals made from numbers: make_interval, make_dt_interval, make_ym_interval; missing arguments
// are 0.
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/nested_binding.h"
#include "functions/row_function.h"
#include "functions/signature.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

/// Adds value * factor; false: it does not fit.
template <class T>
bool AddTimes(T value, T factor, T* sum) {
  T product = 0;
  return !__builtin_mul_overflow(value, factor, &product) &&
         !__builtin_add_overflow(*sum, product, sum);
}

Status NoInterval(const char* message) {
  return Status::User("ARITHMETIC_OVERFLOW",
                      {{"message", message},
                       {"alternative", " Use try_make_interval to get NULL instead."},
                       {"config", "\"spark.sql.ansi.enabled\""}});
}

int32_t IntOf(const Vector& vector, int row) {
  return vector.values<int32_t>()[vector.is_constant() ? 0 : row];
}
int64_t SecondsOf(const Vector& vector, int row) {
  return vector.values<int64_t>()[vector.is_constant() ? 0 : row];
}

/// years, months, weeks, days, hours, minutes, seconds with microseconds.
Status MakeIntervalKernel(const KernelCall& call, Vector* out) {
  auto* result = out->mutable_values<CalendarInterval>();
  ForEachValidRow(call, [&](int row) {
    const auto part = [&](int i) { return IntOf(*call.arguments[i], row); };
    CalendarInterval interval{part(1), part(3), SecondsOf(*call.arguments[6], row)};
    const bool fits =
        AddTimes(part(0), 12, &interval.months) && AddTimes(part(2), 7, &interval.days);
    const bool time_fits = AddTimes<int64_t>(part(4), kMicrosPerHour, &interval.us) &&
                           AddTimes<int64_t>(part(5), kMicrosPerMinute, &interval.us);
    if (!fits || !time_fits) {
      return detail::FailRow(call, row, NoInterval(fits ? "long overflow" : "integer overflow"),
                             out);
    }
    result[row] = interval;
  });
  return Status::OK();
}

/// days, hours, minutes, seconds with microseconds.
Status MakeDayTimeKernel(const KernelCall& call, Vector* out) {
  int64_t* result = out->mutable_values<int64_t>();
  ForEachValidRow(call, [&](int row) {
    const auto part = [&](int i) -> int64_t { return IntOf(*call.arguments[i], row); };
    int64_t us = SecondsOf(*call.arguments[3], row);
    const bool fits = AddTimes(part(0), kMicrosPerDay, &us) &&
                      AddTimes(part(1), kMicrosPerHour, &us) &&
                      AddTimes(part(2), kMicrosPerMinute, &us);
    if (!fits) {
      return detail::FailRow(call, row,
                             Status::User("INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION"), out);
    }
    result[row] = us;
  });
  return Status::OK();
}

/// years, months.
Status MakeYearMonthKernel(const KernelCall& call, Vector* out) {
  int32_t* result = out->mutable_values<int32_t>();
  ForEachValidRow(call, [&](int row) {
    int32_t months = IntOf(*call.arguments[1], row);
    if (!AddTimes(IntOf(*call.arguments[0], row), 12, &months)) {
      return detail::FailRow(call, row,
                             Status::User("INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION"), out);
    }
    result[row] = months;
  });
  return Status::OK();
}

/// Arguments as INT, the one at `seconds` as DECIMAL(18, 6); what is not given is 0.
Status FillParts(Binding* b, int parts, int seconds) {
  THALWEG_RETURN_NOT_OK(b->CheckCount(0, parts));
  for (int i = 0; i < parts; ++i) {
    const bool is_seconds = i == seconds;
    if (i == b->count()) b->arguments.push_back(MakeLiteral(Value::Int(0)));
    const DataType& type = *b->type(i);
    if (!type.IsNumeric() && !type.Is(TypeKind::kString) && !type.Is(TypeKind::kNull)) {
      return b->Unexpected(i, is_seconds ? "DECIMAL(18,6)" : "INT");
    }
    THALWEG_RETURN_NOT_OK(b->Coerce(i, is_seconds ? DecimalType(18, 6) : IntType()));
  }
  return Status::OK();
}

Result<ExprPtr> BindMakeInterval(Binding b) {
  const bool try_form = b.name.starts_with("try_");
  if (try_form && b.count() == 0)
    return WrongArgumentCount(b.name, "[1, 2, 3, 4, 5, 6, 7]", 0, b.place);
  THALWEG_RETURN_NOT_OK(FillParts(&b, 7, 6));
  KernelSpec spec;
  spec.kernel = MakeIntervalKernel;
  spec.signature.parameters = b.settings.ansi ? "ansi" : "legacy";
  if (try_form || !b.settings.ansi) {
    spec.on_failure = OnFailure::kNull;
    spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  }
  return b.MakeKernelCall(std::move(spec), CalendarIntervalType());
}

Result<ExprPtr> BindMakeDayTime(Binding b) {
  THALWEG_RETURN_NOT_OK(FillParts(&b, 4, 3));
  KernelSpec spec;
  spec.kernel = MakeDayTimeKernel;
  return b.MakeKernelCall(std::move(spec),
                          DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kSecond));
}

Result<ExprPtr> BindMakeYearMonth(Binding b) {
  THALWEG_RETURN_NOT_OK(FillParts(&b, 2, -1));
  KernelSpec spec;
  spec.kernel = MakeYearMonthKernel;
  return b.MakeKernelCall(std::move(spec),
                          YearMonthIntervalType(IntervalUnit::kYear, IntervalUnit::kMonth));
}

}  // namespace

void RegisterIntervalMakers(FunctionRegistry* registry) {
  RegisterNested(registry, "make_interval", BindMakeInterval);
  RegisterNested(registry, "try_make_interval", BindMakeInterval);
  RegisterNested(registry, "make_dt_interval", BindMakeDayTime);
  RegisterNested(registry, "make_ym_interval", BindMakeYearMonth);
}

}  // namespace thalweg
