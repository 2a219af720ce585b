#include "base/status.h"

#include <memory>

#include <gtest/gtest.h>

namespace thalweg {
namespace {

TEST(StatusTest, OkIsEmpty) {
  const Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.ToString(), "OK");
  EXPECT_EQ(status.condition(), "");
  EXPECT_EQ(status.message(), "");
  EXPECT_EQ(status.place().line, 0);
}

TEST(StatusTest, UserErrorFillsItsTemplate) {
  const Status status =
      Status::User("CAST_INVALID_INPUT",
                   {{"expression", "'a<b>c'"}, {"sourceType", "STRING"}, {"targetType", "INT"}},
                   {.line = 2, .column = 8, .begin = 20, .end = 25});
  EXPECT_EQ(status.kind(), ErrorKind::kUser);
  EXPECT_EQ(status.condition(), "CAST_INVALID_INPUT");
  EXPECT_EQ(status.sqlstate(), "22018");
  EXPECT_EQ(status.message(),
            "The value 'a<b>c' of type STRING cannot be cast to INT because it is malformed. "
            "Use try_cast to get NULL instead.");
  EXPECT_EQ(status.ToString(),
            "[CAST_INVALID_INPUT] The value 'a<b>c' of type STRING cannot be "
            "cast to INT because it is malformed. Use try_cast to get NULL "
            "instead (line 2, column 8). SQLSTATE: 22018");
  EXPECT_EQ(status.place().begin, 20);
  ASSERT_EQ(status.parameters().size(), 3u);
  EXPECT_EQ(status.parameters()[1].second, "STRING");
}

TEST(StatusTest, MissingParameterStaysVisible) {
  const Status status = Status::User("DIVIDE_BY_ZERO");
  EXPECT_EQ(status.message(),
            "Division by zero. Use try_divide to get NULL instead, or set <config> to \"false\".");
}

TEST(StatusTest, UnknownConditionIsABug) {
  const Status status = Status::User("NO_SUCH_CONDITION");
  EXPECT_EQ(status.kind(), ErrorKind::kBug);
  EXPECT_EQ(status.condition(), "INTERNAL_ERROR");
  EXPECT_NE(status.message().find("NO_SUCH_CONDITION"), std::string::npos);
}

TEST(StatusTest, LegacyCarriesSparksNumber) {
  const Status status = Status::Legacy(64, "It cannot be.");
  EXPECT_EQ(status.condition(), "_LEGACY_ERROR_TEMP_0064");
  EXPECT_EQ(status.ToString(), "[_LEGACY_ERROR_TEMP_0064] It cannot be.");
}

TEST(StatusTest, WorldErrors) {
  EXPECT_EQ(Status::World("The disk is gone.").ToString(), "The disk is gone.");
  EXPECT_EQ(Status::World("The disk is gone.").kind(), ErrorKind::kWorld);
  const Status named = Status::World("THALWEG_CHECKPOINT_IN_USE", {{"path", "/c"}, {"owner", "x"}});
  EXPECT_EQ(named.kind(), ErrorKind::kWorld);
  EXPECT_EQ(named.sqlstate(), "55006");
  EXPECT_NE(named.message().find("/c is in use by x"), std::string::npos);
}

TEST(StatusTest, PlaceIsFilledInOnce) {
  const SqlPlace first{.line = 1, .column = 2, .begin = 1, .end = 3};
  const SqlPlace second{.line = 9, .column = 9, .begin = 90, .end = 91};
  const Status status = NotSupportedYet("x").WithPlace(first).WithPlace(second);
  EXPECT_EQ(status.place().line, 1);
  EXPECT_TRUE(Status().WithPlace(first).ok());
}

TEST(StatusTest, ContextIsAddedToACopy) {
  const Status status = Status::World("It failed.");
  EXPECT_EQ(status.WithContext("line 3 of f.json").message(), "It failed (line 3 of f.json).");
  EXPECT_EQ(status.message(), "It failed.");
}

TEST(StatusTest, TableIsSortedAndComplete) {
  const char* previous = "";
  for (const ErrorCondition& condition : {
#define X(name, sqlstate, message) ErrorCondition{name, sqlstate, message},
#include "base/error_conditions.inc"
#undef X
       }) {
    EXPECT_LT(std::string(previous), condition.name);
    EXPECT_EQ(std::string(condition.sqlstate).size(), 5u) << condition.name;
    EXPECT_NE(std::string(condition.message), "") << condition.name;
    previous = condition.name;
  }
}

Result<std::unique_ptr<int>> Halve(int x) {
  if (x % 2 != 0) return Status::World("odd");
  return std::make_unique<int>(x / 2);
}

Result<int> Quarter(int x) {
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<int> half, Halve(x));
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<int> quarter, Halve(*half));
  return *quarter;
}

TEST(ResultTest, ValuesAndErrorsPassThrough) {
  ASSERT_TRUE(Quarter(12).ok());
  EXPECT_EQ(*Quarter(12), 3);
  EXPECT_EQ(Quarter(6).status().message(), "odd");
}

TEST(ResultDeathTest, AnOkStatusIsNoResult) {
  EXPECT_DEATH((void)Result<int>(Status::OK()), "a Result made from an OK status has no value");
}

}  // namespace
}  // namespace thalweg
