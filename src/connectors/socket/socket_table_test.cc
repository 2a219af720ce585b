#include "connectors/socket/socket_table.h"

#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>

#include "connectors/socket/received_lines.h"

namespace thalweg {
namespace {

/// The other side of a connection, in the test's hands.
struct Server {
  std::mutex mutex;
  std::string bytes;
  bool closed = false;
  Status error;

  void Send(const std::string& text) {
    std::lock_guard lock(mutex);
    bytes += text;
  }
};

class FakeConnection final : public LineConnection {
 public:
  explicit FakeConnection(Server* server) : server_(server) {}
  Result<bool> Read(int64_t, std::string* bytes) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::lock_guard lock(server_->mutex);
    *bytes += std::exchange(server_->bytes, "");
    THALWEG_RETURN_NOT_OK(server_->error);
    return !server_->closed;
  }

 private:
  Server* const server_;
};

class SocketTest : public testing::Test {
 protected:
  SocketTest()
      : directory_(testing::TempDir() + "/thalweg_socket_test_" + std::to_string(getpid())) {
    std::filesystem::remove_all(directory_);
  }
  ~SocketTest() override {
    source_.reset();
    std::filesystem::remove_all(directory_);
  }

  Status Open(const Offset& from = {}) {
    source_.reset();
    const auto connect = [this](const std::string&,
                                int) -> Result<std::unique_ptr<LineConnection>> {
      return std::unique_ptr<LineConnection>(std::make_unique<FakeConnection>(&server_));
    };
    const auto table =
        MakeSocketTable({{"host", "h"}, {"port", "9"}, {"includetimestamp", "true"}}, connect);
    THALWEG_RETURN_NOT_OK(table.status());
    schema_ = (*table)->info().schema;
    THALWEG_ASSIGN_OR_RETURN(source_, (*table)->OpenSource());
    SourceContext context;
    context.env = env_.get();
    context.directory = directory_;
    return source_->Open(context, from);
  }
  /// Looks until there is something after `from`.
  Offset Latest(const Offset& from, ReadLimits limits = {}) {
    Offset to = from;
    for (int i = 0; i < 5000 && to == from; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      const Status status = source_->Latest(from, limits, nullptr, &to);
      if (!status.ok()) return {status.ToString()};
    }
    return to;
  }
  /// Looks until everything up to `wanted` is there, or says what is instead.
  Offset Reach(const std::string& wanted, const Offset& from, ReadLimits limits = {}) {
    Offset to;
    for (int i = 0; i < 5000 && to.json != wanted; ++i) to = Latest(from, limits);
    EXPECT_EQ(to.json, wanted);
    return to;
  }
  std::string Read(const Offset& from, const Offset& to) {
    ScanRequest request;
    request.schema = Schema::Make({{"value", StringType()}});
    request.columns = {0};
    std::vector<BatchReader*> readers;
    const Status status = source_->Read(request, from, to, &readers);
    if (!status.ok()) return status.ToString();
    std::string text;
    Batch batch;
    for (BatchReader* reader : readers) {
      while (*reader->Next(&batch)) {
        for (int row = 0; row < batch.physical_rows(); ++row) {
          text += GetValue(batch.column(0), row).text() + "|";
        }
      }
    }
    return text;
  }

  const std::string directory_;
  const std::unique_ptr<Env> env_ = NewPosixEnv(1);
  Server server_;
  SchemaPtr schema_;
  std::unique_ptr<Source> source_;
};

TEST_F(SocketTest, LinesAreRowsWhateverEndsThem) {
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(schema_->Ddl(), "value STRING,timestamp TIMESTAMP");
  server_.Send("one\r\ntwo\rthree\n\nfi");
  const Offset to = Reach("3", {});
  EXPECT_EQ(Read({}, to), "one|two|three||");
  server_.Send("ve\nthe end");
  server_.closed = true;
  const Offset next = Reach("5", to);
  EXPECT_EQ(Read(to, next), "five|the end|");
  EXPECT_EQ(Read({"2"}, {"4"}), "|five|");
}

TEST_F(SocketTest, AnEpochIsReadAgainAfterARestart) {
  ASSERT_TRUE(Open().ok());
  server_.Send("a\nb\n");
  const Offset first = Reach("1", {});
  ASSERT_TRUE(Open(first).ok());
  EXPECT_EQ(Read({}, first), "a|b|");
  server_.Send("c\n");
  const Offset second = Latest(first);
  EXPECT_EQ(second.json, "2");
  EXPECT_EQ(Read(first, second), "c|");
  ASSERT_TRUE(source_->Release(first).ok());
  EXPECT_NE(Read({}, first).find("not in its checkpoint"), std::string::npos);
  EXPECT_EQ(Read(first, second), "c|");
  ASSERT_TRUE(Open(second).ok());
  server_.Send("d\n");
  EXPECT_EQ(Latest(second).json, "3");
}

TEST_F(SocketTest, LimitsEndAnEpoch) {
  ASSERT_TRUE(Open().ok());
  server_.Send("a\nb\nc\n");
  ReadLimits two;
  two.rows = 2;
  const Offset first = Reach("1", {}, two);
  EXPECT_EQ(Latest(first, two).json, "2");
}

TEST_F(SocketTest, AnErrorComesAfterTheLastLine) {
  ASSERT_TRUE(Open().ok());
  server_.Send("a\n");
  const Offset first = Latest({});
  {
    std::lock_guard lock(server_.mutex);
    server_.error = Status::World("reset by peer");
  }
  EXPECT_EQ(Latest(first).json, "reset by peer");
}

TEST_F(SocketTest, DamagedNotesAreErrors) {
  ASSERT_TRUE(Open().ok());
  server_.Send("first\n");
  const Offset first = Latest({});
  server_.Send("second\n");
  (void)Latest(first);
  source_.reset();
  std::vector<std::filesystem::path> notes;
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    notes.push_back(entry.path());
  }
  std::sort(notes.begin(), notes.end());
  ASSERT_EQ(notes.size(), 2U);
  auto note = ReadFile(env_->files(), notes[1]);
  ASSERT_TRUE(note.ok());
  (*note)[note->find("second")] = 'S';
  ASSERT_TRUE(WriteFileAtomically(env_->files(), notes[1], *note, false).ok());
  EXPECT_EQ(Open(first).condition(), "THALWEG_CHECKPOINT_DAMAGED");
}

TEST_F(SocketTest, TextThatIsNoUtf8IsReplacedAsInJava) {
  EXPECT_EQ(DecodeUtf8("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(DecodeUtf8("\xE2\x82"), "\uFFFD");  // cut off: one wrong part
  EXPECT_EQ(DecodeUtf8("\xE2\x82z"), "\uFFFDz");
  EXPECT_EQ(DecodeUtf8("\xC0\x80"), "\uFFFD\uFFFD");            // overlong
  EXPECT_EQ(DecodeUtf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(DecodeUtf8("\xF0\x9F\x98"), "\uFFFD");
  EXPECT_EQ(DecodeUtf8("gr\xC3\xBC\xC3\x9F"), "grüß");
}

TEST_F(SocketTest, OptionsAreChecked) {
  const auto condition = [](const Options& options) {
    return MakeSocketTable(options).status().condition();
  };
  EXPECT_EQ(condition({{"port", "9"}}), "THALWEG_INVALID_OPTION");
  EXPECT_EQ(condition({{"host", "h"}}), "THALWEG_INVALID_OPTION");
  EXPECT_EQ(condition({{"host", "h"}, {"port", "99999"}}), "THALWEG_INVALID_OPTION");
  EXPECT_EQ(condition({{"host", "h"}, {"port", "9"}, {"hots", "x"}}), "THALWEG_UNKNOWN_OPTION");
  EXPECT_EQ(condition({{"host", "h"}, {"port", "9"}, {"includetimestamp", "maybe"}}),
            "THALWEG_INVALID_OPTION");
}

TEST_F(SocketTest, ARealConnection) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(listen(listener, 1), 0);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  const int port = ntohs(address.sin_port);
  auto connection = ConnectTcp("127.0.0.1", port);
  ASSERT_TRUE(connection.ok()) << connection.status().ToString();
  const int accepted = accept(listener, nullptr, nullptr);
  ASSERT_EQ(send(accepted, "hello\n", 6, 0), 6);
  std::string bytes;
  EXPECT_TRUE(*(*connection)->Read(1'000'000, &bytes));
  EXPECT_EQ(bytes, "hello\n");
  close(accepted);
  EXPECT_FALSE(*(*connection)->Read(1'000'000, &bytes));
  close(listener);
  const auto refused = ConnectTcp("127.0.0.1", port);
  EXPECT_NE(refused.status().message().find("cannot connect to 127.0.0.1:"), std::string::npos);
}

}  // namespace
}  // namespace thalweg
