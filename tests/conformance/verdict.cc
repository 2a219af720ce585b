#include "verdict.h"

#include <nlohmann/json.hpp>

namespace thalweg {
namespace {

/// Spark's unnamed errors: the number is not normative, the refusal is.
constexpr const char* kUnnamed = "_LEGACY_ERROR_TEMP_";

// Nullability of nested fields aside.
bool SameNames(const DataType& a, const DataType& b);

}  // namespace

Verdict Wrong(std::string difference) {
  return {.outcome = Outcome::kWrong, .text = std::move(difference)};
}

Verdict Unsupported(std::string feature) {
  return {.outcome = Outcome::kUnsupported, .text = std::move(feature)};
}

bool IsNotSupportedYet(const Status& status) {
  return status.condition() == "THALWEG_NOT_SUPPORTED_YET";
}

Verdict Failed(const std::string& step, const Status& status) {
  if (IsNotSupportedYet(status)) return Unsupported(status.message());
  return Wrong(step + ": " + status.ToString());
}

Verdict CompareError(const std::string& condition, const nlohmann::json& sqlstate,
                     const Status& status) {
  if (IsNotSupportedYet(status)) return Unsupported(status.message());
  if (status.kind() == ErrorKind::kBug) return Wrong("a bug: " + status.ToString());
  if (condition.starts_with(kUnnamed)) return {};
  if (status.condition() != condition) {
    return Wrong("expected the error " + condition + "\nfound " + status.ToString());
  }
  if (sqlstate.is_string() && status.sqlstate() != sqlstate.get<std::string>()) {
    return Wrong("expected SQLSTATE " + sqlstate.get<std::string>() + " of " + condition +
                 "\nfound " + status.sqlstate());
  }
  return {};
}

Verdict CompareSchemas(const Schema& expected, const Schema& actual) {
  const auto difference = [&] {
    return Wrong("expected the columns " + expected.Ddl() + "\nfound " + actual.Ddl());
  };
  if (expected.size() != actual.size()) return difference();
  Verdict verdict;
  for (int i = 0; i < expected.size(); ++i) {
    const StructField& a = expected.column(i);
    const StructField& b = actual.column(i);
    if (!a.type->SameIgnoringNullability(*b.type)) return difference();
    verdict.names_differ |= a.name != b.name || !SameNames(*a.type, *b.type);
    verdict.nullability_differs |= a.nullable != b.nullable || !(*a.type == *b.type);
  }
  return verdict;
}

namespace {

bool SameNames(const DataType& a, const DataType& b) {
  for (size_t i = 0; i < a.fields().size(); ++i) {
    if (a.fields()[i].name != b.fields()[i].name) return false;
    if (!SameNames(*a.fields()[i].type, *b.fields()[i].type)) return false;
  }
  return true;
}

}  // namespace
}  // namespace thalweg
