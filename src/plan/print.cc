// Plans as text. A few kinds of expression have a form that people expect ("(a#1 + 1)"); all
// others, and all relations, print the field list.
#include <cstdint>
#include <string>
#include <string_view>

#include "data/text.h"
#include "plan/literal_text.h"
#include "plan/relation.h"
#include "plan/unresolved.h"

namespace thalweg {
namespace {

/// Spark's spark.redaction.regex: secret, password, token, access key.
bool IsSecret(std::string key) {
  for (char& c : key) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (const char* word : {"secret", "password", "token", "access.key", "accesskey"}) {
    if (key.find(word) != key.npos) return true;
  }
  return false;
}

/// Appends one field: the name where the value does not speak for itself. Nothing for what says
/// nothing; `empty()` tells.
class FieldPrinter {
 public:
  explicit FieldPrinter(bool with_inputs) : with_inputs_(with_inputs) {}
  std::string Print(const NamedField& field);

 private:
  void Text(const EnumText& e) { Named(e.text); }
  void Text(bool value) {
    if (value) out_ = name_;
  }
  void Text(int64_t value) { Named(std::to_string(value)); }
  void Text(double value) {
    std::string text;
    AppendDouble(value, &text);
    Named(text);
  }
  void Text(const std::string& text) {
    if (!text.empty()) Named(text);
  }
  void Text(const std::vector<std::string>& many) {
    std::string text;
    for (const std::string& one : many) Join(one, &text);
    if (!text.empty()) Named(text);
  }
  void Text(const std::vector<int64_t>& many) {
    std::string text;
    for (const int64_t one : many) Join(std::to_string(one), &text);
    if (!text.empty()) Named("[" + text + "]");
  }
  void Text(const FieldMap& map) {
    std::string text;
    for (const auto& [key, value] : map) {
      Join(key + "=" + (IsSecret(key) ? "*********(redacted)" : value), &text);
    }
    if (!text.empty()) Named("{" + text + "}");
  }
  void Text(const TypePtr& type) {
    if (type) out_ = type->Simple();
  }
  void Text(const SchemaPtr& schema) {
    if (schema) out_ = "(" + schema->Ddl() + ")";
  }
  void Text(const Value& value) { AppendLiteralText(value, &out_); }
  void Text(const ExprPtr& expr) {
    if (expr) out_ = ToString(expr);
  }
  void Text(const std::vector<ExprPtr>& many) {
    for (const ExprPtr& expr : many) Join(ToString(expr), &out_);
    out_ = "[" + out_ + "]";
  }
  void Text(const RelationPtr& input) {
    if (input && with_inputs_) out_ = "\n" + ToTreeString(input);
  }
  void Text(const std::vector<RelationPtr>& many) {
    for (const RelationPtr& input : many) Text(input);
  }
  void Text(const BoundFunctionPtr& function) {
    if (function) out_ = function->name();
  }
  void Text(const TablePtr& table) {
    if (table) out_ = table->info().description;
  }

  void Named(const std::string& text) { out_ = name_ + ": " + text; }
  static void Join(const std::string& text, std::string* out) {
    if (!out->empty()) *out += ", ";
    *out += text;
  }

  bool with_inputs_;
  std::string name_;
  std::string out_;
};

std::string FieldPrinter::Print(const NamedField& field) {
  name_ = field.name;
  out_.clear();
  std::visit(
      [&](const auto& ref) {
        if constexpr (std::is_pointer_v<std::decay_t<decltype(ref)>>) {
          Text(*ref);
        } else {
          Text(ref);
        }
      },
      field.ref);
  return std::move(out_);
}

bool IsOperator(const std::string& name) {
  static constexpr std::string_view kOperators[] = {
      "+",  "-",  "*",   "/",   "%",  "div", "==", "!=", "<",   ">",
      "<=", ">=", "<=>", "and", "or", "&",   "|",  "^",  "like"};
  for (const std::string_view op : kOperators) {
    if (op == name) return true;
  }
  return false;
}

std::string Arguments(const std::vector<ExprPtr>& arguments) {
  std::string out;
  for (const ExprPtr& argument : arguments) {
    if (!out.empty()) out += ", ";
    out += ToString(argument);
  }
  return out;
}

std::string Print(const Attribute& attribute) {
  std::string out = attribute.column + "#" + std::to_string(attribute.id);
  if (attribute.watermark_delay_us >= 0) {
    out += "-T" + std::to_string(attribute.watermark_delay_us / 1000) + "ms";
  }
  return out;
}

std::string Print(const Alias& alias) {
  std::string out = ToString(alias.child) + " AS ";
  for (size_t i = 0; i < alias.names.size(); ++i) out += (i > 0 ? ", " : "") + alias.names[i];
  return alias.id == 0 ? out : out + "#" + std::to_string(alias.id);
}

std::string Print(const Cast& cast) {
  return std::string(cast.mode == CastMode::kTry ? "try_cast(" : "cast(") + ToString(cast.child) +
         " as " + cast.to->Simple() + ")";
}

std::string Print(const Call& call) {
  const std::string& name = call.function->name();
  if (call.arguments.size() == 2 && IsOperator(name)) {
    return "(" + ToString(call.arguments[0]) + " " + name + " " + ToString(call.arguments[1]) + ")";
  }
  return name + "(" + Arguments(call.arguments) + ")";
}

std::string Print(const AggregateCall& call) {
  std::string out = call.function->name() + (call.distinct ? "(distinct " : "(") +
                    Arguments(call.arguments) + ")";
  return call.filter ? out + " FILTER (WHERE " + ToString(call.filter) + ")" : out;
}

std::string Print(const GeneratorCall& call) {
  return call.function->name() + (call.outer ? "_outer(" : "(") + Arguments(call.arguments) + ")";
}

std::string Print(const SortOrder& order) {
  return ToString(order.child) + (order.ascending ? " ASC" : " DESC") +
         (order.nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

// Names, functions and stars that are not resolved yet, marked by a tick as in Spark's plans.
std::string Print(const UnresolvedAttribute& attribute) {
  std::string out = "'";
  for (const std::string& part : attribute.parts) out += (out.size() > 1 ? "." : "") + part;
  return out;
}

std::string Print(const UnresolvedFunction& call) {
  const std::string& name = call.function.back();
  if (call.arguments.size() == 2 && IsOperator(name)) {
    return "(" + ToString(call.arguments[0]) + " " + name + " " + ToString(call.arguments[1]) + ")";
  }
  const std::string out =
      "'" + name + (call.distinct ? "(distinct " : "(") + Arguments(call.arguments) + ")";
  return call.filter ? out + " FILTER (WHERE " + ToString(call.filter) + ")" : out;
}

std::string Print(const UnresolvedStar& star) {
  std::string out;
  for (const std::string& part : star.target) out += part + ".";
  return out + "*";
}

std::string Print(const UnresolvedExtractValue& extract) {
  return ToString(extract.child) + "[" + ToString(extract.extraction) + "]";
}

std::string Print(const UnresolvedLambda& lambda) {
  std::string out = "(";
  for (const std::string& variable : lambda.variables) {
    out += (out.size() > 1 ? ", " : "") + variable;
  }
  return out + ") -> " + ToString(lambda.body);
}

template <class Node>
std::string PrintFields(const Node& node, const char* separator) {
  std::string out;
  FieldPrinter printer(/*with_inputs=*/std::is_same_v<Node, Expression>);
  for (const NamedField& field : FieldsOf(node)) {
    const std::string text = printer.Print(field);
    if (text.empty()) continue;
    if (!out.empty()) out += separator;
    out += text;
  }
  return out;
}

void AppendTree(const RelationPtr& relation, int depth, std::string* out) {
  const std::vector<RelationPtr> inputs = Inputs(*relation);
  out->append(static_cast<size_t>(depth) * 2, ' ');
  *out += relation->name();
  const std::string fields = PrintFields(*relation, ", ");
  if (!fields.empty()) *out += " " + fields;
  if (inputs.empty() && relation->resolved()) {
    *out += " -> [";
    for (size_t i = 0; i < relation->output.size(); ++i) {
      *out += (i > 0 ? ", " : "") + ToString(relation->output[i]);
    }
    *out += "]";
  }
  *out += "\n";
  for (const RelationPtr& input : inputs) AppendTree(input, depth + 1, out);
}

}  // namespace

std::string ToString(const ExprPtr& expr) {
  const Expression& e = *expr;
  switch (e.kind()) {
    case ExprKind::kAttribute:
      return Print(static_cast<const Attribute&>(e));
    case ExprKind::kLiteral:
      return PrintFields(e, ", ");
    case ExprKind::kAlias:
      return Print(static_cast<const Alias&>(e));
    case ExprKind::kCast:
      return Print(static_cast<const Cast&>(e));
    case ExprKind::kCall:
      return Print(static_cast<const Call&>(e));
    case ExprKind::kAggregateCall:
      return Print(static_cast<const AggregateCall&>(e));
    case ExprKind::kGeneratorCall:
      return Print(static_cast<const GeneratorCall&>(e));
    case ExprKind::kSortOrder:
      return Print(static_cast<const SortOrder&>(e));
    case ExprKind::kUnresolvedAttribute:
      return Print(static_cast<const UnresolvedAttribute&>(e));
    case ExprKind::kUnresolvedFunction:
      return Print(static_cast<const UnresolvedFunction&>(e));
    case ExprKind::kUnresolvedStar:
      return Print(static_cast<const UnresolvedStar&>(e));
    case ExprKind::kUnresolvedExtractValue:
      return Print(static_cast<const UnresolvedExtractValue&>(e));
    case ExprKind::kUnresolvedLambda:
      return Print(static_cast<const UnresolvedLambda&>(e));
    default:
      return std::string(e.name()) + "(" + PrintFields(e, ", ") + ")";
  }
}

std::string ToTreeString(const RelationPtr& relation) {
  std::string out;
  AppendTree(relation, 0, &out);
  return out;
}

}  // namespace thalweg
