// Casts of STRING to flat types and to and from BINARY. A text that is no value of the type raises
// CAST_INVALID_INPUT (intervals: INVALID_INTERVAL_FORMAT) or gives NULL.
#include <limits>

#include "data/calendar.h"
#include "data/parse_text.h"
#include "data/text.h"
#include "data/time_zone.h"
#include "functions/cast_loops.h"
#include "functions/decimal_math.h"

namespace thalweg {
namespace {

/// parse(text, &result) for each valid row.
template <class To, class Parse, class Error>
Status ParseRows(const KernelCall& call, Vector* out, const Parse& parse, const Error& error) {
  return ConvertRows<StringView, To>(
      call, out, [&](const StringView& text, To* result) { return parse(text.view(), result); },
      error);
}

Status ToBoolean(const KernelCall& call, Vector* out) {
  return ParseRows<uint8_t>(
      call, out,
      [](std::string_view text, uint8_t* result) {
        bool value = false;
        const bool read = ParseBoolean(text, &value);
        *result = value;
        return read;
      },
      InvalidInputOf(call));
}

template <class To>
Status ToInteger(const KernelCall& call, Vector* out) {
  const bool fraction = ContextOf(call).mode == CastMode::kLegacy;
  return ParseRows<To>(
      call, out,
      [fraction](std::string_view text, To* result) {
        int64_t value = 0;
        if (!ParseInt64(text, fraction, &value)) return false;
        *result = static_cast<To>(value);
        return *result == value;
      },
      InvalidInputOf(call));
}

Status ToFloat(const KernelCall& call, Vector* out) {
  return ParseRows<float>(call, out, ParseFloat, InvalidInputOf(call));
}

Status ToDouble(const KernelCall& call, Vector* out) {
  return ParseRows<double>(call, out, ParseDouble, InvalidInputOf(call));
}

template <class To>
Status ToDecimal(const KernelCall& call, Vector* out) {
  const DataType& to = *ContextOf(call).to;
  const auto parse = [&](std::string_view text, To* result) {
    Decimal128 value = 0;
    const DecimalText read = ParseDecimal(text, to.precision(), to.scale(), &value);
    *result = static_cast<To>(value);
    return read == DecimalText::kOk;
  };
  const auto error = [&](int row) {
    const std::string_view text = call.arguments[0]->values<StringView>()[row].view();
    Decimal128 value = 0;
    if (ParseDecimal(text, to.precision(), to.scale(), &value) == DecimalText::kMalformed) {
      return InvalidInputOf(call)(row);
    }
    double size = 0;
    if (ParseDouble(text, &size) && (size >= 1e38 || size <= -1e38)) {
      return Status::User("NUMERIC_OUT_OF_SUPPORTED_RANGE", {{"value", std::string(text)}},
                          call.place);
    }
    return DecimalOutOfRange(std::string(text), to, call.place);
  };
  return ParseRows<To>(call, out, parse, error);
}

Status ToDate(const KernelCall& call, Vector* out) {
  return ParseRows<int32_t>(call, out, ParseDate, InvalidInputOf(call));
}

/// A time without date is that of the current day.
Status ToTimestamp(const KernelCall& call, Vector* out) {
  const TimeZone& zone = *ContextOf(call).zone;
  ZoneCursor cursor(zone);
  const auto parse = [&](std::string_view text, int64_t* us) {
    if (ParseTimestamp(text, cursor, us)) return true;
    TimestampText fields;
    if (!ParseTimestampText(text, &fields) || !fields.just_time) return false;
    const TimeZone& own = fields.zone != nullptr ? *fields.zone : zone;
    const int64_t today = DayOfMicros(own.ToLocal(call.epoch.batch_time_us));
    *us = own.ToInstant(today * kMicrosPerDay + fields.time_us);
    return true;
  };
  return ParseRows<int64_t>(call, out, parse, InvalidInputOf(call));
}

Status ToTimestampNtz(const KernelCall& call, Vector* out) {
  return ParseRows<int64_t>(
      call, out,
      [](std::string_view text, int64_t* us) {
        return ParseTimestampNtz(text, /*allow_zone=*/true, us);
      },
      InvalidInputOf(call));
}

Status ToTime(const KernelCall& call, Vector* out) {
  const auto unit = static_cast<int64_t>(PowerOfTen(9 - ContextOf(call).to->precision()));
  return ParseRows<int64_t>(
      call, out,
      [unit](std::string_view text, int64_t* ns) {
        if (!ParseTime(text, ns)) return false;
        *ns -= *ns % unit;
        return true;
      },
      InvalidInputOf(call));
}

auto IntervalErrorOf(const KernelCall& call) {
  return [&call](int row) {
    const DataType& to = *ContextOf(call).to;
    const bool months = to.Is(TypeKind::kYearMonthInterval);
    const std::string_view text = call.arguments[0]->values<StringView>()[row].view();
    return Status::User(months ? "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING"
                               : "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE",
                        {{"input", std::string(text)},
                         {"intervalStr", months ? "year-month" : "day-time"},
                         {"supportedFormat", months ? "`[+|-]y-m`" : "`[+|-]d h:m:s.n`"},
                         {"typeName", to.Sql()}},
                        call.place);
  };
}

Status ToYearMonthInterval(const KernelCall& call, Vector* out) {
  return ParseRows<int32_t>(
      call, out,
      [&](std::string_view text, int32_t* months) {
        return ParseYearMonthInterval(text, *ContextOf(call).to, months);
      },
      IntervalErrorOf(call));
}

Status ToDayTimeInterval(const KernelCall& call, Vector* out) {
  return ParseRows<int64_t>(
      call, out,
      [&](std::string_view text, int64_t* us) {
        return ParseDayTimeInterval(text, *ContextOf(call).to, us);
      },
      IntervalErrorOf(call));
}

Status ToCalendarInterval(const KernelCall& call, Vector* out) {
  return ParseRows<CalendarInterval>(call, out, ParseCalendarInterval, InvalidInputOf(call));
}

/// The same bytes: STRING to BINARY and back, collations.
Status SameBytes(const KernelCall& call, Vector* out) {
  StringView* result = out->mutable_values<StringView>();
  const StringView* values = call.arguments[0]->values<StringView>();
  ForEachValidRow(call, [&](int r) { result[r] = values[r]; });
  out->AddOwnersOf(*call.arguments[0]);
  return Status::OK();
}

/// Legacy mode: the bytes of the integer, highest first.
template <class From>
Status IntegerToBinary(const KernelCall& call, Vector* out) {
  const From* values = call.arguments[0]->values<From>();
  ForEachValidRow(call, [&](int r) {
    char bytes[sizeof(From)];
    for (size_t i = 0; i < sizeof(From); ++i) {
      bytes[i] = static_cast<char>(values[r] >> (8 * (sizeof(From) - 1 - i)));
    }
    out->SetString(r, {bytes, sizeof(From)});
  });
  return Status::OK();
}

Kernel ToBinary(const DataType& from) {
  switch (from.kind()) {
    case TypeKind::kTinyint:
      return IntegerToBinary<int8_t>;
    case TypeKind::kSmallint:
      return IntegerToBinary<int16_t>;
    case TypeKind::kInt:
      return IntegerToBinary<int32_t>;
    case TypeKind::kBigint:
      return IntegerToBinary<int64_t>;
    default:
      return nullptr;
  }
}

Kernel ToNumber(const DataType& to) {
  switch (to.kind()) {
    case TypeKind::kTinyint:
      return ToInteger<int8_t>;
    case TypeKind::kSmallint:
      return ToInteger<int16_t>;
    case TypeKind::kInt:
      return ToInteger<int32_t>;
    case TypeKind::kBigint:
      return ToInteger<int64_t>;
    case TypeKind::kFloat:
      return ToFloat;
    case TypeKind::kDouble:
      return ToDouble;
    case TypeKind::kDecimal:
      return to.physical() == PhysicalKind::kInt64 ? ToDecimal<int64_t> : ToDecimal<Decimal128>;
    default:
      return nullptr;
  }
}

}  // namespace

Kernel StringCast(const DataType& from, const DataType& to) {
  if (from.physical() == PhysicalKind::kString && to.physical() == PhysicalKind::kString) {
    return SameBytes;
  }
  if (to.Is(TypeKind::kBinary)) return ToBinary(from);
  if (!from.Is(TypeKind::kString)) return nullptr;
  switch (to.kind()) {
    case TypeKind::kBoolean:
      return ToBoolean;
    case TypeKind::kDate:
      return ToDate;
    case TypeKind::kTimestamp:
      return ToTimestamp;
    case TypeKind::kTimestampNtz:
      return ToTimestampNtz;
    case TypeKind::kTime:
      return ToTime;
    case TypeKind::kYearMonthInterval:
      return ToYearMonthInterval;
    case TypeKind::kDayTimeInterval:
      return ToDayTimeInterval;
    case TypeKind::kCalendarInterval:
      return ToCalendarInterval;
    default:
      return ToNumber(to);
  }
}

}  // namespace thalweg
