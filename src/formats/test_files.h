// Files of a simulated disk, read and written through a Format: for the tests of this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/sim/sim_env.h"
#include "formats/format.h"

namespace thalweg {

class TestFiles {
 public:
  TestFiles() : world_(SimOptions()), env_(world_.NewLife()) {}
  Env& env() { return env_; }
  SimWorld& world() { return world_; }
  void Write(const std::string& path, std::string_view bytes);
  std::string Read(const std::string& path);

 private:
  SimWorld world_;
  Env& env_;
};

/// A read of the columns `selected` (names; empty: all) of `ddl`, in UTC.
FormatRequest MakeRequest(std::string_view ddl, const Options& options = {},
                          const std::vector<std::string>& selected = {});
/// The rows as RowTexts shows them, a line each, or the condition of the error (its text where it
/// has none) as "ERROR …".
std::string ReadRows(TestFiles& files, const std::string& path, const FormatRequest& request,
                     const Format& format);
/// The same of a new file with these bytes.
std::string RowsOf(const Format& format, std::string_view bytes, std::string_view ddl,
                   const Options& options = {}, const std::vector<std::string>& selected = {});
/// The inferred schema as DDL, or "ERROR …".
std::string InferredDdl(const Format& format, std::string_view bytes, const Options& options = {});
/// The bytes of a file that `batch` was written to, or "ERROR …".
std::string WrittenBytes(const Format& format, const Batch& batch, const Options& options = {},
                         const std::string& session_zone = "UTC");

}  // namespace thalweg
