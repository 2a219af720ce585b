#include "base/note_file.h"

#include <gtest/gtest.h>

#include "base/sim/sim_env.h"

namespace thalweg {
namespace {

const std::string kPath = "/q/note";

TEST(NoteFile, GivesBackWhatWasWritten) {
  SimWorld world({});
  FileSystem& files = world.NewLife().files();
  ASSERT_TRUE(files.CreateDirectories("/q").ok());
  for (const std::string text : {"", "one", "two\nlines\n", "{\"id\":\"x\"}"}) {
    ASSERT_TRUE(WriteNote(files, kPath, "test", text, false).ok());
    EXPECT_EQ(*ReadNote(files, kPath, "test"), text);
    EXPECT_TRUE(VerifyNote(files, kPath).ok());
  }
  EXPECT_EQ(ReadNote(files, kPath, "other").status().condition(), "THALWEG_CHECKPOINT_DAMAGED");
}

TEST(NoteFile, SeesEveryFlippedBitAndEveryCut) {
  SimWorld world({});
  FileSystem& files = world.NewLife().files();
  ASSERT_TRUE(files.CreateDirectories("/q").ok());
  ASSERT_TRUE(WriteNote(files, kPath, "test", "a text\nof two lines", false).ok());
  const std::string whole = *ReadFile(files, kPath);
  for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_TRUE(WriteFileAtomically(files, kPath, bytes, false).ok());
    EXPECT_EQ(VerifyNote(files, kPath).condition(), "THALWEG_CHECKPOINT_DAMAGED") << bit;
    EXPECT_EQ(ReadNote(files, kPath, "test").status().condition(), "THALWEG_CHECKPOINT_DAMAGED");
  }
  for (size_t length = 0; length < whole.size(); ++length) {
    ASSERT_TRUE(WriteFileAtomically(files, kPath, whole.substr(0, length), false).ok());
    EXPECT_EQ(VerifyNote(files, kPath).condition(), "THALWEG_CHECKPOINT_DAMAGED") << length;
  }
}

TEST(NoteFile, ANewerFormatIsRefusedAsSuch) {
  SimWorld world({});
  FileSystem& files = world.NewLife().files();
  ASSERT_TRUE(files.CreateDirectories("/q").ok());
  // The writer of a later format writes the same three parts.
  ASSERT_TRUE(WriteNote(files, kPath, "test, format 3, oldest reader 2\nx", "y", false).ok());
  EXPECT_EQ(ReadNote(files, kPath, "test").status().condition(), "THALWEG_CHECKPOINT_FORMAT");
}

}  // namespace
}  // namespace thalweg
