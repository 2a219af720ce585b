// Functions that print and parse times by a pattern: date_format, from_unixtime, to_date,
// to_timestamp and kin, unix_timestamp. What the text of a row cannot be is an error or NULL; what
// the pattern itself cannot be is always an error.
#include <optional>

#include "data/time_pattern.h"
#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/row_function.h"
#include "functions/signature.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

constexpr const char* kDefaultPattern = "yyyy-MM-dd HH:mm:ss";

/// The pattern of the last row, compiled.
class PatternState final : public FunctionState {
 public:
  const TimePattern* Get(std::string_view text, TimePattern::Use use, bool local) {
    if (!known_ || text != text_) {
      text_ = text;
      known_ = true;
      Result<TimePattern> compiled = TimePattern::Compile(text, use, local);
      pattern_.reset();
      status_ = compiled.ok() ? Status::OK() : compiled.status();
      if (compiled.ok()) pattern_.emplace(*std::move(compiled));
    }
    return pattern_ ? &*pattern_ : nullptr;
  }
  const Status& status() const { return status_; }

 private:
  bool known_ = false;
  std::string text_;
  std::optional<TimePattern> pattern_;
  Status status_;
};

std::unique_ptr<FunctionState> NewPatternState() {
  return std::make_unique<PatternState>();
}

/// What texts are parsed for.
struct ParseContext final : KernelContext {
  const TimeZone* zone = nullptr;
  bool local = false;       // TIMESTAMP_NTZ
  bool in_seconds = false;  // unix_timestamp
  std::string alternative;  // the function that gives NULL instead
};

// An error whatever becomes of failures.
void Refuse(const KernelCall& call, int row, const Status& status, Vector* out) {
  if (call.errors->Wants(row)) call.errors->Report(row, status.WithPlace(call.place));
  out->SetNull(row);
}

template <bool kFromSeconds>
Status PrintKernel(const KernelCall& call, Vector* out) {
  auto* state = static_cast<PatternState*>(call.state);
  ZoneCursor cursor(*static_cast<const ZoneContext*>(call.context)->zone);
  const detail::ColumnReader<int64_t> times(*call.arguments[0]);
  const detail::ColumnReader<std::string_view> patterns(*call.arguments[1]);
  std::string text;
  ForEachRow(call.rows, [&](int row) {
    text.clear();
    Status status;
    if (call.IsValid(row)) {
      const TimePattern* pattern = state->Get(patterns[row], TimePattern::Use::kPrinting, false);
      // Seconds that do not fit wrap, as in Spark.
      const auto us = static_cast<int64_t>(static_cast<uint64_t>(times[row]) *
                                           (kFromSeconds ? kMicrosPerSecond : 1));
      status = pattern == nullptr ? state->status() : pattern->Print(us, cursor, &text);
    }
    out->SetString(row, status.ok() ? text : "");
    if (!call.IsValid(row)) out->SetNull(row);
    if (!status.ok()) Refuse(call, row, status, out);
  });
  return Status::OK();
}

Status ParseKernel(const KernelCall& call, Vector* out) {
  auto* state = static_cast<PatternState*>(call.state);
  const auto& context = *static_cast<const ParseContext*>(call.context);
  ZoneCursor cursor(*context.zone);
  const detail::ColumnReader<std::string_view> texts(*call.arguments[0]);
  const detail::ColumnReader<std::string_view> patterns(*call.arguments[1]);
  int64_t* result = out->mutable_values<int64_t>();
  ForEachValidRow(call, [&](int row) {
    const TimePattern* pattern =
        state->Get(patterns[row], TimePattern::Use::kParsing, context.local);
    if (pattern == nullptr) return Refuse(call, row, state->status(), out);
    ParsedTime parsed;
    switch (pattern->Parse(texts[row], &parsed)) {
      case TimePattern::Outcome::kOk: {
        const int64_t us = context.local ? parsed.local_us : parsed.Instant(cursor);
        result[row] = context.in_seconds ? us / kMicrosPerSecond : us;
        return;
      }
      case TimePattern::Outcome::kMalformed:
        return detail::FailRow(call, row, CannotParseTime(texts[row], context.alternative), out);
      default:
        return Refuse(call, row,
                      NotSupportedYet("the text '" + std::string(texts[row]) +
                                      "' read by the pattern '" + std::string(patterns[row]) + "'"),
                      out);
    }
  });
  return Status::OK();
}

/// The value of a date or time, whatever pattern stands beside it.
int64_t SameMicros(int64_t us, std::string_view) {
  return us;
}
int64_t DateMicros(ZoneCursor& cursor, int32_t days, std::string_view) {
  return cursor.ToInstant(days * kMicrosPerDay);
}
int64_t WholeSeconds(int64_t us, std::string_view) {
  return us / kMicrosPerSecond;
}
int64_t DateSeconds(ZoneCursor& cursor, int32_t days, std::string_view) {
  return cursor.ToInstant(days * kMicrosPerDay) / kMicrosPerSecond;
}

/// A call with its arguments.
struct PatternCall {
  const std::string& name;
  std::vector<ExprPtr> arguments;
  const BindSettings& settings;
  const SqlPlace& place;
};

struct ParseTarget {
  bool local = false;
  bool in_seconds = false;
  bool try_form = false;
  const char* alternative = "try_to_timestamp";
};

Result<ExprPtr> BindText(PatternCall call, const ParseTarget& target, TypePtr result) {
  KernelSpec spec;
  spec.signature.name = call.name;
  spec.signature.argument_types = {StringType(), StringType()};
  spec.signature.result_type = std::move(result);
  spec.signature.parameters =
      (call.settings.ansi ? "ansi zone=" : "legacy zone=") + call.settings.session_zone;
  auto context = std::make_shared<ParseContext>();
  THALWEG_ASSIGN_OR_RETURN(context->zone, TimeZone::Find(call.settings.session_zone));
  context->local = target.local;
  context->in_seconds = target.in_seconds;
  context->alternative = target.alternative;
  spec.context = std::move(context);
  spec.kernel = ParseKernel;
  spec.new_state = NewPatternState;
  if (target.try_form || !call.settings.ansi) {
    spec.on_failure = OnFailure::kNull;
    spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  }
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(call.arguments), call.place);
}

bool IsTime(const DataType& type) {
  return type.Is(TypeKind::kTimestamp) || type.Is(TypeKind::kTimestampNtz);
}

/// Arguments: a text, date or time, then a pattern. Texts are parsed; the others say it themselves.
Result<ExprPtr> BindParse(PatternCall call, const ParseTarget& target) {
  THALWEG_RETURN_NOT_OK(RefuseCollations(call.name, call.arguments, call.place));
  const TypePtr from = call.arguments[0]->type;
  const TypePtr result = target.in_seconds ? BigintType()
                         : target.local    ? TimestampNtzType()
                                           : TimestampType();
  if (from->Is(TypeKind::kString)) return BindText(std::move(call), target, result);
  const char to = target.in_seconds ? 'L' : target.local ? 'n' : 't';
  const Overload overload =
      IsTime(*from)
          ? Overload{"", "tS", to,
                     target.in_seconds ? RowKernel<WholeSeconds> : RowKernel<SameMicros>}
          : Overload{"", "dS", to,
                     target.in_seconds ? RowKernel<DateSeconds> : RowKernel<DateMicros>, kUsesZone};
  return MakeOverloadCall(overload, call.name, std::move(call.arguments), call.settings,
                          call.place);
}

constexpr const char* kParsedTypes =
    "(\"STRING\" or \"DATE\" or \"TIMESTAMP\" or \"TIMESTAMP_NTZ\")";

bool IsParsed(const DataType& type) {
  return type.Is(TypeKind::kString) || type.Is(TypeKind::kDate) || IsTime(type);
}

/// What to_date and to_timestamp take as a text that is none.
Status CoerceToText(PatternCall* call, bool numbers) {
  ExprPtr& argument = call->arguments[0];
  const DataType& type = *argument->type;
  if (IsParsed(type) || (numbers && type.IsNumeric())) return Status::OK();
  if (!CastsImplicitly(type, 'S')) {
    const std::string required =
        numbers ? "(\"STRING\" or \"DATE\" or \"TIMESTAMP\" or \"TIMESTAMP_NTZ\" or \"NUMERIC\")"
                : kParsedTypes;
    return UnexpectedArgumentType(call->name, call->arguments, 0, required, call->place);
  }
  if (type.Is(TypeKind::kTime)) {
    return NotSupportedYet(call->name + " of " + type.Sql(), call->place);
  }
  THALWEG_ASSIGN_OR_RETURN(argument, CoerceTo(argument, StringType(), call->settings));
  return Status::OK();
}

Status CoercePattern(PatternCall* call) {
  ExprPtr& pattern = call->arguments[1];
  if (!CastsImplicitly(*pattern->type, 'S')) {
    return UnexpectedArgumentType(call->name, call->arguments, 1, "\"STRING\"", call->place);
  }
  if (pattern->type->Is(TypeKind::kString)) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(pattern, CoerceTo(pattern, StringType(), call->settings));
  return Status::OK();
}

CastMode ModeOf(const BindSettings& settings, bool try_form) {
  return try_form ? CastMode::kTry : settings.ansi ? CastMode::kAnsi : CastMode::kLegacy;
}

/// to_timestamp, to_timestamp_ltz, to_timestamp_ntz, try_to_timestamp: a cast, or by a pattern.
Result<ExprPtr> BindToTimestamp(const std::string& name, std::vector<ExprPtr> arguments,
                                const BindSettings& settings, const SqlPlace& place) {
  const size_t count = arguments.size();
  if (count != 1 && count != 2) return WrongArgumentCount(name, "[1, 2]", count, place);
  PatternCall call{name, std::move(arguments), settings, place};
  ParseTarget target;
  target.local = name.ends_with("_ntz") || (settings.timestamp_ntz && !name.ends_with("_ltz"));
  target.try_form = name.starts_with("try_");
  THALWEG_RETURN_NOT_OK(CoerceToText(&call, !target.local));
  if (count == 1) {
    const TypePtr to = target.local ? TimestampNtzType() : TimestampType();
    return BindCast(call.arguments[0], {to, ModeOf(settings, target.try_form), false, place},
                    settings);
  }
  if (call.arguments[0]->type->IsNumeric()) {
    return NotSupportedYet(name + " of a number by a pattern", place);
  }
  THALWEG_RETURN_NOT_OK(CoercePattern(&call));
  return BindParse(std::move(call), target);
}

/// to_date, try_to_date: a cast, or the date of to_timestamp.
Result<ExprPtr> BindToDate(const std::string& name, std::vector<ExprPtr> arguments,
                           const BindSettings& settings, const SqlPlace& place) {
  const size_t count = arguments.size();
  if (count != 1 && count != 2) return WrongArgumentCount(name, "[1, 2]", count, place);
  PatternCall call{name, std::move(arguments), settings, place};
  ParseTarget target;
  target.try_form = name.starts_with("try_");
  target.alternative = "try_to_date";
  THALWEG_RETURN_NOT_OK(CoerceToText(&call, false));
  ExprPtr time = call.arguments[0];
  if (count == 2) {
    THALWEG_RETURN_NOT_OK(CoercePattern(&call));
    THALWEG_ASSIGN_OR_RETURN(time, BindParse(std::move(call), target));
  }
  return BindCast(time, {DateType(), ModeOf(settings, target.try_form), false, place}, settings);
}

/// unix_timestamp, to_unix_timestamp: seconds; nothing is cast to a text.
Result<ExprPtr> BindUnixTimestamp(const std::string& name, std::vector<ExprPtr> arguments,
                                  const BindSettings& settings, const SqlPlace& place) {
  const bool may_be_now = name == "unix_timestamp";
  if (arguments.empty() && may_be_now) {
    THALWEG_ASSIGN_OR_RETURN(
        ExprPtr now, FunctionRegistry::BuiltIn().Bind("current_timestamp", {}, settings, place));
    arguments.push_back(std::move(now));
  }
  if (arguments.size() == 1) arguments.push_back(MakeLiteral(Value::String(kDefaultPattern)));
  if (arguments.size() != 2) {
    return WrongArgumentCount(name, may_be_now ? "[0, 1, 2]" : "[1, 2]", arguments.size(), place);
  }
  PatternCall call{name, std::move(arguments), settings, place};
  for (int i = 0; i < 2; ++i) {
    ExprPtr& argument = call.arguments[i];
    const bool void_type = argument->type->Is(TypeKind::kNull);
    if (!void_type &&
        !(i == 0 ? IsParsed(*argument->type) : argument->type->Is(TypeKind::kString))) {
      return UnexpectedArgumentType(name, call.arguments, i, i == 0 ? kParsedTypes : "\"STRING\"",
                                    place);
    }
    if (!void_type) continue;
    THALWEG_ASSIGN_OR_RETURN(argument, CoerceTo(argument, StringType(), settings));
  }
  ParseTarget target;
  target.in_seconds = true;
  return BindParse(std::move(call), target);
}

Result<ExprPtr> BindPrint(PatternCall call, const char* letters, Kernel kernel) {
  THALWEG_RETURN_NOT_OK(
      CoerceToLetters(call.name, letters, &call.arguments, call.settings, call.place));
  THALWEG_RETURN_NOT_OK(RefuseCollations(call.name, call.arguments, call.place));
  KernelSpec spec;
  spec.signature.name = call.name;
  for (const ExprPtr& argument : call.arguments) {
    spec.signature.argument_types.push_back(argument->type);
  }
  spec.signature.result_type = StringType();
  spec.signature.parameters = "zone=" + call.settings.session_zone;
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone, TimeZone::Find(call.settings.session_zone));
  spec.context = std::make_shared<ZoneContext>(zone);
  spec.kernel = kernel;
  spec.new_state = NewPatternState;
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(call.arguments), call.place);
}

Result<ExprPtr> BindDateFormat(const std::string& name, std::vector<ExprPtr> arguments,
                               const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 2) return WrongArgumentCount(name, "2", arguments.size(), place);
  return BindPrint({name, std::move(arguments), settings, place}, "tS", PrintKernel<false>);
}

Result<ExprPtr> BindFromUnixTime(const std::string& name, std::vector<ExprPtr> arguments,
                                 const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() == 1) arguments.push_back(MakeLiteral(Value::String(kDefaultPattern)));
  if (arguments.size() != 2) return WrongArgumentCount(name, "[1, 2]", arguments.size(), place);
  return BindPrint({name, std::move(arguments), settings, place}, "LS", PrintKernel<true>);
}

}  // namespace

void RegisterTimePatterns(FunctionRegistry* registry) {
  for (const char* name :
       {"to_timestamp", "to_timestamp_ltz", "to_timestamp_ntz", "try_to_timestamp"}) {
    registry->Register({name, FunctionKind::kScalar, BindToTimestamp});
  }
  for (const char* name : {"to_date", "try_to_date"}) {
    registry->Register({name, FunctionKind::kScalar, BindToDate});
  }
  for (const char* name : {"unix_timestamp", "to_unix_timestamp"}) {
    registry->Register({name, FunctionKind::kScalar, BindUnixTimestamp});
  }
  registry->Register({"date_format", FunctionKind::kScalar, BindDateFormat});
  registry->Register({"from_unixtime", FunctionKind::kScalar, BindFromUnixTime});
}

}  // namespace thalweg
