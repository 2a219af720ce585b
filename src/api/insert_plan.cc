// The rows of a query as those of the table that an INSERT or CREATE TABLE AS fills, by Spark's
// rules of store assignment (spark.sql.storeAssignmentPolicy = ANSI).
#include "analyzer/expression_analyzer.h"
#include "api/commands.h"
#include "functions/registry.h"

namespace thalweg {
namespace {

bool IsDateOrTimestamp(const DataType& type) {
  return type.Is(TypeKind::kDate) || type.Is(TypeKind::kTimestamp) ||
         type.Is(TypeKind::kTimestampNtz);
}

bool IsAtomic(const DataType& type) {
  return type.fields().empty() && !type.Is(TypeKind::kVariant);
}

/// What a value may be stored as without asking (Spark: Cast.canANSIStoreAssign).
bool CanStore(const DataType& from, const DataType& to) {
  if (from == to || from.Is(TypeKind::kNull)) return true;
  if (from.IsNumeric() && to.IsNumeric()) return true;
  if (IsDateOrTimestamp(from) && IsDateOrTimestamp(to)) return true;
  if (to.Is(TypeKind::kString) && IsAtomic(from)) return true;
  if (from.kind() != to.kind()) return false;
  if (from.Is(TypeKind::kYearMonthInterval) || from.Is(TypeKind::kDayTimeInterval)) return true;
  if (from.fields().empty() || from.fields().size() != to.fields().size()) return false;
  for (size_t i = 0; i < from.fields().size(); ++i) {
    if (!CanStore(*from.fields()[i].type, *to.fields()[i].type)) return false;
  }
  return true;
}

std::string Names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "`" : ", `") + name + "`";
  return text;
}

class InsertPlanner {
 public:
  InsertPlanner(const RelationPtr& query, const Statement& statement, const Schema& columns,
                const std::string& table)
      : query_(query), statement_(statement), columns_(columns), table_(FullName(table)) {}

  /// By column of the table: position in the query, -1: NULL.
  Result<std::vector<int>> Sources() const { return statement_.by_name ? ByName() : ByPosition(); }

  Result<ExprPtr> Stored(const StructField& column, int source,
                         const BindSettings& settings) const {
    if (source < 0) {
      ExprPtr null = MakeLiteral(Value(column.type));
      return MakeAlias(std::move(null), column.name);
    }
    const AttributePtr& value = query_->output[static_cast<size_t>(source)];
    if (*value->type == *column.type) return MakeAlias(value, column.name);
    if (!CanStore(*value->type, *column.type)) {
      return Incompatible("CANNOT_SAFELY_CAST", {{"colName", "`" + column.name + "`"},
                                                 {"srcType", "\"" + value->type->Sql() + "\""},
                                                 {"targetType", "\"" + column.type->Sql() + "\""}});
    }
    THALWEG_ASSIGN_OR_RETURN(
        ExprPtr cast, BindCast(value, {column.type, CastMode::kAnsi, true, SqlPlace()}, settings));
    return MakeAlias(std::move(cast), column.name);
  }

 private:
  Result<std::vector<int>> ByPosition() const {
    std::vector<std::string> wanted = statement_.column_names;
    const bool listed = !wanted.empty();
    for (int i = 0; !listed && i < columns_.size(); ++i) wanted.push_back(columns_.column(i).name);
    std::vector<int> sources(static_cast<size_t>(columns_.size()), -1);
    for (size_t i = 0; i < wanted.size(); ++i) {
      const int column = columns_.Find(wanted[i]);
      if (column < 0) return NoColumn(wanted[i]);
      int& source = sources[static_cast<size_t>(column)];
      if (source >= 0) {
        return Status::User("COLUMN_ALREADY_EXISTS", {{"columnName", "`" + wanted[i] + "`"}},
                            statement_.place);
      }
      source = static_cast<int>(i);
    }
    if (query_->output.size() == wanted.size()) return sources;
    std::vector<std::string> given;
    for (const AttributePtr& column : query_->output) given.push_back(column->column);
    const bool few = given.size() < wanted.size();
    return Status::User(
        few ? "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"
            : "INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
        {{"tableName", table_}, {"tableColumns", Names(wanted)}, {"dataColumns", Names(given)}},
        statement_.place);
  }

  Result<std::vector<int>> ByName() const {
    std::vector<int> sources(static_cast<size_t>(columns_.size()), -1);
    std::vector<std::string> extra;
    for (size_t i = 0; i < query_->output.size(); ++i) {
      const std::string& name = query_->output[i]->column;
      const int column = columns_.Find(name);
      if (column < 0) {
        extra.push_back(name);
      } else if (sources[static_cast<size_t>(column)] >= 0) {
        return Status::User("COLUMN_ALREADY_EXISTS", {{"columnName", "`" + name + "`"}},
                            statement_.place);
      } else {
        sources[static_cast<size_t>(column)] = static_cast<int>(i);
      }
    }
    if (extra.empty()) return sources;
    return Incompatible("EXTRA_COLUMNS", {{"extraColumns", Names(extra)}});
  }

  Status NoColumn(const std::string& name) const {
    std::vector<std::string> known;
    for (const StructField& column : columns_.columns()) known.push_back(column.name);
    return Status::User("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                        {{"objectName", "`" + name + "`"}, {"proposal", Names(known)}},
                        statement_.place);
  }

  Status Incompatible(const char* why, ErrorParameters parameters) const {
    parameters.insert(parameters.begin(), {"tableName", table_});
    return Status::User(std::string("INCOMPATIBLE_DATA_FOR_TABLE.") + why, std::move(parameters),
                        statement_.place);
  }

  const RelationPtr& query_;
  const Statement& statement_;
  const Schema& columns_;
  const std::string table_;
};

}  // namespace

Result<RelationPtr> PlanInsert(Session& session, const RelationPtr& query,
                               const Statement& statement, const Schema& columns,
                               const std::string& table) {
  const InsertPlanner planner(query, statement, columns, table);
  const BindSettings settings = BindSettingsOf(session.conf());
  THALWEG_ASSIGN_OR_RETURN(const std::vector<int> sources, planner.Sources());
  std::vector<ExprPtr> stored;
  for (int i = 0; i < columns.size(); ++i) {
    THALWEG_ASSIGN_OR_RETURN(
        ExprPtr value,
        planner.Stored(columns.column(i), sources[static_cast<size_t>(i)], settings));
    stored.push_back(std::move(value));
  }
  return MakeProject(query, std::move(stored));
}

}  // namespace thalweg
