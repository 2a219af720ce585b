// The regexp_ functions and split: search, extraction, replacement with Java's syntax.
#include <algorithm>
#include <functional>

#include "functions/errors.h"
#include "functions/families.h"
#include "functions/kernel_loops.h"
#include "functions/regex.h"
#include "functions/signature.h"
#include "functions/utf8.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

using Text = std::string_view;

struct RegexState final : FunctionState {
  RegexCache cache;
};
std::unique_ptr<FunctionState> NewRegexState() {
  return std::make_unique<RegexState>();
}

Text TextAt(const Vector& vector, int row) {
  return vector.values<StringView>()[vector.is_constant() ? 0 : row].view();
}
int32_t IntAt(const Vector& vector, int row) {
  return vector.values<int32_t>()[vector.is_constant() ? 0 : row];
}

/// Calls f(row, text, regex) for valid rows; what fails is the row's error.
template <class F>
Status ForEachSearch(const KernelCall& call, const char* function, F&& f) {
  RegexCache& cache = static_cast<RegexState*>(call.state)->cache;
  ForEachValidRow(call, [&](int row) {
    if (!call.errors->Wants(row)) return;
    Status status;
    Result<Regex*> regex = cache.Get(TextAt(*call.arguments[1], row), function, call.place);
    status = regex.ok() ? f(row, TextAt(*call.arguments[0], row), **regex) : regex.status();
    if (!status.ok()) call.errors->Report(row, status.WithPlace(call.place));
  });
  return Status::OK();
}

Status RlikeKernel(const KernelCall& call, Vector* out) {
  uint8_t* found = out->mutable_values<uint8_t>();
  return ForEachSearch(call, "rlike", [&](int row, Text text, Regex& regex) -> Status {
    THALWEG_ASSIGN_OR_RETURN(const bool matches, regex.Find(text, 0));
    found[row] = matches;
    return Status::OK();
  });
}

Status CheckGroup(const Regex& regex, int32_t group, const char* function) {
  if (group >= 0 && group <= regex.group_count()) return Status::OK();
  return Status::User("INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX",
                      {{"parameter", "`idx`"},
                       {"functionName", std::string("`") + function + "`"},
                       {"groupCount", std::to_string(regex.group_count())},
                       {"groupIndex", std::to_string(group)}});
}

Status ExtractKernel(const KernelCall& call, Vector* out) {
  ForEachRow(call.rows, [&](int row) { out->SetString(row, ""); });
  return ForEachSearch(call, "regexp_extract", [&](int row, Text text, Regex& regex) -> Status {
    const int32_t group = IntAt(*call.arguments[2], row);
    THALWEG_ASSIGN_OR_RETURN(const bool matches, regex.Find(text, 0));
    if (!matches) return Status::OK();
    THALWEG_RETURN_NOT_OK(CheckGroup(regex, group, "regexp_extract"));
    out->SetString(row, regex.GroupText(text, group));
    return Status::OK();
  });
}

Status SubstrKernel(const KernelCall& call, Vector* out) {
  ForEachRow(call.rows, [&](int row) { out->SetString(row, ""); });
  return ForEachSearch(call, "regexp_substr", [&](int row, Text text, Regex& regex) -> Status {
    THALWEG_ASSIGN_OR_RETURN(const bool matches, regex.Find(text, 0));
    const Text found = matches ? regex.GroupText(text, 0) : Text();
    if (found.empty()) {
      out->SetNull(row);
    } else {
      out->SetString(row, found);
    }
    return Status::OK();
  });
}

Status InstrKernel(const KernelCall& call, Vector* out) {
  int32_t* position = out->mutable_values<int32_t>();
  return ForEachSearch(call, "regexp_instr", [&](int row, Text text, Regex& regex) -> Status {
    THALWEG_ASSIGN_OR_RETURN(const bool matches, regex.Find(text, 0));
    position[row] = matches ? CharacterCount(text.substr(0, regex.group(0).begin)) + 1 : 0;
    return Status::OK();
  });
}

/// Calls f for each match, from the left.
Status EachMatch(Regex& regex, Text text, const std::function<Status()>& f) {
  for (size_t from = 0; from <= text.size(); from = NextSearch(regex, text)) {
    THALWEG_ASSIGN_OR_RETURN(const bool matches, regex.Find(text, from));
    if (!matches) break;
    THALWEG_RETURN_NOT_OK(f());
  }
  return Status::OK();
}

Status CountKernel(const KernelCall& call, Vector* out) {
  int32_t* count = out->mutable_values<int32_t>();
  return ForEachSearch(call, "regexp_count", [&](int row, Text text, Regex& regex) {
    count[row] = 0;
    return EachMatch(regex, text, [&] {
      ++count[row];
      return Status::OK();
    });
  });
}

Status BadReplacement(Text text, Text pattern, Text replacement, int32_t position) {
  return Status::User("INVALID_REGEXP_REPLACE", {{"source", std::string(text)},
                                                 {"pattern", std::string(pattern)},
                                                 {"replacement", std::string(replacement)},
                                                 {"position", std::to_string(position)}});
}

/// Appends Java's replacement text: $1 and ${name} stand for groups, \ takes the next as it is.
bool AppendReplacement(const Regex& regex, Text text, Text replacement, std::string* out) {
  for (size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    if (c == '\\') {
      if (++i == replacement.size()) return false;
      out->push_back(replacement[i]);
      continue;
    }
    if (c != '$') {
      out->push_back(c);
      continue;
    }
    if (++i == replacement.size()) return false;
    int group = -1;
    if (replacement[i] == '{') {
      const size_t end = replacement.find('}', i);
      if (end == Text::npos) return false;
      group = regex.GroupNumber(std::string(replacement.substr(i + 1, end - i - 1)));
      if (group < 0) return false;
      i = end;
    } else {
      const auto digit = [&](size_t at) {
        return at < replacement.size() && replacement[at] >= '0' && replacement[at] <= '9';
      };
      if (!digit(i)) return false;
      group = replacement[i] - '0';
      if (group > regex.group_count()) return false;
      while (digit(i + 1) && group * 10 + replacement[i + 1] - '0' <= regex.group_count()) {
        group = group * 10 + replacement[++i] - '0';
      }
    }
    out->append(regex.GroupText(text, group));
  }
  return true;
}

Status ReplaceKernel(const KernelCall& call, Vector* out) {
  ForEachRow(call.rows, [&](int row) { out->SetString(row, ""); });
  return ForEachSearch(call, "regexp_replace", [&](int row, Text text, Regex& regex) -> Status {
    const Text replacement = TextAt(*call.arguments[2], row);
    const int32_t position = IntAt(*call.arguments[3], row);
    const size_t begin = CharacterOffset(text, std::max(position, 1) - 1);
    if (position > 1 && begin >= text.size()) {
      out->SetString(row, text);
      return Status::OK();
    }
    std::string result;
    size_t copied = 0;
    for (size_t from = begin; from <= text.size(); from = NextSearch(regex, text)) {
      THALWEG_ASSIGN_OR_RETURN(const bool matches, regex.Find(text, from));
      if (!matches) break;
      const Regex::Span match = regex.group(0);
      result.append(text.substr(copied, match.begin - copied));
      if (!AppendReplacement(regex, text, replacement, &result)) {
        return BadReplacement(text, TextAt(*call.arguments[1], row), replacement, position);
      }
      copied = match.end;
    }
    result.append(text.substr(copied));
    out->SetString(row, result);
    return Status::OK();
  });
}

/// Writes a list of texts for each row: `f` fills the texts of one.
template <class F>
Status TextLists(const KernelCall& call, const char* function, Vector* out, F&& f) {
  int32_t* ends = out->mutable_offsets();
  Vector& elements = out->mutable_child(0);
  elements.ResetFlat(StringType(), 0);
  std::vector<std::string> parts;
  RegexCache& cache = static_cast<RegexState*>(call.state)->cache;
  int next = 0;
  ends[0] = 0;
  for (int i = 0; i < call.rows.count; ++i) {
    const int row = call.rows[i];
    for (; next < row; ++next) ends[next + 1] = elements.size();
    parts.clear();
    if (call.IsValid(row)) {
      const Result<Regex*> regex = cache.Get(TextAt(*call.arguments[1], row), function, call.place);
      const Status status =
          regex.ok() ? f(row, TextAt(*call.arguments[0], row), **regex, &parts) : regex.status();
      if (!status.ok() && call.errors->Wants(row)) {
        call.errors->Report(row, status.WithPlace(call.place));
      }
    }
    const int begin = elements.size();
    elements.Reserve(begin + static_cast<int>(parts.size()));
    elements.SetSize(begin + static_cast<int>(parts.size()));
    for (size_t p = 0; p < parts.size(); ++p) {
      elements.SetString(begin + static_cast<int>(p), parts[p]);
    }
    ends[row + 1] = elements.size();
    next = row + 1;
  }
  for (; next < call.physical_rows; ++next) ends[next + 1] = elements.size();
  return Status::OK();
}

Status ExtractAllKernel(const KernelCall& call, Vector* out) {
  return TextLists(
      call, "regexp_extract_all", out,
      [&](int row, Text text, Regex& regex, std::vector<std::string>* parts) -> Status {
        const int32_t group = IntAt(*call.arguments[2], row);
        THALWEG_RETURN_NOT_OK(CheckGroup(regex, group, "regexp_extract_all"));
        return EachMatch(regex, text, [&] {
          parts->emplace_back(regex.GroupText(text, group));
          return Status::OK();
        });
      });
}

/// Java's split: an empty match at the beginning gives nothing, limit 0 drops empty parts at the
/// end (Spark turns it into -1: all parts).
Status SplitKernel(const KernelCall& call, Vector* out) {
  return TextLists(
      call, "split", out,
      [&](int row, Text text, Regex& regex, std::vector<std::string>* parts) -> Status {
        const int32_t limit = IntAt(*call.arguments[2], row);
        size_t begin = 0;
        THALWEG_RETURN_NOT_OK(EachMatch(regex, text, [&] {
          const Regex::Span match = regex.group(0);
          if (limit > 0 && parts->size() + 1 >= static_cast<size_t>(limit)) return Status::OK();
          if (match.end == 0 ||
              (match.begin == match.end && match.begin == static_cast<int64_t>(text.size()))) {
            return Status::OK();
          }
          parts->emplace_back(text.substr(begin, match.begin - begin));
          begin = match.end;
          return Status::OK();
        }));
        parts->emplace_back(text.substr(begin));
        return Status::OK();
      });
}

struct RegexFunction {
  const char* name;
  const char* letters;
  size_t required;
  int32_t fallback;  // of a left out last argument
  Kernel kernel;
  TypePtr (*result)();
  bool nullable = false;
};

TypePtr TextList() {
  return ArrayType(StringType(), false);
}
TypePtr NullableTextList() {
  return ArrayType(StringType(), true);
}

const RegexFunction kFunctions[] = {
    {"rlike", "SS", 2, 0, RlikeKernel, BooleanType},
    {"regexp_extract", "SSI", 2, 1, ExtractKernel, StringType},
    {"regexp_extract_all", "SSI", 2, 1, ExtractAllKernel, NullableTextList},
    {"regexp_replace", "SSSI", 3, 1, ReplaceKernel, StringType},
    {"regexp_count", "SS", 2, 0, CountKernel, IntType},
    {"regexp_substr", "SS", 2, 0, SubstrKernel, StringType, true},
    {"regexp_instr", "SSI", 2, 0, InstrKernel, IntType},
    {"split", "SSI", 2, -1, SplitKernel, TextList},
};

Result<ExprPtr> BindRegex(const RegexFunction& function, const std::string& name,
                          std::vector<ExprPtr> arguments, const BindSettings& settings,
                          const SqlPlace& place) {
  const size_t most = std::string_view(function.letters).size();
  if (arguments.size() < function.required || arguments.size() > most) {
    const std::string counts = function.required == most ? std::to_string(most)
                                                         : "[" + std::to_string(function.required) +
                                                               ", " + std::to_string(most) + "]";
    return WrongArgumentCount(name, counts, arguments.size(), place);
  }
  if (arguments.size() < most) arguments.push_back(MakeLiteral(Value::Int(function.fallback)));
  THALWEG_RETURN_NOT_OK(CoerceToLetters(name, function.letters, &arguments, settings, place));
  THALWEG_RETURN_NOT_OK(RefuseCollations(name, arguments, place));
  if (name == "regexp_replace" && As<Literal>(arguments[3]) != nullptr &&
      !As<Literal>(arguments[3])->value.is_null() && As<Literal>(arguments[3])->value.int64() < 1) {
    return Status::User(
        "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
        {{"sqlExpr", QuotedCall(name, arguments)},
         {"exprName", "`position`"},
         {"valueRange", "(0, 2147483647]"},
         {"currentValue", std::to_string(As<Literal>(arguments[3])->value.int64())}},
        place);
  }
  KernelSpec spec;
  spec.signature.name = name;
  for (const ExprPtr& argument : arguments) spec.signature.argument_types.push_back(argument->type);
  spec.signature.result_type = function.result();
  if (function.nullable) spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  spec.kernel = function.kernel;
  spec.new_state = NewRegexState;
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

}  // namespace

void RegisterRegexps(FunctionRegistry* registry) {
  for (const RegexFunction& function : kFunctions) {
    registry->Register({function.name, FunctionKind::kScalar,
                        [&function](const std::string& name, std::vector<ExprPtr> arguments,
                                    const BindSettings& settings, const SqlPlace& place) {
                          return BindRegex(function, name, std::move(arguments), settings, place);
                        }});
  }
  RegisterAlias(registry, "regexp", "rlike");
  RegisterAlias(registry, "regexp_like", "rlike");
}

}  // namespace thalweg
