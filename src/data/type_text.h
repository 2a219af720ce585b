// How types print: Spark's SQL form ("STRUCT<a: INT NOT NULL>") and its simple form
// ("struct<a:int>"). Reading them back is data/ddl.h's work. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "data/type.h"

namespace thalweg {

void AppendTypeSql(const DataType& type, std::string* out);
void AppendTypeSimple(const DataType& type, std::string* out);
/// `name` as it is where it is a plain identifier, else in backticks.
void AppendIdentifier(std::string_view name, std::string* out);
/// " NOT NULL COMMENT 'text'", as far as there is something to say.
void AppendFieldSuffix(bool nullable, std::string_view comment, std::string* out);

/// ASCII case folded.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

}  // namespace thalweg
