// The providers that every session has: what a format name in USING means. Private to api/.
#pragma once

#include <functional>

#include "analyzer/catalog.h"
#include "base/env.h"

namespace thalweg {

/// Registers rate, rate-micro-batch, socket, noop, kafka and the file formats.
void RegisterProviders(Env& env, Catalog* catalog);

struct ConsoleOptions {
  std::string name;  // of the flow, above each table
  Options options;   // numRows (20), truncate (true)
  std::string session_zone = "UTC";
};
/// Prints each epoch as Spark's console sink does. Errors: an unknown option.
Result<TablePtr> MakeConsoleTable(const ConsoleOptions& options, SchemaPtr schema,
                                  std::function<void(const std::string&)> print);

}  // namespace thalweg
