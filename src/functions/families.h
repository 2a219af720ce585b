// The families of built-in functions: each registers its table once, when the registry is made.
#pragma once

#include "functions/registry.h"

namespace thalweg {

void RegisterArithmetic(FunctionRegistry* registry);
void RegisterSigns(FunctionRegistry* registry);  // by RegisterArithmetic
void RegisterComparison(FunctionRegistry* registry);
void RegisterLogic(FunctionRegistry* registry);
void RegisterConditional(FunctionRegistry* registry);
void RegisterMembership(FunctionRegistry* registry);
void RegisterGreatest(FunctionRegistry* registry);
void RegisterBitwise(FunctionRegistry* registry);
void RegisterShifts(FunctionRegistry* registry);  // by RegisterBitwise
void RegisterAssertions(FunctionRegistry* registry);
void RegisterCount(FunctionRegistry* registry);
void RegisterSums(FunctionRegistry* registry);
void RegisterExtremes(FunctionRegistry* registry);
void RegisterChoices(FunctionRegistry* registry);
void RegisterChoicesByOrder(FunctionRegistry* registry);
void RegisterMoments(FunctionRegistry* registry);
void RegisterBitAggregates(FunctionRegistry* registry);
void RegisterCollectList(FunctionRegistry* registry);
void RegisterListAggregate(FunctionRegistry* registry);
void RegisterNestedConstruct(FunctionRegistry* registry);
void RegisterNestedExtract(FunctionRegistry* registry);
void RegisterMaps(FunctionRegistry* registry);
void RegisterStrToMap(FunctionRegistry* registry);
void RegisterCollectionSearch(FunctionRegistry* registry);
void RegisterCollectionSets(FunctionRegistry* registry);
void RegisterCollectionEdit(FunctionRegistry* registry);
void RegisterCollectionConcat(FunctionRegistry* registry);
void RegisterCollectionSort(FunctionRegistry* registry);
void RegisterSequence(FunctionRegistry* registry);
void RegisterLambdaElements(FunctionRegistry* registry);
void RegisterLambdaFold(FunctionRegistry* registry);
void RegisterLambdaZip(FunctionRegistry* registry);
void RegisterLambdaSort(FunctionRegistry* registry);
void RegisterGenerators(FunctionRegistry* registry);
void RegisterGrouping(FunctionRegistry* registry);
void RegisterWindowTime(FunctionRegistry* registry);
void RegisterRounding(FunctionRegistry* registry);
void RegisterMath(FunctionRegistry* registry);
void RegisterDigests(FunctionRegistry* registry);
void RegisterTimeFields(FunctionRegistry* registry);
void RegisterTimeArithmetic(FunctionRegistry* registry);
void RegisterTimeMakers(FunctionRegistry* registry);
void RegisterTimePatterns(FunctionRegistry* registry);
void RegisterHashes(FunctionRegistry* registry);
void RegisterJsonValues(FunctionRegistry* registry);
void RegisterJsonParts(FunctionRegistry* registry);
void RegisterStringParts(FunctionRegistry* registry);
void RegisterStringEdits(FunctionRegistry* registry);
void RegisterStringConcat(FunctionRegistry* registry);
void RegisterRegexps(FunctionRegistry* registry);
void RegisterIntervalMakers(FunctionRegistry* registry);
void RegisterNumbers(FunctionRegistry* registry);
void RegisterFormatNumber(FunctionRegistry* registry);
void RegisterFormatString(FunctionRegistry* registry);
void RegisterStringEncode(FunctionRegistry* registry);
void RegisterLike(FunctionRegistry* registry);

/// decode of two arguments, the bytes and their character set (string_encode.cc).
Result<ExprPtr> BindDecodeBytes(const std::string& name, std::vector<ExprPtr> arguments,
                                const BindSettings& settings, const SqlPlace& place);

}  // namespace thalweg
