#include "connectors/foreach/foreach_table.h"

#include <gtest/gtest.h>

namespace thalweg {
namespace {

class ForeachTest : public testing::Test {
 protected:
  ForeachTest() {
    ForeachFunctions functions;
    functions.open = [this](int64_t epoch) -> Result<bool> {
      log_ += "open" + std::to_string(epoch) + " ";
      if (epoch == 9) return Status::World("closed");
      return epoch != 2;
    };
    functions.process = [this](const Batch& rows) {
      log_ += std::to_string(rows.row_count()) + " ";
      return rows.row_count() == 3 ? Status::World("three") : Status::OK();
    };
    functions.close = [this](const Status& status) { log_ += status.ok() ? "end " : "failed "; };
    auto sink = MakeForeachTable(Schema::Make({{"a", IntType()}}), functions)->OpenSink();
    sink_ = *std::move(sink);
    EXPECT_TRUE(sink_->Open({}).ok());
  }
  static Batch Rows(int count) {
    Batch batch(Schema::Make({{"a", IntType()}}));
    for (int i = 0; i < count; ++i) AppendValue(Value::Int(i), &batch.mutable_column(0));
    batch.SetRowCount(count);
    return batch;
  }
  Status Epoch(int64_t epoch, const std::vector<int>& batches) {
    THALWEG_ASSIGN_OR_RETURN(BatchWriter * writer, sink_->Writer(epoch, 0));
    for (const int count : batches) THALWEG_RETURN_NOT_OK(writer->Write(Rows(count)));
    std::string part = "x";
    THALWEG_RETURN_NOT_OK(writer->Finish(&part));
    EXPECT_EQ(part, "");
    return sink_->Commit(epoch, {part});
  }

  std::string log_;
  std::unique_ptr<Sink> sink_;
};

TEST_F(ForeachTest, OpensProcessesAndCloses) {
  EXPECT_TRUE(Epoch(0, {2, 0, 1}).ok());
  EXPECT_TRUE(Epoch(1, {}).ok());
  EXPECT_TRUE(Epoch(2, {5}).ok());  // not wanted
  EXPECT_EQ(log_, "open0 2 1 end open1 end open2 end ");
  EXPECT_FALSE((*sink_->LastCommitted()).has_value());
}

TEST_F(ForeachTest, AFailureClosesOnceAndNamesTheEpoch) {
  const Status status = Epoch(4, {1, 3});
  EXPECT_EQ(status.condition(), "FOREACH_USER_FUNCTION_ERROR");
  EXPECT_NE(status.message().find("epoch 4: three"), std::string::npos) << status.message();
  EXPECT_EQ(log_, "open4 1 3 failed ");
  EXPECT_EQ(Epoch(9, {}).condition(), "FOREACH_USER_FUNCTION_ERROR");
  sink_.reset();
  EXPECT_EQ(log_, "open4 1 3 failed open9 ");
}

TEST_F(ForeachTest, AnAbandonedEpochIsClosedWithAnError) {
  EXPECT_TRUE((*sink_->Writer(7, 0))->Write(Rows(1)).ok());
  EXPECT_TRUE(Epoch(7, {1}).ok());
  EXPECT_TRUE(sink_->Writer(8, 0).ok());
  sink_.reset();
  EXPECT_EQ(log_, "open7 1 failed open7 1 end open8 failed ");
}

}  // namespace
}  // namespace thalweg
