// Session: the way into Thalweg: settings, views, functions of the user, and the DataFrames,
// readers and queries made from it. A handle, cheap to copy; DataFrames and queries keep what is
// behind it alive. Any thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "thalweg/dataframe.h"
#include "thalweg/reader.h"
#include "thalweg/streaming.h"
#include "thalweg/udf.h"
#include "thalweg/writer.h"

namespace thalweg {
namespace api {

struct SessionOptions {
  /// What all queries may use together, in bytes; -1: no limit.
  int64_t memory_bytes = -1;
  /// Threads that epochs are spread over; 0: as many as cores.
  int worker_count = 0;
  /// Settings (spark.sql.…, thalweg.…).
  std::map<std::string, std::string> settings = {};
  /// Where Show and the console sink write.
  std::function<void(std::string_view)> print = [](std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  };
};

class THALWEG_EXPORT Session {
 public:
  /// Errors: those of Set.
  static Result<Session> Create(SessionOptions options = {});

  /// Errors: SQL_CONF_NOT_FOUND, INVALID_CONF_VALUE …
  Status Set(std::string_view key, std::string_view value) const;
  std::string Get(std::string_view key) const;

  /// A query, or a command, which is carried out at once and gives the rows that it shows.
  DataFrame Sql(std::string_view statement) const;
  DataFrame Table(std::string_view name) const;
  /// BIGINTs `begin`, `begin` + `step` … below `end` in a column `id`.
  DataFrame Range(int64_t begin, int64_t end, int64_t step = 1) const;
  /// `schema` as DDL. Errors: a row of another width, a value that its column cannot hold.
  DataFrame CreateDataFrame(std::string_view schema, const std::vector<Row>& rows) const;
  DataFrame CreateDataFrame(const Schema& schema, const std::vector<Row>& rows) const;
  DataFrameReader Read() const;
  DataStreamReader ReadStream() const;
  /// `schema` as DDL.
  Result<MemoryStream> CreateMemoryStream(std::string_view name, std::string_view schema) const;
  StreamingQueryManager Streams() const;

  /// A function of this session, in place of one of that name: udf.h says which types it may take
  /// and what becomes of NULL and of errors. Queries that run already keep the one they have.
  template <class F>
  Status RegisterUdf(std::string_view name, F function, const UdfOptions& options = {}) const {
    return RegisterUdf(name, MakeUdf(std::move(function)), options);
  }
  Status RegisterUdf(std::string_view name, Udf function, const UdfOptions& options = {}) const;
  Status RegisterUdf(std::string_view name, UntypedUdf function,
                     const UdfOptions& options = {}) const;

 private:
  friend struct Access;
  explicit Session(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}
  std::shared_ptr<Engine> engine_;
};

}  // namespace api
}  // namespace thalweg
