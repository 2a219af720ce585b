// NarrowStructs: what is left of a struct column of a read under several plans.
#include <gtest/gtest.h>

#include "data/ddl.h"
#include "optimizer/rules.h"
#include "optimizer/verify_plan.h"

namespace thalweg {
namespace {

constexpr const char* kWhole = "STRUCT<a: INT, b: INT, in: STRUCT<x: INT, y: INT>>";

/// A table that is only looked at.
class Nested final : public Table {
 public:
  explicit Nested(bool reads_parts) {
    info_.description = "n";
    info_.reads_parts = reads_parts;
    info_.schema = *ParseDdl(std::string("s ") + kWhole);
  }
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override { return Status::Bug("only looked at"); }
  Result<std::unique_ptr<Sink>> OpenSink() override { return Status::Bug("only looked at"); }

 private:
  TableInfo info_;
};

ExprPtr Bind(const char* name, std::vector<ExprPtr> arguments) {
  return *FunctionRegistry::BuiltIn().Bind(name, std::move(arguments), {});
}

ExprPtr FieldOf(const ExprPtr& of, const char* name) {
  return Bind("$extract", {of, MakeLiteral(Value::String(name))});
}

/// The type of the column that is read after the rule.
std::string TypeRead(const RelationPtr& plan) {
  OptimizerContext context;
  context.functions = &FunctionRegistry::BuiltIn();
  RelationPtr below = *NarrowStructs(plan, context);
  EXPECT_TRUE(VerifyPlan(*plan, below, "NarrowStructs").ok());
  EXPECT_EQ(ToTreeString(below), ToTreeString(plan));  // the same but for types
  EXPECT_EQ(*NarrowStructs(below, context), below);    // and done
  while (!Inputs(*below).empty()) below = Inputs(*below)[0];
  return below->output[0]->type->Sql();
}

TEST(NarrowStructsTest, KeepsFieldsThatAreRead) {
  const RelationPtr read = MakeRead(std::make_shared<Nested>(true), false);
  const ExprPtr s = FindOutput(read, "s");
  const RelationPtr filtered =
      MakeFilter(read, Bind(">", {FieldOf(s, "a"), MakeLiteral(Value::Int(0))}));
  const ExprPtr x = MakeAlias(FieldOf(FieldOf(s, "in"), "x"), "x");
  EXPECT_EQ(TypeRead(MakeProject(filtered, {x})), "STRUCT<a: INT, in: STRUCT<x: INT>>");
  const RelationPtr picked = MakeProject(filtered, {s});
  const ExprPtr count = MakeAlias(Bind("count", {MakeLiteral(Value::Int(1))}), "n");
  EXPECT_EQ(TypeRead(MakeAggregate(picked, {x}, {ToAttribute(x), count})),
            "STRUCT<a: INT, in: STRUCT<x: INT>>");
  EXPECT_EQ(TypeRead(MakeProject(read, {MakeAlias(FieldOf(s, "in"), "in")})),
            "STRUCT<in: STRUCT<x: INT, y: INT>>");
}

TEST(NarrowStructsTest, LeavesWhatIsReadAsAWhole) {
  const RelationPtr read = MakeRead(std::make_shared<Nested>(true), false);
  const ExprPtr s = FindOutput(read, "s");
  const ExprPtr a = MakeAlias(FieldOf(s, "a"), "a");
  EXPECT_EQ(TypeRead(MakeProject(read, {a, s})), kWhole);
  EXPECT_EQ(TypeRead(MakeProject(read, {a, MakeAlias(Bind("isnull", {s}), "none")})), kWhole);
  EXPECT_EQ(TypeRead(MakeFilter(read, Bind("isnotnull", {FieldOf(s, "a")}))), kWhole);
  const RelationPtr fixed = MakeRead(std::make_shared<Nested>(false), false);
  const ExprPtr other = MakeAlias(FieldOf(FindOutput(fixed, "s"), "a"), "a");
  EXPECT_EQ(TypeRead(MakeProject(fixed, {other})), kWhole);
}

}  // namespace
}  // namespace thalweg
