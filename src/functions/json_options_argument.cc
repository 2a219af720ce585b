#include "functions/json_options_argument.h"

#include "data/type_text.h"

namespace thalweg {
namespace {

Result<Options> OptionsOf(const Binding& binding, int i) {
  const ExprPtr& argument = binding.arguments[i];
  const Call* call = As<Call>(argument);
  if (call == nullptr || call->function->name() != "map") {
    return Status::User("INVALID_OPTIONS.NON_MAP_FUNCTION", {}, binding.place);
  }
  const DataType& type = *argument->type;
  if (!type.key()->Is(TypeKind::kString) || !type.value()->Is(TypeKind::kString)) {
    return Status::User("INVALID_OPTIONS.NON_STRING_TYPE", {{"mapType", QuotedType(type)}},
                        binding.place);
  }
  const std::optional<Value> folded = FoldedValue(argument);
  if (!folded || folded->is_null()) {
    return NotSupportedYet("options of " + binding.name + " that are no constants", binding.place);
  }
  Options options;
  const Value::List& entries = folded->list();
  for (size_t k = 0; k + 1 < entries.size(); k += 2) {
    if (entries[k + 1].is_null()) {
      return NotSupportedYet("an option of " + binding.name + " that is NULL", binding.place);
    }
    std::string name;
    for (const char c : entries[k].text()) {
      name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    options[name] = entries[k + 1].text();
  }
  return options;
}

// Spark reads what is no mode as PERMISSIVE.
Status CheckMode(const Binding& binding, Options* options) {
  const auto mode = options->find("mode");
  if (mode == options->end()) return Status::OK();
  if (EqualsIgnoringCase(mode->second, "dropmalformed")) {
    return Status::User("PARSE_MODE_UNSUPPORTED",
                        {{"funcName", "`" + binding.name + "`"}, {"mode", "DROPMALFORMED"}},
                        binding.place);
  }
  const bool known = EqualsIgnoringCase(mode->second, "permissive") ||
                     EqualsIgnoringCase(mode->second, "failfast");
  if (!known) options->erase(mode);
  return Status::OK();
}

bool TakeFlag(const char* name, Options* options, Status* status) {
  bool flag = false;
  if (status->ok()) *status = BoolOption(*options, name, &flag);
  options->erase(name);
  return flag;
}

}  // namespace

Status ReadJsonArgument(const Binding& binding, int i, bool write, JsonArgumentOptions* out) {
  if (i >= binding.count()) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(Options options, OptionsOf(binding, i));
  Status flags;
  if (write) {
    out->pretty = TakeFlag("pretty", &options, &flags);
    out->sort_keys = TakeFlag("sortkeys", &options, &flags);
  } else {
    THALWEG_RETURN_NOT_OK(CheckMode(binding, &options));
  }
  if (!flags.ok())
    return NotSupportedYet("this value of an option of " + binding.name, binding.place);
  for (auto option = options.begin(); option != options.end();) {
    option = IsJsonOption(option->first) ? std::next(option) : options.erase(option);
  }
  const Status status = ReadJsonOptions(options, write, &out->json);
  if (status.condition().starts_with("INCONSISTENT_BEHAVIOR_CROSS_VERSION")) {
    out->late = status;
    return Status::OK();
  }
  if (status.ok() || status.condition() == "THALWEG_NOT_SUPPORTED_YET" ||
      status.condition().starts_with("CODEC_NOT_AVAILABLE")) {
    return status.WithPlace(binding.place);
  }
  return NotSupportedYet("this option of " + binding.name + ": " + status.message(), binding.place);
}

}  // namespace thalweg
