// Functions by table: overloads with their argument types as letters, bound with the implicit casts
// that Spark makes for functions (ImplicitCastInputTypes).
//
//   S STRING   B BINARY   I INT   L BIGINT   D DOUBLE   o BOOLEAN   d DATE   t TIMESTAMP
//   n TIMESTAMP_NTZ   y TINYINT   s DECIMAL(8,6), seconds with microseconds
#pragma once

#include <initializer_list>
#include <vector>

#include "functions/kernel.h"
#include "functions/registry.h"

namespace thalweg {

/// What an overload is besides its types.
enum OverloadFlags : uint8_t {
  kPlain = 0,
  kNullable = 1,         // may be NULL though no argument is
  kUsesZone = 2,         // bound with the session's time zone (ZoneContext)
  kNullWithoutAnsi = 4,  // what fails a row under ANSI is NULL without
  kNullOnFailure = 8,    // always: a try_ function
  kExactTypes = 16,      // Spark casts nothing but NULL, and whole numbers to BIGINT
};

struct Overload {
  const char* name;
  const char* arguments;  // letters
  char result;
  Kernel kernel;
  int flags = kPlain;
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

/// A typed call of the overload; the arguments have its types.
Result<ExprPtr> MakeOverloadCall(const Overload& overload, const std::string& name,
                                 std::vector<ExprPtr> arguments, const BindSettings& settings,
                                 const SqlPlace& place);
/// Casts arguments[i] to the letters' types, in place. For binders by hand.
Status CoerceToLetters(const std::string& name, const char* letters,
                       std::vector<ExprPtr>* arguments, const BindSettings& settings,
                       const SqlPlace& place);
/// Refuses strings with a collation other than UTF8_BINARY, which `name` does not know yet.
Status RefuseCollations(const std::string& name, const std::vector<ExprPtr>& arguments,
                        const SqlPlace& place);

}  // namespace thalweg
