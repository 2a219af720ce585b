// Parts of JSON texts: get_json_object, json_tuple, json_array_length, json_object_keys. A text
// that is no JSON gives NULL.
#include "formats/json/json_path.h"
#include "functions/families.h"
#include "functions/generator.h"
#include "functions/nested_binding.h"
#include "functions/nested_lists.h"
#include "functions/row_function.h"
#include "functions/signature.h"

namespace thalweg {
namespace {

const JsonSyntax& Syntax() {
  static const JsonSyntax& syntax = *new JsonSyntax(JsonFunctionSyntax());
  return syntax;
}

// Texts only; nothing is cast to one.
Status WantTexts(Binding* b, int count) {
  THALWEG_RETURN_NOT_OK(b->CheckCount(count, count));
  for (int i = 0; i < count; ++i) {
    if (b->Is(i, TypeKind::kNull)) {
      THALWEG_RETURN_NOT_OK(b->Coerce(i, StringType()));
    } else if (!b->Is(i, TypeKind::kString)) {
      return b->Unexpected(i, "STRING");
    }
  }
  return RefuseCollations(b->name, b->arguments, b->place);
}

// ---- get_json_object

/// The path of the last row.
struct PathState final : FunctionState {
  bool known = false;
  std::string text;
  JsonPath path;
  JsonPath::Outcome outcome = JsonPath::Outcome::kMalformed;
};

std::unique_ptr<FunctionState> NewPathState() {
  return std::make_unique<PathState>();
}

Status GetJsonObjectKernel(const KernelCall& call, Vector* out) {
  auto* state = static_cast<PathState*>(call.state);
  const detail::ColumnReader<std::string_view> texts(*call.arguments[0]);
  const detail::ColumnReader<std::string_view> paths(*call.arguments[1]);
  std::string found;
  ForEachRow(call.rows, [&](int row) {
    found.clear();
    bool is_found = false;
    if (call.IsValid(row)) {
      if (!state->known || state->text != paths[row]) {
        state->known = true;
        state->text = paths[row];
        state->outcome = JsonPath::Parse(state->text, &state->path);
      }
      if (state->outcome == JsonPath::Outcome::kIndexTooLarge && call.errors->Wants(row)) {
        call.errors->Report(
            row, NotSupportedYet("an index past 64 bits in the path " + state->text, call.place));
      }
      is_found = state->outcome == JsonPath::Outcome::kOk && state->path.Find(texts[row], &found);
    }
    out->SetString(row, is_found ? found : "");
    if (!is_found) out->SetNull(row);
  });
  return Status::OK();
}

Result<ExprPtr> BindGetJsonObject(Binding b) {
  THALWEG_RETURN_NOT_OK(WantTexts(&b, 2));
  KernelSpec spec;
  spec.kernel = GetJsonObjectKernel;
  spec.new_state = NewPathState;
  spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  return b.MakeKernelCall(std::move(spec), StringType());
}

// ---- json_array_length, json_object_keys

/// `each` is called for every element.
template <class Each>
bool WalkArray(JsonCursor& cursor, Each each) {
  if (cursor.Peek() != JsonKind::kArray || !cursor.Enter()) return false;
  bool first = true;
  JsonStep step;
  while ((step = cursor.NextElement(&first)) == JsonStep::kItem) {
    each();
    if (!cursor.Skip()) return false;
  }
  return step == JsonStep::kEnd;
}

/// `each` is called for the name of every member, whose value it reads; false: malformed.
template <class Each>
bool WalkObject(JsonCursor& cursor, Each each) {
  if (cursor.Peek() != JsonKind::kObject || !cursor.Enter()) return false;
  bool first = true;
  JsonText name;
  JsonStep step;
  while ((step = cursor.NextMember(&first, &name)) == JsonStep::kItem) {
    std::string text;
    AppendUnescaped(name, &text);
    if (!each(text)) return false;
  }
  return step == JsonStep::kEnd;
}

std::optional<int32_t> ArrayLength(std::string_view text) {
  JsonCursor cursor(Syntax());
  cursor.Begin(text);
  int32_t count = 0;
  if (!WalkArray(cursor, [&] { ++count; })) return std::nullopt;
  return count;
}

Status ObjectKeysKernel(const KernelCall& call, Vector* out) {
  const detail::ColumnReader<std::string_view> texts(*call.arguments[0]);
  Vector all(StringType());
  std::vector<std::pair<int, int>> ranges(call.physical_rows, {-1, 0});
  std::vector<std::string> keys;
  ForEachValidRow(call, [&](int row) {
    const size_t before = keys.size();
    JsonCursor cursor(Syntax());
    cursor.Begin(texts[row]);
    const bool fine = WalkObject(cursor, [&](const std::string& key) {
      keys.push_back(key);
      return cursor.Skip();
    });
    if (!fine) {
      keys.resize(before);
      out->SetNull(row);
      return;
    }
    ranges[row] = {static_cast<int>(before), static_cast<int>(keys.size() - before)};
  });
  all.ResetFlat(StringType(), static_cast<int>(keys.size()));
  for (size_t i = 0; i < keys.size(); ++i) all.SetString(static_cast<int>(i), keys[i]);
  ListWriter writer(call.physical_rows, out);
  for (int row = 0; row < call.physical_rows; ++row) {
    if (ranges[row].first < 0) continue;
    writer.Begin(row);
    writer.elements().AddRange(all, ranges[row].first, ranges[row].second);
  }
  return writer.Finish();
}

Result<ExprPtr> BindJsonShape(Binding b) {
  THALWEG_RETURN_NOT_OK(WantTexts(&b, 1));
  const bool length = b.name == "json_array_length";
  KernelSpec spec;
  spec.kernel = length ? RowKernel<ArrayLength> : ObjectKeysKernel;
  spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  return b.MakeKernelCall(std::move(spec), length ? IntType() : ArrayType(StringType()));
}

// ---- json_tuple

/// A row for each row: the values of the members that the other arguments name.
class JsonTuple final : public GeneratorFunction {
 public:
  using GeneratorFunction::GeneratorFunction;

  void Count(const Vector* const*, const Selection& rows, int32_t* counts) const override {
    std::fill_n(counts, rows.count, 1);
  }
  void Fill(const Vector* const* arguments, const MadeRows& rows,
            Vector* const* made) const override {
    const int width = static_cast<int>(columns().size());
    for (int c = 0; c < width; ++c) made[c]->ResetFlat(StringType(), rows.count);
    for (int i = 0; i < rows.count; ++i) {
      for (int c = 0; c < width; ++c) made[c]->SetNull(i);
      const int row = rows.rows[i];
      if (rows.positions[i] < 0 || arguments[0]->IsNull(row)) continue;
      FillRow(arguments, row, made, i);
    }
  }

 private:
  // Of members of one name the last counts that is not null. A malformed text gives NULLs.
  void FillRow(const Vector* const* arguments, int row, Vector* const* made, int at) const {
    const StringView text = arguments[0]->Get<StringView>(row);
    std::vector<std::optional<std::string>> values(columns().size());
    JsonCursor cursor(Syntax());
    cursor.Begin(text.view());
    const bool fine = WalkObject(cursor, [&](const std::string& key) {
      std::string value;
      const bool null = cursor.Peek() == JsonKind::kNull;
      if (null || !IsWanted(arguments, row, key)) return cursor.Skip();
      if (!AppendJsonAsText(cursor, &value)) return false;
      for (size_t c = 0; c < values.size(); ++c) {
        if (Names(*arguments[c + 1], row, key)) values[c] = value;
      }
      return true;
    });
    if (!fine) return;
    for (size_t c = 0; c < values.size(); ++c) {
      if (!values[c]) continue;
      made[c]->mutable_validity()[at >> 6] |= 1ull << (at & 63);
      made[c]->SetString(at, *values[c]);
    }
  }
  static bool Names(const Vector& names, int row, const std::string& key) {
    if (names.IsNull(row)) return false;
    const StringView name = names.Get<StringView>(row);
    return name.view() == key;
  }
  bool IsWanted(const Vector* const* arguments, int row, const std::string& key) const {
    for (size_t c = 1; c <= columns().size(); ++c) {
      if (Names(*arguments[c], row, key)) return true;
    }
    return false;
  }
};

Result<ExprPtr> BindJsonTuple(const std::string& name, std::vector<ExprPtr> arguments,
                              const BindSettings&, const SqlPlace& place) {
  if (arguments.size() < 2) return WrongArgumentCount(name, "> 1", arguments.size(), place);
  FunctionSignature signature;
  signature.name = name;
  std::vector<StructField> columns;
  for (const ExprPtr& argument : arguments) {
    if (!argument->type->Is(TypeKind::kString)) {
      return Status::User(
          "DATATYPE_MISMATCH.NON_STRING_TYPE",
          {{"sqlExpr", QuotedCall(name, arguments)}, {"funcName", "`" + name + "`"}}, place);
    }
    signature.argument_types.push_back(argument->type);
  }
  THALWEG_RETURN_NOT_OK(RefuseCollations(name, arguments, place));
  for (size_t i = 0; i + 1 < arguments.size(); ++i) {
    columns.push_back({"c" + std::to_string(i), StringType(), true});
  }
  signature.result_type = columns.size() == 1 ? columns[0].type : StructType(columns);
  auto function = std::make_shared<JsonTuple>(std::move(signature), std::move(columns));
  return MakeGeneratorCall(std::move(function), std::move(arguments), /*outer=*/false, place);
}

}  // namespace

void RegisterJsonParts(FunctionRegistry* registry) {
  RegisterNested(registry, "get_json_object", BindGetJsonObject);
  RegisterNested(registry, "json_array_length", BindJsonShape);
  RegisterNested(registry, "json_object_keys", BindJsonShape);
  registry->Register({"json_tuple", FunctionKind::kGenerator, BindJsonTuple});
}

}  // namespace thalweg
