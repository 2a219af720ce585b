#include "streaming/checkpoint_report.h"

#include <gtest/gtest.h>

#include "streaming/test_query.h"

namespace thalweg {
namespace {

/// A query that has run a few epochs; its state has a base and deltas, its log what belongs to it.
std::unique_ptr<TestQuery> Ran(int epochs) {
  auto query = std::make_unique<TestQuery>(
      TestQuerySpec{.by_key = true, .conf = {{"thalweg.state.sealInterval", "0"}}});
  EXPECT_TRUE(query->Start().ok());
  for (int i = 0; i < epochs; ++i) {
    const std::string second = std::to_string(10 + i);
    query->Add(second + " ann " + second + " bob " + second + " key" + second);
    EXPECT_TRUE(query->RunOnce().ok());
  }
  return query;
}

std::vector<std::string> FilesBelow(FileSystem& files, const std::string& directory) {
  std::vector<std::string> paths;
  const Result<std::vector<FileInfo>> listed = files.List(directory);
  for (const FileInfo& info : *listed) {
    const std::string path = JoinPath(directory, info.name);
    if (!info.is_directory) {
      paths.push_back(path);
      continue;
    }
    for (std::string& below : FilesBelow(files, path)) paths.push_back(std::move(below));
  }
  return paths;
}

/// An old version of the state that is kept, and that the newest one does not build on.
bool NeedsNot(const CheckpointReport& report, const std::string& path) {
  return path.find("/state/") != std::string::npos && report.state.chain_status.ok();
}

TEST(CheckpointReport, TellsWhatAQueryHasWritten) {
  const auto query = Ran(5);
  const std::string id = query->loop().query_id();
  ASSERT_TRUE(query->Stop().ok());
  FileSystem& files = query->world().NewLife().files();
  const CheckpointReport report = ReadCheckpoint(files, query->options().checkpoint);
  EXPECT_TRUE(report.damages.empty()) << report.damages[0].ToString();
  EXPECT_EQ(report.query_id, id);
  ASSERT_EQ(report.epochs.size(), 5u);
  EXPECT_EQ(report.epochs[4].epoch.epoch, 4);
  ASSERT_TRUE(report.epochs[4].commit.has_value());
  EXPECT_EQ(report.epochs[4].commit->read[0].rows, 3);
  EXPECT_EQ(report.log.durable_state, 4);
  ASSERT_FALSE(report.state.chain.empty());
  EXPECT_EQ(report.state.files.back().version, 4);
  ASSERT_EQ(report.state.files.back().containers.size(), 1u);
  EXPECT_GT(report.state.files.back().containers[0].written, 0);
}

TEST(CheckpointReport, NamesFileAndByteOfEveryFlippedBit) {
  const auto query = Ran(5);
  const std::string checkpoint = query->options().checkpoint;
  ASSERT_TRUE(query->Stop().ok());
  FileSystem& files = query->world().NewLife().files();
  const int64_t last_whole = ReadCheckpoint(files, checkpoint).segments.back().size_bytes;
  for (const std::string& path : FilesBelow(files, checkpoint)) {
    if (path.ends_with("/LOCK")) continue;
    const int64_t bytes = files.Stat(path)->size_bytes;
    for (int64_t byte = 0; byte<bytes; byte += bytes> 4000 ? 37 : 1) {
      ASSERT_TRUE(query->world().FlipBit(path, 8 * byte + byte % 8).ok());
      const CheckpointReport report = ReadCheckpoint(files, checkpoint);
      ASSERT_TRUE(query->world().FlipBit(path, 8 * byte + byte % 8).ok());
      if (report.damages.empty()) {  // the last record of the log: a torn tail looks like that
        ASSERT_NE(path.find("/log/"), std::string::npos) << path << " " << byte;
        ASSERT_LE(report.segments.back().torn_at, byte);
        ASSERT_GT(byte, last_whole - 100);
        continue;
      }
      const std::string text = report.damages[0].ToString();
      ASSERT_NE(text.find(path), std::string::npos) << text;
      ASSERT_NE(text.find("byte"), std::string::npos) << text;
    }
  }
  EXPECT_TRUE(ReadCheckpoint(files, checkpoint).damages.empty());
}

TEST(CheckpointReport, NamesAFileThatIsCutOrGone) {
  const auto query = Ran(5);
  const std::string checkpoint = query->options().checkpoint;
  ASSERT_TRUE(query->Stop().ok());
  FileSystem& files = query->world().NewLife().files();
  for (const std::string& path : FilesBelow(files, checkpoint)) {
    if (path.ends_with("/LOCK")) continue;
    const std::string whole = *ReadFile(files, path);
    for (size_t length = 0; length < whole.size(); length += whole.size() / 20 + 1) {
      ASSERT_TRUE(WriteFileAtomically(files, path, whole.substr(0, length), false).ok());
      const CheckpointReport report = ReadCheckpoint(files, checkpoint);
      const bool log = path.find("/log/") != std::string::npos;
      ASSERT_TRUE(!report.damages.empty() || (log && !report.notes.empty())) << path << length;
    }
    ASSERT_TRUE(files.Remove(path).ok());
    const CheckpointReport gone = ReadCheckpoint(files, checkpoint);
    EXPECT_TRUE(!gone.damages.empty() || NeedsNot(gone, path)) << path;
    ASSERT_TRUE(WriteFileAtomically(files, path, whole, false).ok());
  }
}

TEST(CheckpointReport, FindsTheCheckpointsOfTablesAndFlows) {
  SimWorld world({});
  FileSystem& files = world.NewLife().files();
  EXPECT_EQ(FindCheckpoints(files, "/none").status().condition(), "THALWEG_NO_CHECKPOINT");
  ASSERT_TRUE(files.CreateDirectories("/all/t/f/log").ok());
  ASSERT_TRUE(files.CreateDirectories("/all/t/g/log").ok());
  ASSERT_TRUE(files.CreateDirectories("/all/u/f/log").ok());
  ASSERT_TRUE(files.CreateDirectories("/all/u/other").ok());
  EXPECT_EQ(*FindCheckpoints(files, "/all"),
            (std::vector<std::string>{"/all/t/f", "/all/t/g", "/all/u/f"}));
  EXPECT_EQ(*FindCheckpoints(files, "/all/u/f"), (std::vector<std::string>{"/all/u/f"}));
}

}  // namespace
}  // namespace thalweg
