// JSON texts to values and back: from_json, to_json, schema_of_json. The work is that of
// formats/json; here are Spark's rules of binding and what a row that fails becomes.
#include <algorithm>
#include <optional>

#include "data/ddl.h"
#include "data/parse_text.h"
#include "formats/json/json_decoder.h"
#include "formats/json/json_inference.h"
#include "formats/json/json_pretty.h"
#include "formats/json/json_printer.h"
#include "functions/coercion.h"
#include "functions/families.h"
#include "functions/json_options_argument.h"
#include "functions/row_function.h"
#include "functions/signature.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

/// The same type, everything in it nullable.
TypePtr AllNullable(const TypePtr& type) {
  switch (type->kind()) {
    case TypeKind::kArray:
      return ArrayType(AllNullable(type->element()));
    case TypeKind::kMap:
      return MapType(AllNullable(type->key()), AllNullable(type->value()));
    case TypeKind::kStruct: {
      std::vector<StructField> fields = type->fields();
      for (StructField& field : fields) {
        field.type = AllNullable(field.type);
        field.nullable = true;
      }
      return StructType(std::move(fields));
    }
    default:
      return type;
  }
}

bool AnyType(const DataType& type, bool (*test)(const DataType&)) {
  return test(type) || std::any_of(type.fields().begin(), type.fields().end(),
                                   [&](const StructField& f) { return AnyType(*f.type, test); });
}

std::string ZoneOf(const JsonOptions& options, const BindSettings& settings) {
  return options.zone.empty() ? settings.session_zone : options.zone;
}

// ---- from_json

struct DecodeContext final : KernelContext {
  TypePtr type;
  JsonDecoderOptions decoding;
  bool fail_fast = false;
  Status late;
};

/// A decoder per call site; the context says of what.
struct DecoderState final : FunctionState {
  std::unique_ptr<JsonDecoder> decoder;
  Vector made;
};

std::unique_ptr<FunctionState> NewDecoderState() {
  return std::make_unique<DecoderState>();
}

// The record of a struct; the column of corrupt records gets the text of those that failed. A blank
// text is NULL.
JsonOutcome DecodeStruct(const DecodeContext& context, std::string_view text, JsonDecoder* decoder,
                         Vector* made, int row) {
  made->Reserve(row + 1);
  made->SetSize(row + 1);
  Vector* fields = made->child_count() == 0 ? nullptr : &made->mutable_child(0);
  const JsonRecord record = decoder->DecodeRecord(text, nullptr, fields, row);
  if (record.rows == 0) {
    SetJsonNull(made, row);
    return JsonOutcome::kOk;
  }
  if (made->may_have_nulls()) made->mutable_validity()[row >> 6] |= 1ull << (row & 63);
  const int corrupt = context.decoding.skipped_field;
  if (corrupt >= 0 && record.outcome != JsonOutcome::kOk) {
    Vector& column = fields[corrupt];
    column.mutable_validity()[row >> 6] |= 1ull << (row & 63);
    column.SetString(row, text);
  }
  return record.outcome;
}

JsonOutcome Decode(const DecodeContext& context, std::string_view text, JsonDecoder* decoder,
                   Vector* made, int row) {
  if (context.type->Is(TypeKind::kStruct)) return DecodeStruct(context, text, decoder, made, row);
  if (TrimText(text).empty()) {
    SetJsonNull(made, row);
    return JsonOutcome::kOk;
  }
  return decoder->DecodeValue(text, nullptr, made, row);
}

Status MalformedText(std::string_view text, const std::string& problem) {
  constexpr size_t kShownBytesMax = 500;
  return Status::User("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                      {{"badRecord", std::string(text.substr(0, kShownBytesMax))},
                       {"failFastMode", "FAILFAST"}})
      .WithContext(problem);
}

Status FromJsonKernel(const KernelCall& call, Vector* out) {
  const auto& context = *static_cast<const DecodeContext*>(call.context);
  auto* state = static_cast<DecoderState*>(call.state);
  if (state->decoder == nullptr) {
    THALWEG_ASSIGN_OR_RETURN(state->decoder, JsonDecoder::Make(context.type, context.decoding));
  }
  const detail::ColumnReader<std::string_view> texts(*call.arguments[0]);
  Vector& made = state->made;
  made.ResetFlat(context.type, 0);
  made.Reserve(call.physical_rows);
  int next = 0;  // rows of lists are made one after the other
  ForEachRow(call.rows, [&](int row) {
    while (next < row) SetJsonNull(&made, next++);
    next = row + 1;
    if (!call.IsValid(row)) return SetJsonNull(&made, row);
    const JsonOutcome outcome = Decode(context, texts[row], state->decoder.get(), &made, row);
    Status status = context.late;
    if (status.ok() && outcome != JsonOutcome::kOk && context.fail_fast) {
      status = MalformedText(texts[row], state->decoder->Problem());
    }
    if (!status.ok() && call.errors->Wants(row)) {
      call.errors->Report(row, status.WithPlace(call.place));
    }
  });
  while (next < call.physical_rows) SetJsonNull(&made, next++);
  *out = made;
  return Status::OK();
}

Status NotAJsonSchema(const Binding& b, const char* kind, const DataType& type) {
  return Status::User(std::string("DATATYPE_MISMATCH.") + kind,
                      {{"sqlExpr", QuotedCall(b.name, b.arguments)}, {"schema", QuotedType(type)}},
                      b.place);
}

// More than one word outside of brackets.
bool HasSeveralWords(std::string_view text) {
  int depth = 0;
  bool ended = false;
  for (const char c : TrimText(text)) {
    if (c == '<' || c == '(') ++depth;
    if (c == '>' || c == ')') --depth;
    const bool blank = c == ' ' || c == ',' || c == ':' || (c >= '\t' && c <= '\r');
    if (depth == 0 && ended && !blank) return true;
    ended = ended || blank;
  }
  return false;
}

// "a: INT" is a field of a STRUCT<>, not a column.
bool HasColon(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (const char c : text) {
    if (c == '`') quoted = !quoted;
    if (c == '<' || c == '(') ++depth;
    if (c == '>' || c == ')') --depth;
    if (c == ':' && depth == 0 && !quoted) return true;
  }
  return false;
}

// A column whose name comes twice: which of them gets the value is not settled.
bool HasEqualNames(const DataType& type) {
  return AnyType(type, [](const DataType& t) {
    for (size_t i = 0; t.Is(TypeKind::kStruct) && i < t.fields().size(); ++i) {
      for (size_t k = 0; k < i; ++k) {
        if (t.fields()[i].name == t.fields()[k].name) return true;
      }
    }
    return false;
  });
}

// Spark's DDL, or its JSON.
Result<TypePtr> SchemaArgument(const Binding& b) {
  const std::optional<Value> schema =
      b.Is(1, TypeKind::kString) ? FoldedValue(b.arguments[1]) : std::nullopt;
  if (!schema || schema->is_null()) {
    return Status::User("INVALID_SCHEMA.NON_STRING_LITERAL",
                        {{"inputSchema", QuotedExpr(b.arguments[1])}}, b.place);
  }
  if (TrimText(schema->text()).empty()) return Status::User("PARSE_EMPTY_STATEMENT", {}, b.place);
  const auto syntax_error = [&] {
    return Status::User("PARSE_SYNTAX_ERROR", {{"error", "'" + schema->text() + "'"}, {"hint", ""}},
                        b.place);
  };
  Result<TypePtr> type = ParseTypeOrDdl(schema->text());
  if (type.ok() && HasColon(schema->text())) return syntax_error();
  if (!type.ok()) {
    Result<TypePtr> from_json = TypeFromJson(schema->text());
    if (!from_json.ok()) {
      // Spark reads the whole text before it asks for the names of types.
      if (type.status().condition() != "UNSUPPORTED_DATATYPE" || !HasSeveralWords(schema->text())) {
        return type;
      }
      return syntax_error();
    }
    type = std::move(from_json);
  }
  const bool has_lengths =
      AnyType(**type, [](const DataType& t) { return t.Is(TypeKind::kString) && t.length() >= 0; });
  if (has_lengths) return Status::User("UNSUPPORTED_CHAR_OR_VARCHAR_AS_STRING", {}, b.place);
  return AllNullable(*type);
}

// Which columns JSON can fill.
Status CheckDecoded(const Binding& b, const DataType& type) {
  const bool nested = type.Is(TypeKind::kStruct) || type.Is(TypeKind::kArray) ||
                      type.Is(TypeKind::kMap) || type.Is(TypeKind::kVariant);
  if (!nested) return NotAJsonSchema(b, "INVALID_JSON_SCHEMA", type);
  const bool other_keys = AnyType(type, [](const DataType& t) {
    return t.Is(TypeKind::kMap) && !t.key()->Is(TypeKind::kString);
  });
  if (other_keys) return NotAJsonSchema(b, "INVALID_JSON_MAP_KEY_TYPE", type);
  const bool refused = AnyType(type, [](const DataType& t) {
    return t.Is(TypeKind::kCalendarInterval) || t.Is(TypeKind::kVariant) ||
           (t.Is(TypeKind::kString) && !t.IsBinaryCollated());
  });
  if (HasEqualNames(type)) return NotSupportedYet("columns of one name in from_json", b.place);
  return refused ? NotSupportedYet("from_json into " + type.Sql(), b.place) : Status::OK();
}

Result<int> CorruptField(const DataType& type, const std::string& name) {
  if (!type.Is(TypeKind::kStruct)) return -1;
  for (size_t i = 0; i < type.fields().size(); ++i) {
    const StructField& field = type.fields()[i];
    if (field.name != name) continue;
    if (field.type->Is(TypeKind::kString)) return static_cast<int>(i);
    return Status::User("INVALID_CORRUPT_RECORD_TYPE", {{"columnName", "`" + name + "`"},
                                                        {"actualType", QuotedType(*field.type)}});
  }
  return -1;
}

Status WantText(Binding* b, int i) {
  if (b->Is(i, TypeKind::kNull)) return b->Coerce(i, StringType());
  if (!b->Is(i, TypeKind::kString)) return b->Unexpected(i, "STRING");
  return RefuseCollations(b->name, {b->arguments[i]}, b->place);
}

Result<ExprPtr> BindFromJson(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 3));
  THALWEG_ASSIGN_OR_RETURN(TypePtr type, SchemaArgument(b));
  JsonArgumentOptions options;
  THALWEG_RETURN_NOT_OK(ReadJsonArgument(b, 2, false, &options));
  THALWEG_RETURN_NOT_OK(WantText(&b, 0));
  THALWEG_RETURN_NOT_OK(CheckDecoded(b, *type));
  auto context = std::make_shared<DecodeContext>();
  THALWEG_ASSIGN_OR_RETURN(context->decoding.skipped_field,
                           CorruptField(*type, options.json.corrupt_column));
  context->type = type;
  context->late = options.late;
  context->fail_fast = options.json.mode == ParseMode::kFailFast;
  context->decoding.syntax = options.json.syntax;
  context->decoding.session_zone = ZoneOf(options.json, b.settings);
  context->decoding.formats = options.json.formats;
  context->decoding.exact_strings = false;
  context->decoding.arrays_of_records = false;
  THALWEG_RETURN_NOT_OK(JsonDecoder::Make(type, context->decoding).status());
  KernelSpec spec;
  spec.kernel = FromJsonKernel;
  spec.new_state = NewDecoderState;
  spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  spec.signature.parameters = "zone=" + context->decoding.session_zone;
  spec.context = std::move(context);
  return b.MakeKernelCall(std::move(spec), std::move(type));
}

// ---- to_json

struct PrintContext final : KernelContext {
  TypePtr type;
  JsonPrinterOptions printing;
  bool pretty = false;
  Status late;
};

struct PrinterState final : FunctionState {
  std::unique_ptr<JsonPrinter> printer;
};

std::unique_ptr<FunctionState> NewPrinterState() {
  return std::make_unique<PrinterState>();
}

Status ToJsonKernel(const KernelCall& call, Vector* out) {
  const auto& context = *static_cast<const PrintContext*>(call.context);
  auto* state = static_cast<PrinterState*>(call.state);
  if (state->printer == nullptr) {
    THALWEG_ASSIGN_OR_RETURN(state->printer, JsonPrinter::Make(context.type, context.printing));
  }
  std::string text;
  ForEachRow(call.rows, [&](int row) {
    text.clear();
    if (call.IsValid(row)) {
      state->printer->AppendValue(*call.arguments[0], row, &text);
      if (context.pretty) text = PrettyJson(text);
      if (!context.late.ok() && call.errors->Wants(row)) {
        call.errors->Report(row, context.late.WithPlace(call.place));
      }
    }
    out->SetString(row, text);
    if (!call.IsValid(row)) out->SetNull(row);
  });
  return Status::OK();
}

Result<ExprPtr> BindToJson(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 2));
  JsonArgumentOptions options;
  THALWEG_RETURN_NOT_OK(ReadJsonArgument(b, 1, true, &options));
  const TypePtr type = b.type(0);
  if (type->Is(TypeKind::kNull)) return CoerceTo(b.arguments[0], StringType(), b.settings);
  if (!type->Is(TypeKind::kStruct) && !type->Is(TypeKind::kArray) && !type->Is(TypeKind::kMap) &&
      !type->Is(TypeKind::kVariant)) {
    return NotAJsonSchema(b, "INVALID_JSON_SCHEMA", *type);
  }
  const bool refused =
      AnyType(*type, [](const DataType& t) { return t.Is(TypeKind::kCalendarInterval); });
  if (refused) return NotSupportedYet("to_json of " + type->Sql(), b.place);
  auto context = std::make_shared<PrintContext>();
  context->type = type;
  context->pretty = options.pretty;
  context->late = options.late;
  context->printing.session_zone = ZoneOf(options.json, b.settings);
  context->printing.ignore_null_fields = options.json.ignore_null_fields;
  context->printing.sort_keys = options.sort_keys;
  context->printing.formats = options.json.formats;
  THALWEG_RETURN_NOT_OK(JsonPrinter::Make(type, context->printing).status());
  KernelSpec spec;
  spec.kernel = ToJsonKernel;
  spec.new_state = NewPrinterState;
  spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  spec.signature.parameters = "zone=" + context->printing.session_zone;
  spec.context = std::move(context);
  return b.MakeKernelCall(std::move(spec), StringType());
}

// ---- schema_of_json

Result<ExprPtr> BindSchemaOfJson(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 2));
  JsonArgumentOptions options;
  THALWEG_RETURN_NOT_OK(ReadJsonArgument(b, 1, false, &options));
  const std::optional<Value> text = FoldedValue(b.arguments[0]);
  const std::string call = QuotedCall(b.name, b.arguments);
  if (!text) {
    return Status::User("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                        {{"sqlExpr", call},
                         {"inputName", "`json`"},
                         {"inputType", "\"STRING\""},
                         {"inputExpr", QuotedExpr(b.arguments[0])}},
                        b.place);
  }
  if (text->is_null()) {
    return Status::User("DATATYPE_MISMATCH.UNEXPECTED_NULL",
                        {{"sqlExpr", call}, {"exprName", "`json`"}}, b.place);
  }
  if (!b.Is(0, TypeKind::kString)) {
    return NotSupportedYet("schema_of_json of " + b.type(0)->Sql(), b.place);
  }
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone, TimeZone::Find(ZoneOf(options.json, b.settings)));
  TypePtr type;
  if (!InferJsonValue(text->text(), options.json, *zone, &type)) {
    return NotSupportedYet("schema_of_json of a text that is no JSON", b.place);
  }
  return MakeLiteral(Value::String(type->Sql()));
}

}  // namespace

void RegisterJsonValues(FunctionRegistry* registry) {
  RegisterNested(registry, "from_json", BindFromJson);
  RegisterNested(registry, "to_json", BindToJson);
  RegisterNested(registry, "schema_of_json", BindSchemaOfJson);
}

}  // namespace thalweg
