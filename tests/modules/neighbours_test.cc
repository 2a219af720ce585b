// The Arrow library brings copies of OpenSSL, re2 and simdjson. Behind its module it lives in one
// process with Debian's, and with gRPC, which uses the first two: each side finds its own code.
#include <dlfcn.h>
#include <simdjson.h>

#include <string>

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <re2/re2.h>

#include "base/env.h"
#include "data/test_rows.h"
#include "formats/arrow/arrow_library.h"
#include "formats/test_files.h"

namespace thalweg {
namespace {

void CheckRe2() {
  std::string number;
  EXPECT_TRUE(RE2::PartialMatch("hello 42 x", "(\\d+)", &number));
  EXPECT_EQ(number, "42");
  EXPECT_FALSE(RE2::FullMatch("hello", "h.*x$"));
}

void CheckSimdjson() {
  simdjson::ondemand::parser parser;
  const simdjson::padded_string text(std::string(R"({"a":[1,2,3],"b":{"c":3.5},"d":"text"})"));
  auto document = parser.iterate(text);
  int64_t sum = 0;
  for (auto element : document["a"].get_array()) sum += element.get_int64().value();
  EXPECT_EQ(sum, 6);
  EXPECT_EQ(document["b"]["c"].get_double().value(), 3.5);
  EXPECT_EQ(document["d"].get_string().value(), "text");
}

void CheckOpenSsl() {
  SSL_CTX* const context = SSL_CTX_new(TLS_method());
  ASSERT_NE(context, nullptr);
  SSL_CTX_free(context);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  ASSERT_EQ(EVP_Digest("abc", 3, digest, &length, EVP_sha256(), nullptr), 1);
  EXPECT_EQ(length, 32u);
  EXPECT_EQ(digest[0], 0xba);
  EXPECT_EQ(digest[31], 0xad);
}

/// A server and a call of a method that it does not have, over a TLS-free channel of localhost.
void CheckGrpc() {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  grpc::AsyncGenericService service;
  builder.RegisterAsyncGenericService(&service);
  const auto queue = builder.AddCompletionQueue();
  const auto server = builder.BuildAndStart();
  ASSERT_NE(server, nullptr);
  const auto channel =
      grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials());
  EXPECT_TRUE(channel->WaitForConnected(
      gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_seconds(10, GPR_TIMESPAN))));
  EXPECT_NE(grpc::SslCredentials(grpc::SslCredentialsOptions()), nullptr);
  server->Shutdown();
  queue->Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) {
  }
}

void CheckParquet() {
  for (const char* codec : {"snappy", "zstd", "gzip", "lz4"}) {
    const Batch batch = MakeBatch("a BIGINT, s STRING, t TIMESTAMP",
                                  "1, ann, 2024-01-01 00:00:00\nnull, a longer text than that, "
                                  "1969-12-31 23:59:59.5\n");
    const std::string bytes = WrittenBytes(*FindFormat("parquet"), batch, {{"compression", codec}});
    EXPECT_EQ(RowsOf(*FindFormat("parquet"), bytes, "a BIGINT, s STRING, t TIMESTAMP"),
              "1, ann, 2024-01-01 00:00:00\n"
              "null, a longer text than that, 1969-12-31 23:59:59.5\n");
  }
}

TEST(NeighboursTest, EachSideFindsItsOwnCode) {
  const auto check_ours = [] {
    CheckRe2();
    CheckSimdjson();
    CheckOpenSsl();
    CheckGrpc();
  };
  EXPECT_EQ(dlopen("libarrow.so.2600", RTLD_NOW | RTLD_NOLOAD), nullptr) << "loaded too early";
  check_ours();
  for (int i = 0; i < 2; ++i) {
    CheckParquet();
    check_ours();
  }
}

TEST(NeighboursTest, NothingOfArrowCanBeSeenFromHere) {
  ASSERT_TRUE(OpenArrow().ok());
  EXPECT_EQ(dlsym(RTLD_DEFAULT, "thalweg_arrow_module"), nullptr);
}

}  // namespace
}  // namespace thalweg
