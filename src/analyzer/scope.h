// Scope: the columns that a name may mean at some place of a query: the output of the relation
// below. Names match case-insensitively unless spark.sql.caseSensitive says otherwise. Immutable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/expression.h"

namespace thalweg {

class Scope {
 public:
  Scope(std::vector<AttributePtr> columns, bool case_sensitive)
      : columns_(std::move(columns)), case_sensitive_(case_sensitive) {}

  const std::vector<AttributePtr>& columns() const { return columns_; }
  bool case_sensitive() const { return case_sensitive_; }
  bool Same(std::string_view a, std::string_view b) const;

  struct Match {
    AttributePtr column;    // null: no such name
    size_t parts_used = 0;  // how many parts named it; the rest are fields of a struct
  };
  /// The column that `parts` begin with: a qualified name goes before a column with fields. Errors:
  /// AMBIGUOUS_REFERENCE.
  Result<Match> Find(const std::vector<std::string>& parts, const SqlPlace& place) const;

  /// The columns that `*` (no target) or `target.*` stands for, hidden ones left out. Empty: no
  /// such qualifier.
  std::vector<AttributePtr> Star(const std::vector<std::string>& target) const;

  /// UNRESOLVED_COLUMN with the nearest names.
  Status Unresolved(const std::vector<std::string>& parts, const SqlPlace& place) const;

 private:
  bool Matches(const Attribute& column, const std::vector<std::string>& parts,
               size_t qualifier) const;
  bool QualifiedBy(const Attribute& column, const std::vector<std::string>& parts,
                   size_t count) const;

  const std::vector<AttributePtr> columns_;
  const bool case_sensitive_;
};

/// `a`.`b c` for error messages.
std::string QuoteName(const std::vector<std::string>& parts);

}  // namespace thalweg
