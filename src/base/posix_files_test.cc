#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/env.h"
#include "base/ids.h"

namespace thalweg {
namespace {

class PosixFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    char path[] = "/tmp/thalweg-files-XXXXXX";
    ASSERT_NE(mkdtemp(path), nullptr);
    directory_ = path;
  }
  void TearDown() override { EXPECT_TRUE(files_.RemoveRecursively(directory_).ok()); }
  std::string At(const std::string& name) const { return JoinPath(directory_, name); }

  std::unique_ptr<Env> env_ = NewPosixEnv(1);
  FileSystem& files_ = env_->files();
  std::string directory_;
};

// What `text` gives in a child process, which may change who it is.
template <class Text>
std::string InChild(Text text) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    const std::string result = text();
    const bool written = write(ends[1], result.data(), result.size()) >= 0;
    _exit(written ? 0 : 1);
  }
  close(ends[1]);
  std::string result(1000, '\0');
  const ssize_t length = read(ends[0], result.data(), result.size());
  result.resize(static_cast<size_t>(std::max<ssize_t>(length, 0)));
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return result;
}

TEST_F(PosixFilesTest, WritesGoOnAndAreRead) {
  {
    auto file = *files_.Create(At("f"));
    ASSERT_TRUE(file->Append("hello ").ok());
    ASSERT_TRUE(file->Sync().ok());
    EXPECT_EQ(file->size_bytes(), 6);
  }
  {
    auto file = *files_.OpenAppend(At("f"));
    EXPECT_EQ(file->size_bytes(), 6);
    ASSERT_TRUE(file->Append("world").ok());
  }
  EXPECT_EQ(*ReadFile(files_, At("f")), "hello world");
  auto file = *files_.OpenRead(At("f"));
  EXPECT_EQ(file->size_bytes(), 11);
  char bytes[20] = {};
  EXPECT_EQ(*file->ReadAt(6, 20, bytes), 5);
  EXPECT_STREQ(bytes, "world");
  EXPECT_EQ(*file->ReadAt(11, 5, bytes), 0);
  EXPECT_EQ((*files_.Create(At("f")))->size_bytes(), 0);
  EXPECT_EQ(*ReadFile(files_, At("f")), "");
}

TEST_F(PosixFilesTest, ReadFileReadsAnySize) {
  for (size_t size : {0, 1, 511, 512, 513, 100'000}) {
    ASSERT_TRUE(WriteFileAtomically(files_, At("f"), std::string(size, 'x'), false).ok());
    EXPECT_EQ(ReadFile(files_, At("f"))->size(), size);
  }
  EXPECT_GT(ReadFile(files_, "/proc/self/status")->size(), 100u);  // says that it has 0 bytes
}

TEST_F(PosixFilesTest, DirectoriesAreMadeListedAndRemoved) {
  ASSERT_TRUE(files_.CreateDirectories(At("a/b/c")).ok());
  ASSERT_TRUE(files_.CreateDirectories(At("a/b/c")).ok());
  ASSERT_TRUE(WriteFileAtomically(files_, At("a/z"), "123", true).ok());
  const std::vector<FileInfo> infos = *files_.List(At("a"));
  ASSERT_EQ(infos.size(), 2u);
  EXPECT_EQ(infos[0].name, "b");
  EXPECT_TRUE(infos[0].is_directory);
  EXPECT_EQ(infos[1].name, "z");
  EXPECT_EQ(infos[1].size_bytes, 3);
  EXPECT_NEAR(static_cast<double>(infos[1].modified_us), static_cast<double>(env_->clock().NowUs()),
              60e6);
  EXPECT_EQ(files_.Stat(At("a/z"))->name, "z");
  EXPECT_FALSE(files_.Remove(At("a/b")).ok());
  ASSERT_TRUE(files_.Remove(At("a/b/c")).ok());
  ASSERT_TRUE(files_.RemoveRecursively(At("a")).ok());
  ASSERT_TRUE(files_.RemoveRecursively(At("a")).ok());
  EXPECT_FALSE(*files_.Exists(At("a")));
}

TEST_F(PosixFilesTest, RenameReplacesAndTruncateCuts) {
  ASSERT_TRUE(WriteFileAtomically(files_, At("f"), "old", false).ok());
  ASSERT_TRUE(WriteFileAtomically(files_, At("g"), "newer", false).ok());
  ASSERT_TRUE(files_.Rename(At("g"), At("f")).ok());
  ASSERT_TRUE(files_.SyncDirectory(directory_).ok());
  ASSERT_TRUE(files_.Truncate(At("f"), 3).ok());
  EXPECT_EQ(*ReadFile(files_, At("f")), "new");
  EXPECT_FALSE(*files_.Exists(At("g")));
}

TEST_F(PosixFilesTest, ErrorsNamePathCauseAndRemedy) {
  EXPECT_EQ(files_.OpenRead(At("none")).status().message(),
            "Cannot open '" + At("none") +
                "': No such file or directory. Check that the path exists and is spelled right.");
  EXPECT_EQ(files_.OpenRead(directory_).status().message(),
            "Cannot open '" + directory_ + "': Is a directory. Name a file, not a directory.");
  EXPECT_EQ(files_.Rename(At("x"), At("y")).message().substr(0, 60),
            ("Cannot rename '" + At("x") + "' to '" + At("y") + "': ").substr(0, 60));
  ASSERT_TRUE(WriteFileAtomically(files_, At("f"), "x", false).ok());
  EXPECT_FALSE(files_.CreateDirectories(At("f")).ok());
  EXPECT_FALSE(files_.List(At("f")).ok());
  EXPECT_FALSE(files_.Truncate(At("none"), 0).ok());
  EXPECT_FALSE(files_.SyncDirectory(At("none")).ok());
  EXPECT_FALSE(files_.Stat(At("none")).ok());
  auto full = *files_.OpenAppend("/dev/full");
  EXPECT_EQ(full->Append("x").message(),
            "Cannot write to '/dev/full': No space left on device. Free space on that disk, or use "
            "another one.");
}

TEST_F(PosixFilesTest, NoPermission) {
  ASSERT_TRUE(WriteFileAtomically(files_, At("f"), "x", false).ok());
  ASSERT_EQ(chmod(At("f").c_str(), 0), 0);
  const std::string message = InChild([&] {
    if (geteuid() == 0 && setuid(65534) != 0) return std::string("cannot give up rights");
    return files_.OpenRead(At("f")).status().message();
  });
  EXPECT_NE(message.find("Permission denied. Give this user permission for it, or use another"),
            std::string::npos)
      << message;
}

TEST_F(PosixFilesTest, ALockNamesItsHolder) {
  auto lock = *files_.Lock(At("LOCK"), "query 7 (process 12)");
  const Status second = files_.Lock(At("LOCK"), "other").status();
  EXPECT_EQ(second.condition(), "THALWEG_CHECKPOINT_IN_USE");
  EXPECT_EQ(second.message(), "The checkpoint " + directory_ +
                                  " is in use by query 7 (process 12). Stop that query first, or "
                                  "use another checkpoint.");
  const std::string other =
      InChild([&] { return files_.Lock(At("LOCK"), "x").status().message(); });
  EXPECT_EQ(other, second.message());
  lock.reset();
  EXPECT_TRUE(files_.Lock(At("LOCK"), "other").ok());
}

TEST_F(PosixFilesTest, AKilledHolderLosesItsLock) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto lock = files_.Lock(At("LOCK"), "the child");
    const bool told = write(ends[1], lock.ok() ? "1" : "0", 1) == 1;
    while (told) pause();
    _exit(1);
  }
  char held = '?';
  ASSERT_EQ(read(ends[0], &held, 1), 1);
  ASSERT_EQ(held, '1');
  EXPECT_NE(files_.Lock(At("LOCK"), "me").status().message().find("the child"), std::string::npos);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(files_.Lock(At("LOCK"), "me").ok());
  close(ends[0]);
  close(ends[1]);
}

TEST(PathTest, JoinPath) {
  EXPECT_EQ(JoinPath("a/b", "c"), "a/b/c");
  EXPECT_EQ(JoinPath("a/b/", "c"), "a/b/c");
  EXPECT_EQ(JoinPath("", "c"), "c");
  EXPECT_EQ(JoinPath("/", "c"), "/c");
}

TEST(IdsTest, UuidsAreOfVersionFourAndDiffer) {
  const std::unique_ptr<Env> env = NewPosixEnv(1);
  const std::string first = NewUuid(*env);
  ASSERT_EQ(first.size(), 36u);
  for (size_t i = 0; i < first.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    EXPECT_EQ(first[i] == '-', dash) << first;
    if (dash) continue;
    EXPECT_NE(std::string("0123456789abcdef").find(first[i]), std::string::npos);
  }
  EXPECT_EQ(first[14], '4');
  EXPECT_NE(std::string("89ab").find(first[19]), std::string::npos);
  EXPECT_NE(NewUuid(*env), first);
}

}  // namespace
}  // namespace thalweg
