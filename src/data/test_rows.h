// Batches from text and back, for tests of every room: a schema in DDL, one line a row.
//
//   MakeBatch("a INT, s STRING, t ARRAY<INT>", "1, ann, [1, 2]\n"
//                                              "null, 'x, y', null")
//
// Values stand as CAST AS STRING prints them, in UTC. Not used by the engine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/batch.h"
#include "data/value.h"

namespace thalweg {

/// CHECKs that DDL and rows are well-formed. Blank lines do not count; a line "…" of a schema
/// without columns is a row.
SchemaPtr MakeSchema(std::string_view ddl);
Batch MakeBatch(std::string_view ddl, std::string_view rows);
Batch MakeBatch(const SchemaPtr& schema, std::string_view rows);
Batch MakeBatch(const SchemaPtr& schema, const std::vector<std::vector<Value>>& rows);
/// A column of its own: MakeVector(IntType(), "1, 2, null").
Vector MakeVector(const TypePtr& type, std::string_view values);

/// The selected rows as text, "1, ann, [1, 2]", with "+I ", "-U ", "+U " or "-D " in front where
/// the batch has row kinds.
std::vector<std::string> RowTexts(const Batch& batch);
/// All rows of some batches, sorted, a line each: what a test compares as a multiset.
std::string SortedRows(const std::vector<Batch>& batches);
std::string SortedRows(const Batch& batch);

}  // namespace thalweg
