// str_to_map(text [, pairDelimiter [, keyValueDelimiter]]). Delimiters are regular expressions in
// Spark; those that mean only themselves are built.
#include "functions/families.h"
#include "functions/nested_maps.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

bool IsPlain(std::string_view delimiter) {
  return !delimiter.empty() && delimiter.find_first_of("\\^$.|?*+()[]{}") == std::string_view::npos;
}

/// The keys and values of all rows, to be put into maps.
class PairReader {
 public:
  PairReader() : keys_(StringType()), values_(StringType()) {}

  /// The pairs of one text: positions in keys() and values().
  void Read(std::string_view text, std::string_view pair_delimiter,
            std::string_view key_value_delimiter, std::vector<MapEntry>* entries) {
    entries->clear();
    while (true) {
      const size_t end = text.find(pair_delimiter);
      entries->push_back({keys_.size(), values_.size()});
      AddPair(text.substr(0, end), key_value_delimiter);
      if (end == std::string_view::npos) return;
      text.remove_prefix(end + pair_delimiter.size());
    }
  }
  const Vector& keys() const { return keys_; }
  const Vector& values() const { return values_; }

 private:
  /// Without a delimiter the value is NULL.
  void AddPair(std::string_view pair, std::string_view delimiter) {
    const size_t end = pair.find(delimiter);
    AddText(pair.substr(0, end), &keys_);
    if (end == std::string_view::npos) {
      AppendNulls(1, &values_);
    } else {
      AddText(pair.substr(end + delimiter.size()), &values_);
    }
  }
  static void AddText(std::string_view text, Vector* to) {
    AppendValue(Value::String(std::string(text)), to);
  }

  Vector keys_;
  Vector values_;
};

Status StrToMapKernel(const KernelCall& call, Vector* out) {
  std::vector<std::vector<MapEntry>> rows;
  PairReader reader;
  bool plain = true;
  ForEachValidRow(call, [&](int r) {
    const StringView text = call.arguments[0]->Get<StringView>(r);
    const StringView pair = call.arguments[1]->Get<StringView>(r);
    const StringView key_value = call.arguments[2]->Get<StringView>(r);
    rows.emplace_back();
    plain = plain && IsPlain(pair.view()) && IsPlain(key_value.view());
    if (plain) reader.Read(text.view(), pair.view(), key_value.view(), &rows.back());
  });
  if (!plain) return NotSupportedYet("str_to_map with regular expressions", call.place);
  const auto& context = *static_cast<const MapContext*>(call.context);
  MapWriter writer(context, reader.keys(), reader.values(), call.errors, call.place);
  writer.Start(call.physical_rows, out);
  auto next = rows.begin();
  ForEachValidRow(call, [&](int r) { writer.Add(r, &*next++); });
  return writer.Finish();
}

Result<ExprPtr> BindStrToMap(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 3));
  if (b.count() == 1) b.arguments.push_back(MakeLiteral(Value::String(",")));
  if (b.count() == 2) b.arguments.push_back(MakeLiteral(Value::String(":")));
  for (int i = 0; i < 3; ++i) {
    THALWEG_RETURN_NOT_OK(b.WantExactly(i, StringType()));
    if (!b.type(i)->IsBinaryCollated()) {
      return NotSupportedYet("str_to_map of " + b.type(i)->Sql(), b.place);
    }
  }
  KernelSpec spec;
  THALWEG_ASSIGN_OR_RETURN(auto context, MakeMapContext(b, *StringType()));
  spec.kernel = StrToMapKernel;
  spec.signature.parameters = context->last_wins ? "last wins" : "";
  spec.context = std::move(context);
  return b.MakeKernelCall(std::move(spec), MapType(StringType(), StringType(), true));
}

}  // namespace

void RegisterStrToMap(FunctionRegistry* registry) {
  RegisterNested(registry, "str_to_map", BindStrToMap);
}

}  // namespace thalweg
