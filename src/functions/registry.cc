#include "functions/registry.h"

#include <algorithm>

#include "base/conf.h"
#include "functions/families.h"

namespace thalweg {
namespace {

constexpr std::string_view kSparkNames[] = {
#include "functions/spark_function_names.inc"
};

std::string LowerCase(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

Status UnknownFunction(const std::string& name, std::vector<std::string_view> known,
                       const SqlPlace& place) {
  known.insert(known.end(), std::begin(kSparkNames), std::end(kSparkNames));
  const std::string nearest = NearestName(name, known);
  const std::string hint = nearest.empty() ? "" : " Did you mean `" + nearest + "`?";
  return Status::User("UNRESOLVED_ROUTINE",
                      {{"routineName", "`" + name + "`"},
                       {"searchPath", "[`system`.`builtin`, `system`.`session`]"},
                       {"hint", hint}},
                      place);
}

void RegisterAggregates(FunctionRegistry* built_in) {
  RegisterCount(built_in);
  RegisterSums(built_in);
  RegisterExtremes(built_in);
  RegisterChoices(built_in);
  RegisterChoicesByOrder(built_in);
  RegisterMoments(built_in);
  RegisterBitAggregates(built_in);
  RegisterCollectList(built_in);
  RegisterListAggregate(built_in);
}

}  // namespace

const FunctionRegistry& FunctionRegistry::BuiltIn() {
  static const FunctionRegistry& registry = *[] {
    auto* built_in = new FunctionRegistry();  // never destroyed: bound functions may outlive main
    RegisterArithmetic(built_in);
    RegisterComparison(built_in);
    RegisterLogic(built_in);
    RegisterConditional(built_in);
    RegisterMembership(built_in);
    RegisterGreatest(built_in);
    RegisterBitwise(built_in);
    RegisterAssertions(built_in);
    RegisterAggregates(built_in);
    RegisterNestedConstruct(built_in);
    RegisterNestedExtract(built_in);
    RegisterMaps(built_in);
    RegisterStrToMap(built_in);
    RegisterCollectionSearch(built_in);
    RegisterCollectionSets(built_in);
    RegisterCollectionEdit(built_in);
    RegisterCollectionConcat(built_in);
    RegisterCollectionSort(built_in);
    RegisterSequence(built_in);
    RegisterLambdaElements(built_in);
    RegisterLambdaFold(built_in);
    RegisterLambdaZip(built_in);
    RegisterLambdaSort(built_in);
    RegisterGenerators(built_in);
    RegisterGrouping(built_in);
    RegisterWindowTime(built_in);
    RegisterMath(built_in);
    RegisterRounding(built_in);
    RegisterDigests(built_in);
    RegisterTimeFields(built_in);
    RegisterTimeArithmetic(built_in);
    RegisterTimeMakers(built_in);
    RegisterTimePatterns(built_in);
    RegisterHashes(built_in);
    RegisterJsonValues(built_in);
    RegisterJsonParts(built_in);
    RegisterStringParts(built_in);
    RegisterStringEdits(built_in);
    RegisterStringConcat(built_in);
    RegisterRegexps(built_in);
    RegisterIntervalMakers(built_in);
    RegisterNumbers(built_in);
    RegisterFormatNumber(built_in);
    RegisterFormatString(built_in);
    RegisterStringEncode(built_in);
    RegisterLike(built_in);
    return built_in;
  }();
  return registry;
}

void FunctionRegistry::Register(FunctionDefinition definition) {
  definitions_[definition.name] = definition;
}

const FunctionDefinition* FunctionRegistry::Find(std::string_view name) const {
  const std::string lower = LowerCase(name);
  for (const FunctionRegistry* layer = this; layer != nullptr; layer = layer->parent_) {
    const auto found = layer->definitions_.find(lower);
    if (found != layer->definitions_.end()) return &found->second;
  }
  return nullptr;
}

Result<ExprPtr> FunctionRegistry::Bind(std::string_view name, std::vector<ExprPtr> arguments,
                                       const BindSettings& settings, const SqlPlace& place) const {
  const std::string lower = LowerCase(name);
  if (const FunctionDefinition* definition = Find(lower)) {
    return definition->bind(lower, std::move(arguments), settings, place);
  }
  const bool known =
      lower.starts_with('$') ||
      std::find(std::begin(kSparkNames), std::end(kSparkNames), lower) != std::end(kSparkNames);
  if (known) {
    return NotSupportedYet("function " + lower, place);
  }
  return UnknownFunction(std::string(name), Names(), place);
}

std::vector<std::string_view> FunctionRegistry::Names() const {
  std::vector<std::string_view> names;
  for (const FunctionRegistry* layer = this; layer != nullptr; layer = layer->parent_) {
    for (const auto& [name, definition] : layer->definitions_) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace thalweg
