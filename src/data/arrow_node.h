// How arrays of one Arrow type become vectors of one of ours: a tree that is made once a column
// (arrow_node.cc) and followed for every array (arrow_import.cc). Used by these two alone.
#pragma once

#include <string>
#include <vector>

#include "data/arrow_import.h"

namespace thalweg {

enum class ArrowReading : uint8_t {
  kMissing,  // the column is not there, or holds nothing: NULLs
  kBits,
  kNumbers,  // from numbers to numbers, times `factor`, by `divisor`
  kText32,
  kText64,
  kFixedText,
  kTextViews,
  kDictionary,
  kList32,
  kList64,
  kFixedList,
  kMap,
  kStruct,
};

struct ArrowNode {
  ArrowReading reading = ArrowReading::kMissing;
  TypePtr type;
  char source = 0;      // kNumbers and kDictionary: one of "cCsSiIlLfg", or 'd' for 128 bits
  int64_t factor = 1;   // kNumbers
  int64_t divisor = 1;  // kNumbers: rounds down
  int64_t width = 0;    // kFixedText: bytes, kFixedList: elements
  std::vector<ArrowNode> children;
  std::vector<int> places;  // kStruct: by child, its place among the array's, -1: missing
};

/// False, and `mismatch`, if `type` cannot hold the values of `schema`. `path` names the column.
bool MakeArrowNode(const ArrowSchema& schema, const TypePtr& type, const std::string& path,
                   ArrowNode* out, ArrowImporter::Mismatch* mismatch);

}  // namespace thalweg
