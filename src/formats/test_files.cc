#include "formats/test_files.h"

#include "data/test_rows.h"

namespace thalweg {
namespace {

void Must(const Status& status) {
  THALWEG_CHECK(status.ok(), status.ToString().c_str());
}

std::string ErrorText(const Status& status) {
  return "ERROR " + (status.condition().empty() ? status.message() : status.condition()) + "\n";
}

}  // namespace

void TestFiles::Write(const std::string& path, std::string_view bytes) {
  Must(env_.files().CreateDirectories(DirectoryOf(path)));
  Must(WriteFileAtomically(env_.files(), path, bytes, false));
}

std::string TestFiles::Read(const std::string& path) {
  Result<std::string> bytes = ReadFile(env_.files(), path);
  Must(bytes.status());
  return *bytes;
}

FormatRequest MakeRequest(std::string_view ddl, const Options& options,
                          const std::vector<std::string>& selected) {
  FormatRequest request;
  request.options = options;
  request.schema = MakeSchema(ddl);
  std::vector<StructField> output;
  for (int i = 0; i < request.schema->size() && selected.empty(); ++i) request.columns.push_back(i);
  for (const std::string& name : selected) request.columns.push_back(request.schema->Find(name));
  for (const int column : request.columns) output.push_back(request.schema->column(column));
  request.output = Schema::Make(std::move(output));
  return request;
}

std::string ReadRows(TestFiles& files, const std::string& path, const FormatRequest& request,
                     const Format& format) {
  auto reader = format.OpenReader(files.env(), path, request);
  if (!reader.ok()) return ErrorText(reader.status());
  std::string out;
  Batch batch;
  while (true) {
    const Result<bool> more = (*reader)->Next(&batch);
    if (!more.ok()) return out + ErrorText(more.status());
    if (!*more) return out;
    for (const std::string& row : RowTexts(batch)) out += row + "\n";
  }
}

std::string RowsOf(const Format& format, std::string_view bytes, std::string_view ddl,
                   const Options& options, const std::vector<std::string>& selected) {
  TestFiles files;
  files.Write("/in/file", bytes);
  return ReadRows(files, "/in/file", MakeRequest(ddl, options, selected), format);
}

std::string InferredDdl(const Format& format, std::string_view bytes, const Options& options) {
  TestFiles files;
  files.Write("/in/file", bytes);
  const Result<SchemaPtr> schema = format.InferSchema(files.env(), {"/in/file"}, options);
  return schema.ok() ? (*schema)->Ddl() : ErrorText(schema.status());
}

std::string WrittenBytes(const Format& format, const Batch& batch, const Options& options,
                         const std::string& session_zone) {
  TestFiles files;
  FormatWriteRequest request;
  request.options = options;
  request.schema = batch.schema();
  request.session_zone = session_zone;
  Must(files.env().files().CreateDirectories("/out"));
  auto writer = format.OpenWriter(files.env(), "/out/file", request);
  if (!writer.ok()) return ErrorText(writer.status());
  Must((*writer)->Write(batch));
  Must((*writer)->Finish(true));
  std::string bytes = files.Read("/out/file");
  THALWEG_CHECK(static_cast<int64_t>(bytes.size()) == (*writer)->bytes_written(), "bytes_written");
  return bytes;
}

}  // namespace thalweg
