// A file of JSON lines gives the same rows whether it is read whole, with the layouts that its
// lines teach the decoder, or each line as a file of its own; in every mode, whatever the bytes.
// The first byte of an input chooses mode and options.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/sim/sim_env.h"
#include "data/test_rows.h"
#include "formats/json/json_format.h"

namespace thalweg {
namespace {

constexpr const char* kDdl =
    "u STRING, i BIGINT, n INT, t TIMESTAMP, d DOUBLE, p DECIMAL(10,2), b BOOLEAN, day DATE, "
    "s STRUCT<x: INT, y: STRING, z: STRUCT<w: BIGINT>>, a ARRAY<INT>, m MAP<STRING, INT>, "
    "_corrupt_record STRING";

FormatRequest RequestFor(uint8_t choice) {
  static const SchemaPtr schema = MakeSchema(kDdl);
  FormatRequest request;
  request.schema = schema;
  request.output = schema;
  for (int i = 0; i < schema->size(); ++i) request.columns.push_back(i);
  request.options["mode"] = choice % 2 == 0 ? "PERMISSIVE" : "DROPMALFORMED";
  if (choice & 2) request.options["allowsinglequotes"] = "false";
  if (choice & 4) request.options["allowunquotedfieldnames"] = "true";
  if (choice & 8) request.options["primitivesasstring"] = "true";
  return request;
}

/// The rows of a file with these bytes, which these modes never refuse.
std::string RowsOfFile(Env& env, std::string_view bytes, const FormatRequest& request) {
  {
    auto file = env.files().Create("/f");
    THALWEG_CHECK(file.ok() && (*file)->Append(bytes).ok(), "the simulated disk has room");
  }
  const auto reader = JsonFormat().OpenReader(env, "/f", request);
  THALWEG_CHECK(reader.ok(), "an input of these modes is never refused");
  std::string rows;
  Batch batch(request.output);
  while (true) {
    const Result<bool> more = (*reader)->Next(&batch);
    THALWEG_CHECK(more.ok(), "nor are its rows");
    if (!*more) return rows;
    for (const std::string& row : RowTexts(batch)) rows += row + "\n";
  }
}

void Run(uint8_t choice, std::string_view bytes) {
  static SimWorld world{SimOptions()};
  static Env& env = world.NewLife();
  const FormatRequest request = RequestFor(choice);
  const std::string whole = RowsOfFile(env, bytes, request);
  std::string apart;
  while (!bytes.empty()) {
    const size_t end = std::min(bytes.find_first_of("\r\n"), bytes.size());
    apart += RowsOfFile(env, bytes.substr(0, end), request);
    bytes.remove_prefix(std::min(bytes.size(), end + 1));
  }
  THALWEG_CHECK(whole == apart, "read whole and line by line are the same");
}

}  // namespace
}  // namespace thalweg

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 0) thalweg::Run(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
