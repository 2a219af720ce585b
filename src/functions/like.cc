// LIKE and ILIKE: % is any text, _ any character; the escape character takes the next one as it is,
// which must be one of the three.
#include <algorithm>

#include "functions/errors.h"
#include "functions/families.h"
#include "functions/kernel_loops.h"
#include "functions/signature.h"
#include "functions/utf8.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

using Text = std::string_view;

/// A pattern read: characters, "any character" and "any text".
class LikePattern {
 public:
  /// Errors: INVALID_FORMAT.ESC_IN_THE_MIDDLE and ESC_AT_THE_END.
  static Status Parse(Text pattern, char escape, LikePattern* out);
  bool Matches(Text text) const;

 private:
  enum class Kind : uint8_t { kText, kAnyCharacter, kAnyText };
  struct Part {
    Kind kind;
    std::string text;  // of kText: one character
  };
  std::vector<Part> parts_;
};

Status BadEscape(const char* condition, Text pattern, Text character) {
  ErrorParameters parameters = {{"format", "'" + std::string(pattern) + "'"}};
  if (!character.empty()) parameters.emplace_back("char", "'" + std::string(character) + "'");
  return Status::User(condition, std::move(parameters));
}

Status LikePattern::Parse(Text pattern, char escape, LikePattern* out) {
  out->parts_.clear();
  for (size_t at = 0; at < pattern.size();) {
    const size_t bytes = std::min<size_t>(CharacterBytes(pattern[at]), pattern.size() - at);
    const Text character = pattern.substr(at, bytes);
    at += bytes;
    if (character.size() == 1 && character[0] == escape) {
      if (at == pattern.size()) return BadEscape("INVALID_FORMAT.ESC_AT_THE_END", pattern, "");
      const char next = pattern[at];
      if (next != '_' && next != '%' && next != escape) {
        return BadEscape("INVALID_FORMAT.ESC_IN_THE_MIDDLE", pattern,
                         pattern.substr(at, CharacterBytes(next)));
      }
      out->parts_.push_back({Kind::kText, std::string(1, next)});
      ++at;
    } else if (character == "_") {
      out->parts_.push_back({Kind::kAnyCharacter, ""});
    } else if (character == "%") {
      out->parts_.push_back({Kind::kAnyText, ""});
    } else {
      out->parts_.push_back({Kind::kText, std::string(character)});
    }
  }
  return Status::OK();
}

// On a mismatch the last "any text" takes one character more.
bool LikePattern::Matches(Text text) const {
  size_t at = 0, part = 0, retry_at = 0, retry_part = parts_.size() + 1;
  while (at < text.size()) {
    const size_t bytes = std::min<size_t>(CharacterBytes(text[at]), text.size() - at);
    if (part < parts_.size() && parts_[part].kind == Kind::kAnyText) {
      retry_part = ++part;
      retry_at = at;
      continue;
    }
    const bool matches = part < parts_.size() && (parts_[part].kind == Kind::kAnyCharacter ||
                                                  parts_[part].text == text.substr(at, bytes));
    if (matches) {
      ++part;
      at += bytes;
      continue;
    }
    if (retry_part > parts_.size()) return false;
    part = retry_part;
    retry_at += std::min<size_t>(CharacterBytes(text[retry_at]), text.size() - retry_at);
    at = retry_at;
  }
  while (part < parts_.size() && parts_[part].kind == Kind::kAnyText) ++part;
  return part == parts_.size();
}

struct LikeState final : FunctionState {
  std::string pattern_text;
  char escape = '\0';
  bool parsed = false;
  LikePattern pattern;
  std::string lower_text, lower_pattern;
};
std::unique_ptr<FunctionState> NewLikeState() {
  return std::make_unique<LikeState>();
}

template <bool kIgnoreCase>
Status LikeKernel(const KernelCall& call, Vector* out) {
  uint8_t* result = out->mutable_values<uint8_t>();
  auto& state = *static_cast<LikeState*>(call.state);
  const auto text_of = [&](int i, int row) {
    const Vector& vector = *call.arguments[i];
    return vector.values<StringView>()[vector.is_constant() ? 0 : row].view();
  };
  ForEachValidRow(call, [&](int row) {
    Text text = text_of(0, row);
    Text pattern = text_of(1, row);
    const char escape = text_of(2, row)[0];
    if (!state.parsed || state.escape != escape || state.pattern_text != pattern) {
      Text read = pattern;
      if constexpr (kIgnoreCase) {
        state.lower_pattern.clear();
        AppendLower(pattern, &state.lower_pattern);
        read = state.lower_pattern;
      }
      const Status status = LikePattern::Parse(read, escape, &state.pattern);
      state.parsed = status.ok();
      if (!status.ok()) {
        if (call.errors->Wants(row)) call.errors->Report(row, status.WithPlace(call.place));
        return;
      }
      state.pattern_text = pattern;
      state.escape = escape;
    }
    if constexpr (kIgnoreCase) {
      state.lower_text.clear();
      AppendLower(text, &state.lower_text);
      text = state.lower_text;
    }
    result[row] = state.pattern.Matches(text);
  });
  return Status::OK();
}

Result<ExprPtr> BindLike(const std::string& name, std::vector<ExprPtr> arguments,
                         const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 2 && arguments.size() != 3) {
    return WrongArgumentCount(name, "[2, 3]", arguments.size(), place);
  }
  if (arguments.size() == 2) arguments.push_back(MakeLiteral(Value::String("\\")));
  const auto* escape = As<Literal>(arguments[2]);
  if (escape == nullptr || !escape->type->Is(TypeKind::kString) || escape->value.is_null() ||
      escape->value.text().size() != 1) {
    return NotSupportedYet("this escape of " + name, place);
  }
  THALWEG_RETURN_NOT_OK(CoerceToLetters(name, "SSS", &arguments, settings, place));
  THALWEG_RETURN_NOT_OK(RefuseCollations(name, arguments, place));
  KernelSpec spec;
  spec.signature = {name, {StringType(), StringType(), StringType()}, BooleanType(), "", true};
  spec.kernel = name == "ilike" ? LikeKernel<true> : LikeKernel<false>;
  spec.new_state = NewLikeState;
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

}  // namespace

void RegisterLike(FunctionRegistry* registry) {
  registry->Register({"like", FunctionKind::kScalar, BindLike});
  registry->Register({"ilike", FunctionKind::kScalar, BindLike});
}

}  // namespace thalweg
