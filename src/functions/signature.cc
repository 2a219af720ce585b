#include "functions/signature.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/row_function.h"

namespace thalweg {
namespace {

bool IsAtomic(const DataType& type) {
  return type.fields().empty() && !type.Is(TypeKind::kStruct) && !type.Is(TypeKind::kVariant);
}

bool IsInterval(const DataType& type) {
  return type.Is(TypeKind::kYearMonthInterval) || type.Is(TypeKind::kDayTimeInterval) ||
         type.Is(TypeKind::kCalendarInterval);
}

bool IsExact(const std::vector<ExprPtr>& arguments, const Overload& overload) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i]->type->kind() != TypeOfLetter(overload.arguments[i])->kind()) return false;
  }
  return true;
}

bool Takes(const Overload& overload, const DataType& type, char letter) {
  if (!(overload.flags & kExactTypes)) return CastsImplicitly(type, letter);
  return type.Is(TypeKind::kNull) || type.Is(TypeOfLetter(letter)->kind()) ||
         (letter == 'L' && type.IsIntegral());
}

bool IsReachable(const std::vector<ExprPtr>& arguments, const Overload& overload) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!Takes(overload, *arguments[i]->type, overload.arguments[i])) return false;
  }
  return true;
}

/// Texts and bytes stand where the overload wants them: Spark casts neither to the other there.
bool IsExactInTexts(const std::vector<ExprPtr>& arguments, const Overload& overload) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const char letter = overload.arguments[i];
    if (letter != 'S' && letter != 'B') continue;
    if (!arguments[i]->type->Is(TypeOfLetter(letter)->kind())) return false;
  }
  return true;
}

Status RefuseOtherTypes(const Overload& overload, const std::string& name,
                        const std::vector<ExprPtr>& arguments, const SqlPlace& place) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (Takes(overload, *arguments[i]->type, overload.arguments[i])) continue;
    return UnexpectedArgumentType(name, arguments, static_cast<int>(i),
                                  NameOfLetter(overload.arguments[i]), place);
  }
  return Status::OK();
}

/// "1", "2 or 3": the argument counts that overloads take.
std::string CountsOf(const std::vector<Overload>& overloads) {
  std::vector<size_t> counts;
  for (const Overload& overload : overloads) counts.push_back(std::strlen(overload.arguments));
  std::sort(counts.begin(), counts.end());
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  if (counts.size() == 1) return std::to_string(counts[0]);
  std::string text = "[";
  for (const size_t count : counts) {
    text += (text.size() > 1 ? ", " : "") + std::to_string(count);
  }
  return text + "]";
}

Result<ExprPtr> BindOverload(const std::vector<Overload>& overloads, const std::string& name,
                             std::vector<ExprPtr> arguments, const BindSettings& settings,
                             const SqlPlace& place) {
  const Overload* chosen = nullptr;
  const Overload* of_count = nullptr;
  for (const Overload& overload : overloads) {
    if (std::strlen(overload.arguments) != arguments.size()) continue;
    if (of_count == nullptr) of_count = &overload;
    if (IsExact(arguments, overload)) {
      chosen = &overload;
      break;
    }
    if (!IsReachable(arguments, overload)) continue;
    const bool better = chosen != nullptr && !IsExactInTexts(arguments, *chosen) &&
                        IsExactInTexts(arguments, overload);
    if (chosen == nullptr || better) chosen = &overload;
  }
  if (of_count == nullptr) {
    return WrongArgumentCount(name, CountsOf(overloads), arguments.size(), place);
  }
  const Overload& overload = chosen == nullptr ? *of_count : *chosen;
  if (overload.flags & kExactTypes) {
    THALWEG_RETURN_NOT_OK(RefuseOtherTypes(overload, name, arguments, place));
  }
  THALWEG_RETURN_NOT_OK(CoerceToLetters(name, overload.arguments, &arguments, settings, place));
  THALWEG_RETURN_NOT_OK(RefuseCollations(name, arguments, place));
  return MakeOverloadCall(overload, name, std::move(arguments), settings, place);
}

}  // namespace

Result<ExprPtr> MakeOverloadCall(const Overload& overload, const std::string& name,
                                 std::vector<ExprPtr> arguments, const BindSettings& settings,
                                 const SqlPlace& place) {
  KernelSpec spec;
  spec.signature.name = name;
  for (const ExprPtr& argument : arguments) spec.signature.argument_types.push_back(argument->type);
  spec.signature.result_type = TypeOfLetter(overload.result);
  spec.kernel = overload.kernel;
  bool null_on_failure = overload.flags & kNullOnFailure;
  if (overload.flags & kNullWithoutAnsi) {
    spec.signature.parameters = settings.ansi ? "ansi" : "legacy";
    null_on_failure = null_on_failure || !settings.ansi;
  }
  if (null_on_failure) spec.on_failure = OnFailure::kNull;
  if (null_on_failure || (overload.flags & kNullable)) {
    spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  }
  if (overload.flags & kUsesZone) {
    THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone, TimeZone::Find(settings.session_zone));
    spec.signature.parameters += " zone=" + settings.session_zone;
    spec.context = std::make_shared<ZoneContext>(zone);
  }
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

TypePtr TypeOfLetter(char letter) {
  switch (letter) {
    case 'S':
      return StringType();
    case 'B':
      return BinaryType();
    case 'I':
      return IntType();
    case 'L':
      return BigintType();
    case 'D':
      return DoubleType();
    case 'o':
      return BooleanType();
    case 'd':
      return DateType();
    case 'n':
      return TimestampNtzType();
    case 'y':
      return TinyintType();
    case 's':
      return DecimalType(8, 6);
    default:
      THALWEG_CHECK(letter == 't', "a letter stands for no type");
      return TimestampType();
  }
}

std::string NameOfLetter(char letter) {
  return "\"" + TypeOfLetter(letter)->Sql() + "\"";
}

bool CastsImplicitly(const DataType& from, char letter) {
  if (from.Is(TypeKind::kNull)) return true;
  const bool text = from.Is(TypeKind::kString);
  switch (letter) {
    case 'S':
      return IsAtomic(from);
    case 'B':
      return text || from.Is(TypeKind::kBinary);
    case 'I':
    case 'L':
    case 'D':
      return text || from.IsNumeric();
    case 'o':
      return text || from.Is(TypeKind::kBoolean);
    default:
      return text || from.Is(TypeKind::kDate) || from.Is(TypeKind::kTimestamp) ||
             from.Is(TypeKind::kTimestampNtz);
  }
}

Status CoerceToLetters(const std::string& name, const char* letters,
                       std::vector<ExprPtr>* arguments, const BindSettings& settings,
                       const SqlPlace& place) {
  for (size_t i = 0; i < arguments->size(); ++i) {
    const DataType& type = *(*arguments)[i]->type;
    if (CastsImplicitly(type, letters[i])) continue;
    if ((letters[i] == 'D' && IsInterval(type)) || type.Is(TypeKind::kTime)) {
      return NotSupportedYet(name + " of " + type.Sql(), place);
    }
    return UnexpectedArgumentType(name, *arguments, static_cast<int>(i), NameOfLetter(letters[i]),
                                  place);
  }
  for (size_t i = 0; i < arguments->size(); ++i) {
    ExprPtr& argument = (*arguments)[i];
    const TypePtr type = TypeOfLetter(letters[i]);
    if (argument->type->kind() == type->kind()) continue;
    THALWEG_ASSIGN_OR_RETURN(argument, CoerceTo(argument, type, settings));
  }
  return Status::OK();
}

Status RefuseCollations(const std::string& name, const std::vector<ExprPtr>& arguments,
                        const SqlPlace& place) {
  for (const ExprPtr& argument : arguments) {
    if (!argument->type->Is(TypeKind::kString) || argument->type->IsBinaryCollated()) continue;
    return NotSupportedYet(name + " of a string with a collation", place);
  }
  return Status::OK();
}

void RegisterOverloads(FunctionRegistry* registry, std::initializer_list<Overload> overloads) {
  std::map<std::string, std::vector<Overload>> by_name;
  for (const Overload& overload : overloads) by_name[overload.name].push_back(overload);
  for (const auto& [name, list] : by_name) {
    registry->Register({name, FunctionKind::kScalar,
                        [list = list](const std::string& called, std::vector<ExprPtr> arguments,
                                      const BindSettings& settings, const SqlPlace& place) {
                          return BindOverload(list, called, std::move(arguments), settings, place);
                        }});
  }
}

void RegisterAlias(FunctionRegistry* registry, const char* alias, const char* name) {
  const FunctionDefinition* definition = registry->Find(name);
  THALWEG_CHECK(definition != nullptr, "an alias of an unknown function");
  FunctionDefinition copy = *definition;
  copy.name = alias;
  registry->Register(std::move(copy));
}

}  // namespace thalweg
