// Functions by table: overloads with their argument types as letters, bound with the implicit casts
// that Spark makes for functions (ImplicitCastInputTypes).
//
//   S STRING   B BINARY   I INT   L BIGINT   D DOUBLE   o BOOLEAN   d DATE   t TIMESTAMP
#pragma once

#include <initializer_list>
#include <vector>

#include "functions/kernel.h"
#include "functions/registry.h"

namespace thalweg {

struct Overload {
  const char* name;
  const char* arguments;  // letters
  char result;
  Kernel kernel;
  OnFailure on_failure = OnFailure::kRaise;
  ScalarTraits::Nullability nullability = ScalarTraits::Nullability::kAnyArgument;
};

/// Type of a letter.
TypePtr TypeOfLetter(char letter);
/// "\"STRING\"": the type as messages name it.
std::string NameOfLetter(char letter);
/// Spark casts an argument of `from` to the letter's type by itself.
bool CastsImplicitly(const DataType& from, char letter);

/// Registers the overloads, those of one name together. Among overloads of a call's argument count
/// one that needs no casts wins, else the first that casts can reach. Errors: WRONG_NUM_ARGS,
/// DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE; a string with a collation is not supported yet.
void RegisterOverloads(FunctionRegistry* registry, std::initializer_list<Overload> overloads);
/// The same function under another name.
void RegisterAlias(FunctionRegistry* registry, const char* alias, const char* name);

/// Casts arguments[i] to the letters' types, in place. For binders by hand.
Status CoerceToLetters(const std::string& name, const char* letters,
                       std::vector<ExprPtr>* arguments, const BindSettings& settings,
                       const SqlPlace& place);
/// Refuses strings with a collation other than UTF8_BINARY, which `name` does not know yet.
Status RefuseCollations(const std::string& name, const std::vector<ExprPtr>& arguments,
                        const SqlPlace& place);

}  // namespace thalweg
