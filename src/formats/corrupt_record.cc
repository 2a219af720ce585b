#include "formats/corrupt_record.h"

namespace thalweg {

Result<int> FindCorruptColumn(const FormatRequest& request, const std::string& name) {
  const int in_schema = request.schema->Find(name, true);
  if (in_schema >= 0 && !request.schema->column(in_schema).type->Is(TypeKind::kString)) {
    return Status::User("INVALID_CORRUPT_RECORD_TYPE",
                        {{"columnName", "`" + name + "`"},
                         {"actualType", request.schema->column(in_schema).type->Sql()}});
  }
  for (int i = 0; i < static_cast<int>(request.columns.size()); ++i) {
    if (request.columns[i] != in_schema) continue;
    if (request.columns.size() > 1) return i;
    return Status::User("UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN",
                        {{"columnName", name}});
  }
  return -1;
}

Status MalformedRecord(std::string_view record, const std::string& problem, const std::string& path,
                       int64_t line) {
  constexpr size_t kShownBytesMax = 500;
  std::string shown(record.substr(0, kShownBytesMax));
  if (record.size() > kShownBytesMax) shown += "…";
  return Status::User("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                      {{"badRecord", shown}, {"failFastMode", "FAILFAST"}})
      .WithContext(problem + " (" + path + ", line " + std::to_string(line) + ")");
}

}  // namespace thalweg
