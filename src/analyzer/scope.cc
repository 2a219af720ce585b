#include "analyzer/scope.h"

#include <algorithm>

#include "base/conf.h"
#include "data/type_text.h"

namespace thalweg {

bool Scope::Same(std::string_view a, std::string_view b) const {
  return case_sensitive_ ? a == b : EqualsIgnoringCase(a, b);
}

// parts[0, count) are the last parts of the column's qualifier.
bool Scope::QualifiedBy(const Attribute& column, const std::vector<std::string>& parts,
                        size_t count) const {
  if (count > column.qualifier.size()) return false;
  const size_t skip = column.qualifier.size() - count;
  for (size_t i = 0; i < count; ++i) {
    if (!Same(column.qualifier[skip + i], parts[i])) return false;
  }
  return true;
}

// A hidden column is found only with its table's name.
bool Scope::Matches(const Attribute& column, const std::vector<std::string>& parts,
                    size_t qualifier) const {
  return QualifiedBy(column, parts, qualifier) && Same(column.column, parts[qualifier]) &&
         !(column.metadata && qualifier == 0);
}

Result<Scope::Match> Scope::Find(const std::vector<std::string>& parts,
                                 const SqlPlace& place) const {
  for (size_t qualifier = parts.size(); qualifier-- > 0;) {
    Match match;
    int found = 0;
    for (const AttributePtr& column : columns_) {
      if (!Matches(*column, parts, qualifier)) continue;
      if (match.column != nullptr && match.column->id == column->id) continue;
      match = {column, qualifier + 1};
      ++found;
    }
    if (found == 1) return match;
    if (found > 1) {
      std::string candidates;
      for (const AttributePtr& column : columns_) {
        if (!Matches(*column, parts, qualifier)) continue;
        std::vector<std::string> name = column->qualifier;
        name.push_back(column->column);
        candidates += (candidates.empty() ? "" : ", ") + QuoteName(name);
      }
      return Status::User("AMBIGUOUS_REFERENCE",
                          {{"name", QuoteName(parts)}, {"referenceNames", "[" + candidates + "]"}},
                          place);
    }
  }
  return Match();
}

std::vector<AttributePtr> Scope::Star(const std::vector<std::string>& target) const {
  std::vector<AttributePtr> out;
  for (const AttributePtr& column : columns_) {
    if (!column->metadata && QualifiedBy(*column, target, target.size())) out.push_back(column);
  }
  return out;
}

Status Scope::Unresolved(const std::vector<std::string>& parts, const SqlPlace& place) const {
  if (columns_.empty()) {
    return Status::User("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", {{"objectName", QuoteName(parts)}},
                        place);
  }
  std::vector<std::string_view> names;
  for (const AttributePtr& column : columns_) names.push_back(column->column);
  const std::string nearest = NearestName(parts.back(), names);
  std::string proposal = nearest.empty() ? "" : QuoteName({nearest});
  for (const AttributePtr& column : columns_) {
    if (column->column == nearest) continue;
    proposal += (proposal.empty() ? "" : ", ") + QuoteName({column->column});
  }
  return Status::User("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                      {{"objectName", QuoteName(parts)}, {"proposal", proposal}}, place);
}

std::string QuoteName(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += ".";
    out += "`";
    for (const char c : part) out += c == '`' ? "``" : std::string(1, c);
    out += "`";
  }
  return out;
}

}  // namespace thalweg
