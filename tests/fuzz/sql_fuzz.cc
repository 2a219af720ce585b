// Any text given to the parser and the analyzer is a plan or an error, and an error says where it
// is: no crash, no endless loop, no stack that runs out.
#include <cstdint>
#include <string_view>

#include "api/session.h"
#include "base/check.h"
#include "base/sim/sim_env.h"

namespace thalweg {
namespace {

constexpr const char* kView =
    "CREATE TEMPORARY VIEW t AS SELECT id AS i, CAST(id AS STRING) AS s, array(id) AS a, "
    "TIMESTAMP_MICROS(id) AS ts, named_struct('x', id, 'y', 'z') AS n, map('k', id) AS m "
    "FROM range(3)";

/// A session with a view `t` of the common types; nothing is executed in it: it stays as it is.
Session& SessionWithView() {
  static SimWorld world{SimOptions()};
  static Session session(world.NewLife());
  static const bool ready = session.Execute(kView).ok();
  THALWEG_CHECK(ready, "the view cannot be made");
  return session;
}

void Run(std::string_view text) {
  Session& session = SessionWithView();
  const ParserSettings settings = session.parser_settings();
  const auto script = ParseScript(text, settings);
  if (!script.ok()) THALWEG_CHECK(!script.status().message().empty(), "an error without a text");
  (void)ParseExpression(text, settings);
  (void)ParseDataType(text, settings);
  if (!ParseQuery(text, settings).ok()) return;
  const auto analyzed = session.Analyze(text);
  if (analyzed.ok()) (void)session.Optimize(*analyzed);
}

}  // namespace
}  // namespace thalweg

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  thalweg::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
