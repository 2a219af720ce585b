// Names of types and collations, as text calls them.
#include <algorithm>

#include "data/ddl.h"
#include "data/type_text.h"

namespace thalweg {
namespace {

struct NamedType {
  std::string_view name;
  TypePtr (*make)();
};

constexpr NamedType kPlainTypes[] = {
    {"BIGINT", BigintType},
    {"BINARY", BinaryType},
    {"BOOLEAN", BooleanType},
    {"BYTE", TinyintType},
    {"DATE", DateType},
    {"DOUBLE", DoubleType},
    {"FLOAT", FloatType},
    {"INT", IntType},
    {"INTEGER", IntType},
    {"INTERVAL", CalendarIntervalType},
    {"LONG", BigintType},
    {"REAL", FloatType},
    {"SHORT", SmallintType},
    {"SMALLINT", SmallintType},
    {"STRING", StringType},
    {"TIMESTAMP", TimestampType},
    {"TIMESTAMP_LTZ", TimestampType},
    {"TIMESTAMP_NTZ", TimestampNtzType},
    {"TINYINT", TinyintType},
    {"VARIANT", VariantType},
    {"VOID", NullType},
};

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return upper;
}

Result<TypePtr> Decimal(const std::vector<int>& parameters) {
  const int precision = parameters.empty() ? 10 : parameters[0];
  const int scale = parameters.size() < 2 ? 0 : parameters[1];
  if (precision > 38) {
    return Status::User("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                        {{"precision", std::to_string(precision)}, {"maxPrecision", "38"}});
  }
  if (scale > precision) {
    return Status::Legacy(1228, "Decimal scale (" + std::to_string(scale) +
                                    ") cannot be greater than precision (" +
                                    std::to_string(precision) + ").");
  }
  if (precision < 1) return NotSupportedYet("DECIMAL(0)");
  return DecimalType(precision, scale);
}

Result<TypePtr> Sized(const std::string& name, const std::vector<int>& parameters) {
  if (parameters.empty()) {
    return Status::User("DATATYPE_MISSING_SIZE", {{"type", "\"" + name + "\""}});
  }
  return name == "VARCHAR" ? VarcharType(parameters[0]) : CharType(parameters[0]);
}

Result<TypePtr> Time(const std::vector<int>& parameters) {
  const int precision = parameters.empty() ? 6 : parameters[0];
  if (precision > 6) {
    return Status::User("UNSUPPORTED_TIME_PRECISION", {{"precision", std::to_string(precision)}});
  }
  return TimeType(precision);
}

bool AcceptSuffix(std::string_view suffix, std::string* name) {
  if (name->size() < suffix.size()) return false;
  if (name->compare(name->size() - suffix.size(), suffix.size(), suffix) != 0) return false;
  name->resize(name->size() - suffix.size());
  return true;
}

// A language such as "de" or "en_USA", which ICU may know.
bool IsLanguage(const std::string& name) {
  const size_t length = std::min(name.find('_'), name.size());
  return length >= 2 && length <= 3 && std::all_of(name.begin(), name.begin() + length, [](char c) {
           return c >= 'A' && c <= 'Z';
         });
}

}  // namespace

Result<TypePtr> TypeByName(std::string_view name, const std::vector<int>& parameters) {
  const std::string upper = Upper(name);
  const size_t given = parameters.size();
  if ((upper == "DECIMAL" || upper == "DEC" || upper == "NUMERIC") && given <= 2) {
    return Decimal(parameters);
  }
  if ((upper == "CHAR" || upper == "CHARACTER" || upper == "VARCHAR") && given <= 1) {
    return Sized(upper, parameters);
  }
  if (upper == "TIME" && given <= 1) return Time(parameters);
  if (upper == "GEOMETRY" || upper == "GEOGRAPHY") return NotSupportedYet("the type " + upper);
  for (const NamedType& type : kPlainTypes) {
    if (type.name == upper && given == 0) return type.make();
  }
  std::string shown = upper;
  for (size_t i = 0; i < given; ++i) shown += (i == 0 ? "(" : ",") + std::to_string(parameters[i]);
  if (given > 0) shown += ')';
  return Status::User("UNSUPPORTED_DATATYPE", {{"typeName", "\"" + shown + "\""}});
}

Result<std::string> NormalizeCollation(std::string_view name) {
  std::string rest = Upper(name);
  const std::string trim = AcceptSuffix("_RTRIM", &rest) ? "_RTRIM" : "";
  if (rest == "UTF8_BINARY" || rest == "UTF8_LCASE") return rest + trim;
  const auto invalid = [&] {
    return Status::User("COLLATION_INVALID_NAME",
                        {{"collationName", std::string(name)},
                         {"proposals", "UTF8_BINARY, UTF8_LCASE, UNICODE, UNICODE_CI"}});
  };
  // UNICODE and at most one word each on case and accents, in any order.
  int case_words = 0, accent_words = 0;
  bool ignore_case = false, ignore_accents = false;
  for (bool more = true; more;) {
    more = false;
    for (const char* word : {"_CI", "_CS"}) {
      if (!AcceptSuffix(word, &rest)) continue;
      more = true;
      ++case_words;
      ignore_case |= word[2] == 'I';
    }
    for (const char* word : {"_AI", "_AS"}) {
      if (!AcceptSuffix(word, &rest)) continue;
      more = true;
      ++accent_words;
      ignore_accents |= word[2] == 'I';
    }
  }
  if (case_words > 1 || accent_words > 1) return invalid();
  if (rest != "UNICODE") {
    if (IsLanguage(rest)) return NotSupportedYet("the collation " + std::string(name));
    return invalid();
  }
  return rest + (ignore_case ? "_CI" : "") + (ignore_accents ? "_AI" : "") + trim;
}

}  // namespace thalweg
