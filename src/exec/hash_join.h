// JoinShape: what a join computes, resolved to columns: which side is built into a table, which one
// probes it, the keys that meet, the condition on each pair, what becomes of rows without a
// partner. Made by the planner, immutable, read by all lanes.
//
// The build side is port 0 and placed for broadcast: lane 0 builds the table, then every lane looks
// up. So probe rows keep their lanes and their order: a join is one more stateless step of the
// probe side, whose rows come out in the order of the epoch, the partners of each in build order.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/contracts.h"
#include "exec/join_table.h"
#include "exec/operator.h"
#include "plan/expression.h"

namespace thalweg {

/// What becomes of a probe row.
enum class ProbeRows : uint8_t {
  kInner,  // once with each partner
  kOuter,  // likewise; without one: with NULLs
  kSemi,   // itself if it has a partner
  kAnti,   // itself if it has none
};

struct JoinKey {
  ExprPtr probe;
  ExprPtr build;
  bool null_safe = false;  // <=>: NULL meets NULL. Else NULL meets nothing
};

struct JoinShape {
  ProbeRows probe_rows = ProbeRows::kInner;
  bool keeps_build_rows = false;  // build rows without a partner come out, at the end of the epoch
  bool build_is_left = false;     // its columns stand first
  std::vector<AttributePtr> probe;  // columns of the sides
  std::vector<AttributePtr> build;
  std::vector<JoinKey> keys;  // none: every build row is a candidate
  SchemaPtr schema;           // of what comes out

  /// Decides on each pair of candidates; null: all are partners. It sees `condition_columns`: some
  /// columns of the probe side, then some of what is kept of the build side, by position.
  ExprPtr condition;
  std::vector<AttributePtr> condition_columns;
  SchemaPtr condition_schema;
  std::vector<int> condition_probe;
  std::vector<int> condition_build;
  std::vector<int> kept;  // columns of the build side

  Description description;

  bool gives_pairs() const {
    return probe_rows == ProbeRows::kInner || probe_rows == ProbeRows::kOuter;
  }
};

/// Where the build side comes from.
struct JoinBuildSide {
  /// Read from the same versions of `tables` it holds the same rows in every epoch: then the table
  /// is kept from epoch to epoch, as long as all of them have a version.
  bool repeatable = false;
  std::vector<TablePtr> tables;
};

}  // namespace thalweg
