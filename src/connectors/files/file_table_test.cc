// Files that cannot be read or written: each is an error that names the file, and nothing is lost:
// what was not committed is read or written again.
#include "connectors/files/file_table.h"

#include <gtest/gtest.h>

#include "base/sim/sim_env.h"
#include "connectors/files/manifest.h"
#include "data/test_rows.h"

namespace thalweg {
namespace {

constexpr char kDdl[] = "n BIGINT, s STRING";

void Must(const Status& status) {
  ASSERT_TRUE(status.ok()) << status.ToString();
}

/// "CONDITION: message", which both a test wants to see.
std::string Text(const Status& status) {
  return status.condition() + ": " + status.message();
}

class FileTableTest : public testing::Test {
 protected:
  FileSystem& files() { return env_.files(); }
  void Write(const std::string& path, std::string_view bytes) {
    Must(files().CreateDirectories(DirectoryOf(path)));
    Must(WriteFileAtomically(files(), path, bytes, false));
  }
  TablePtr Reading(const std::string& format, const std::string& path, bool streaming = true) {
    FileReadOptions options;
    options.format = FindFormat(format);
    options.paths = {path};
    options.schema = MakeSchema(kDdl);
    options.streaming = streaming;
    Result<TablePtr> table = MakeFileReadTable(env_, std::move(options));
    EXPECT_TRUE(table.ok()) << table.status().ToString();
    return table.ok() ? *table : nullptr;
  }
  /// Opens the source of a stream whose checkpoint is /checkpoint.
  Result<std::unique_ptr<Source>> Open(const TablePtr& table) {
    THALWEG_ASSIGN_OR_RETURN(std::unique_ptr<Source> source, table->OpenSource());
    SourceContext context;
    context.env = &env_;
    context.directory = "/checkpoint";
    THALWEG_RETURN_NOT_OK(source->Open(context, Offset()));
    return source;
  }
  /// All rows up to what is there, a line each.
  Result<std::string> Rows(Source& source) {
    Offset to;
    THALWEG_RETURN_NOT_OK(source.Latest(Offset(), ReadLimits(), nullptr, &to));
    ScanRequest request;
    request.schema = MakeSchema(kDdl);
    request.columns = {0, 1};
    std::vector<BatchReader*> readers;
    THALWEG_RETURN_NOT_OK(source.Read(request, Offset(), to, &readers));
    std::string rows;
    for (BatchReader* reader : readers) {
      Batch batch;
      while (true) {
        THALWEG_ASSIGN_OR_RETURN(const bool more, reader->Next(&batch));
        if (!more) break;
        for (const std::string& row : RowTexts(batch)) rows += row + "\n";
      }
    }
    return rows;
  }
  /// Writes one epoch of one lane and commits it.
  Status WriteEpoch(const std::string& format, int64_t epoch, const Batch& batch) {
    FileWriteOptions options;
    options.format = FindFormat(format);
    options.path = "/out";
    options.schema = MakeSchema(kDdl);
    THALWEG_ASSIGN_OR_RETURN(const TablePtr table, MakeFileWriteTable(env_, std::move(options)));
    THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<Sink> sink, table->OpenSink());
    SinkContext context;
    context.env = &env_;
    context.query_id = "q";
    THALWEG_RETURN_NOT_OK(sink->Open(context));
    THALWEG_ASSIGN_OR_RETURN(BatchWriter* const writer, sink->Writer(epoch, 0));
    THALWEG_RETURN_NOT_OK(writer->Write(batch));
    std::string part;
    THALWEG_RETURN_NOT_OK(writer->Finish(&part));
    return sink->Commit(epoch, {part});
  }
  std::string Written() {
    FileReadOptions options;
    options.format = FindFormat("parquet");
    options.paths = {"/out"};
    options.schema = MakeSchema(kDdl);
    Result<TablePtr> table = MakeFileReadTable(env_, std::move(options));
    if (!table.ok()) return Text(table.status());
    const Result<std::unique_ptr<Source>> source = (*table)->OpenSource();
    SourceContext context;
    context.env = &env_;
    context.streaming = false;
    Must((*source)->Open(context, Offset()));
    const Result<std::string> rows = Rows(**source);
    return rows.ok() ? *rows : Text(rows.status());
  }

  SimWorld world_{SimOptions()};
  Env& env_ = world_.NewLife();
};

TEST_F(FileTableTest, AMissingDirectory) {
  FileReadOptions options;
  options.format = FindFormat("json");
  options.paths = {"/nowhere"};
  options.schema = MakeSchema(kDdl);
  const Status status = MakeFileReadTable(env_, std::move(options)).status();
  EXPECT_EQ(status.condition(), "PATH_NOT_FOUND");
  EXPECT_NE(status.message().find("/nowhere"), std::string::npos);
}

// The file was there when the epoch was planned. Its rows come when it is back.
TEST_F(FileTableTest, AFileThatGoesAway) {
  Write("/in/a.json", R"({"n":1,"s":"ann"})");
  const TablePtr table = Reading("json", "/in");
  auto source = Open(table);
  ASSERT_TRUE(source.ok());
  EXPECT_EQ(*Rows(**source), "1, ann\n");
  Must(files().Rename("/in/a.json", "/elsewhere"));
  const Result<std::string> gone = Rows(**source);
  EXPECT_NE(Text(gone.status()).find("/in/a.json"), std::string::npos) << Text(gone.status());
  Must(files().Rename("/elsewhere", "/in/a.json"));
  EXPECT_EQ(*Rows(**source), "1, ann\n");
}

TEST_F(FileTableTest, AGzipFileThatEndsTooEarly) {
  Must(files().CreateDirectories("/gz"));
  FormatWriteRequest request;
  request.schema = MakeSchema(kDdl);
  auto writer = FindFormat("json")->OpenWriter(env_, "/gz/a.json.gz", request);
  ASSERT_TRUE(writer.ok());
  Must((*writer)->Write(MakeBatch(kDdl, "1, ann\n2, bob\n")));
  Must((*writer)->Finish(false));
  const std::string whole = *ReadFile(files(), "/gz/a.json.gz");
  Write("/in/a.json.gz", std::string_view(whole).substr(0, whole.size() - 6));
  const TablePtr table = Reading("json", "/in");
  auto source = Open(table);
  ASSERT_TRUE(source.ok());
  const Status cut = Rows(**source).status();
  EXPECT_EQ(cut.condition(), "THALWEG_FILE_DAMAGED");
  EXPECT_NE(cut.message().find("/in/a.json.gz"), std::string::npos) << cut.message();
  Write("/in/a.json.gz", whole);
  EXPECT_EQ(*Rows(**source), "1, ann\n2, bob\n");
}

TEST_F(FileTableTest, AParquetFileThatIsHalfWritten) {
  Must(WriteEpoch("parquet", 0, MakeBatch(kDdl, "1, ann\n2, bob\n")));
  const auto committed = ReadManifest(files(), "/out");
  ASSERT_TRUE(committed.ok());
  const std::string whole = *ReadFile(files(), committed->at(0));
  Write("/in/a.parquet", std::string_view(whole).substr(0, whole.size() / 2));
  const TablePtr table = Reading("parquet", "/in");
  auto source = Open(table);
  ASSERT_TRUE(source.ok());
  const Status half = Rows(**source).status();
  EXPECT_EQ(half.condition(), "FAILED_READ_FILE.NO_HINT");
  EXPECT_NE(half.message().find("/in/a.parquet"), std::string::npos) << half.message();
  Write("/in/a.parquet", whole);
  EXPECT_EQ(*Rows(**source), "1, ann\n2, bob\n");
}

// What a full disk left behind is in no manifest; the epoch runs again when there is room.
TEST_F(FileTableTest, AFullDisk) {
  Must(WriteEpoch("parquet", 0, MakeBatch(kDdl, "1, ann\n")));
  for (const int64_t room : {0, 3, 200, 500}) {
    world_.SetDiskFullAfter(room);
    const Status full = WriteEpoch("parquet", 1, MakeBatch(kDdl, "2, bob\n"));
    EXPECT_NE(full.message().find("No space left on device"), std::string::npos) << Text(full);
    EXPECT_NE(full.message().find("/out/"), std::string::npos) << Text(full);
    world_.SetDiskFullAfter(-1);
    EXPECT_EQ(Written(), "1, ann\n");
  }
  Must(WriteEpoch("parquet", 1, MakeBatch(kDdl, "2, bob\n")));
  Must(WriteEpoch("parquet", 1, MakeBatch(kDdl, "2, bob\n")));  // committed twice is once
  EXPECT_EQ(Written(), "1, ann\n2, bob\n");
}

TEST_F(FileTableTest, ADamagedManifest) {
  Must(WriteEpoch("parquet", 0, MakeBatch(kDdl, "1, ann\n")));
  const std::string path = "/out/_spark_metadata/0";
  const std::string whole = *ReadFile(files(), path);
  const auto with = [&](const std::string& bytes) {
    Write(path, bytes);
    return Written();
  };
  for (const char* damaged :
       {"v1\n{", "v1\n[]", "v1\n{\"path\":1}", "v1\n{\"path\":\"/x\",\"action\":1}"}) {
    EXPECT_EQ(with(damaged),
              "THALWEG_MANIFEST_DAMAGED: The manifest " + path +
                  " is damaged at line 2: remove the directory, or restore the file.");
  }
  EXPECT_NE(with("v9\n").find("line 1"), std::string::npos);
  EXPECT_NE(with("v1\n{\"path\":\"/out/gone.parquet\"}").find("/out/gone.parquet"),
            std::string::npos);
  EXPECT_EQ(with(whole), "1, ann\n");
}

TEST_F(FileTableTest, ADamagedLogOfTheSource) {
  Write("/in/a.json", R"({"n":1,"s":"ann"})");
  const TablePtr table = Reading("json", "/in");
  auto source = Open(table);
  ASSERT_TRUE(source.ok());
  EXPECT_EQ(*Rows(**source), "1, ann\n");
  const std::string whole = *ReadFile(files(), "/checkpoint/0");
  const auto refused = [&] {
    const Status status = Open(table).status();
    EXPECT_EQ(status.condition(), "THALWEG_CHECKPOINT_DAMAGED") << Text(status);
    EXPECT_NE(status.message().find("/checkpoint/0"), std::string::npos) << Text(status);
  };
  for (size_t length = 0; length < whole.size(); ++length) {
    Write("/checkpoint/0", std::string_view(whole).substr(0, length));
    refused();
  }
  for (size_t byte = 0; byte < whole.size(); ++byte) {
    Write("/checkpoint/0", whole);
    Must(world_.FlipBit("/checkpoint/0", static_cast<int64_t>(8 * byte + byte % 8)));
    const Result<std::unique_ptr<Source>> opened = Open(table);
    EXPECT_FALSE(opened.ok()) << "byte " << byte;
  }
  Write("/checkpoint/0", whole);
  auto again = Open(table);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*Rows(**again), "1, ann\n");
}

TEST_F(FileTableTest, AnOffsetThatIsNone) {
  Write("/in/a.json", "{}");
  const TablePtr table = Reading("json", "/in");
  for (const char* offset : {"x", "{}", "{\"logOffset\":\"a\"}", "{\"logOffset\":1.5}"}) {
    const auto source = table->OpenSource();
    SourceContext context;
    context.env = &env_;
    EXPECT_FALSE((*source)->Open(context, Offset{offset}).ok()) << offset;
  }
}

}  // namespace
}  // namespace thalweg
