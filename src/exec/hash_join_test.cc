// Joins of all kinds over random rows with NULLs, NaNs and duplicates, compared with two nested
// loops, to the order of the rows, in every world.
#include <cmath>
#include <functional>
#include <optional>

#include <gtest/gtest.h>

#include "data/test_random.h"
#include "exec/test_tables.h"

namespace thalweg {
namespace {

struct Row {
  std::optional<int> i;
  std::optional<double> d;
  std::optional<std::string> s;
  int n = 0;
};

struct Condition {
  const char* name;
  std::function<ExprPtr(const RelationPtr& l, const RelationPtr& r)> expr;
  std::function<bool(const Row& l, const Row& r)> holds;
};

ExprPtr Col(const RelationPtr& relation, const char* name) {
  return FindOutput(relation, name);
}

ExprPtr Int(int value) {
  return MakeLiteral(Value::Int(value));
}

template <class T>
bool Equal(const std::optional<T>& a, const std::optional<T>& b) {
  return a && b && *a == *b;
}

bool EqualDoubles(const std::optional<double>& a, const std::optional<double>& b) {
  return a && b && (*a == *b || (std::isnan(*a) && std::isnan(*b)));
}

std::vector<Condition> Conditions() {
  const auto same_i = [](const RelationPtr& l, const RelationPtr& r) {
    return TestCall("==", {Col(l, "i"), Col(r, "i")});
  };
  const auto less_n = [](const RelationPtr& l, const RelationPtr& r) {
    return TestCall("<", {Col(l, "n"), Col(r, "n")});
  };
  return {
      {"int key", same_i, [](const Row& l, const Row& r) { return Equal(l.i, r.i); }},
      {"null-safe int key",
       [](const auto& l, const auto& r) {
         return TestCall("<=>", {Col(r, "i"), Col(l, "i")});
       },
       [](const Row& l, const Row& r) { return l.i == r.i; }},
      {"double key",
       [](const auto& l, const auto& r) {
         return TestCall("==", {Col(l, "d"), Col(r, "d")});
       },
       [](const Row& l, const Row& r) { return EqualDoubles(l.d, r.d); }},
      {"string key",
       [](const auto& l, const auto& r) {
         return TestCall("==", {Col(l, "s"), Col(r, "s")});
       },
       [](const Row& l, const Row& r) { return Equal(l.s, r.s); }},
      {"two keys, one null-safe",
       [same_i](const auto& l, const auto& r) {
         return TestCall("and", {same_i(l, r), TestCall("<=>", {Col(l, "s"), Col(r, "s")})});
       },
       [](const Row& l, const Row& r) { return Equal(l.i, r.i) && l.s == r.s; }},
      {"computed key",
       [](const auto& l, const auto& r) {
         return TestCall("==", {TestCall("+", {Col(l, "i"), Int(1)}), Col(r, "i")});
       },
       [](const Row& l, const Row& r) { return l.i && r.i && *l.i + 1 == *r.i; }},
      {"int key and more",
       [same_i, less_n](const auto& l, const auto& r) {
         return TestCall("and", {less_n(l, r), same_i(l, r)});
       },
       [](const Row& l, const Row& r) { return Equal(l.i, r.i) && l.n < r.n; }},
      {"string key and a test of one side",
       [](const auto& l, const auto& r) {
         return TestCall("and", {TestCall("==", {Col(l, "s"), Col(r, "s")}),
                                 TestCall("<", {Col(l, "n"), Int(3)})});
       },
       [](const Row& l, const Row& r) { return Equal(l.s, r.s) && l.n < 3; }},
      {"no key", less_n, [](const Row& l, const Row& r) { return l.n < r.n; }},
      {"no key, a double and NULLs",
       [](const auto& l, const auto& r) {
         return TestCall("<", {Col(l, "i"), Col(r, "n")});
       },
       [](const Row& l, const Row& r) { return l.i && *l.i < r.n; }},
      {"no condition", [](const auto&, const auto&) { return ExprPtr(); },
       [](const Row&, const Row&) { return true; }},
      {"never", [](const auto&, const auto&) { return MakeLiteral(Value::Boolean(false)); },
       [](const Row&, const Row&) { return false; }},
  };
}

constexpr JoinKind kKinds[] = {JoinKind::kInner,      JoinKind::kCross,     JoinKind::kLeftOuter,
                               JoinKind::kRightOuter, JoinKind::kFullOuter, JoinKind::kLeftSemi,
                               JoinKind::kLeftAnti};

std::vector<Row> RandomRows(TestRandom& random, int count, int domain, bool unique) {
  constexpr double kDoubles[] = {0.0, -0.0, 1.5, std::numeric_limits<double>::infinity()};
  std::vector<Row> rows;
  for (int k = 0; k < count; ++k) {
    Row row;
    row.n = random.Below(6);
    const int v = unique ? k : random.Below(domain);
    if (unique ? k > 0 : !random.OneIn(5)) row.i = v;
    if (unique ? k > 0 : !random.OneIn(5))
      row.s = (v % 2 == 0 ? "k" : "a rather long key number ") + std::to_string(v);
    if (random.OneIn(4)) {
      row.d = random.OneIn(2) ? std::nan("") : -std::nan("7");
    } else if (!random.OneIn(4)) {
      row.d = kDoubles[random.Below(4)];
    }
    rows.push_back(row);
  }
  return rows;
}

const SchemaPtr& RowSchema() {
  static const SchemaPtr schema = MakeSchema("i INT, d DOUBLE, s STRING, n INT");
  return schema;
}

void AppendRow(const Row* row, std::vector<Value>* values) {
  values->push_back(row && row->i ? Value::Int(*row->i) : Value(IntType()));
  values->push_back(row && row->d ? Value::Double(*row->d) : Value(DoubleType()));
  values->push_back(row && row->s ? Value::String(*row->s) : Value(StringType()));
  values->push_back(row ? Value::Int(row->n) : Value(IntType()));
}

Batch ToBatch(const std::vector<Row>& rows) {
  std::vector<std::vector<Value>> values;
  for (const Row& row : rows) {
    values.emplace_back();
    AppendRow(&row, &values.back());
  }
  return MakeBatch(RowSchema(), values);
}

/// What the join gives, in order: two loops.
class Oracle {
 public:
  Oracle(JoinKind kind, const Condition& condition) : kind_(kind), condition_(condition) {}

  std::string Join(const std::vector<Row>& left, const std::vector<Row>& right) {
    const bool probe_is_right = kind_ == JoinKind::kRightOuter;
    const std::vector<Row>& probe = probe_is_right ? right : left;
    const std::vector<Row>& build = probe_is_right ? left : right;
    std::vector<bool> met(build.size());
    for (const Row& row : probe) {
      bool any = false;
      for (size_t k = 0; k < build.size(); ++k) {
        const Row& other = build[k];
        if (!(probe_is_right ? condition_.holds(other, row) : condition_.holds(row, other)))
          continue;
        any = met[k] = true;
        if (GivesPairs()) probe_is_right ? Give(&other, &row) : Give(&row, &other);
      }
      if (kind_ == JoinKind::kLeftSemi && any) Give(&row, nullptr);
      if (kind_ == JoinKind::kLeftAnti && !any) Give(&row, nullptr);
      if (any || !GivesPairs()) continue;
      if (probe_is_right) Give(nullptr, &row);
      if (kind_ == JoinKind::kLeftOuter || kind_ == JoinKind::kFullOuter) Give(&row, nullptr);
    }
    for (size_t k = 0; k < build.size() && kind_ == JoinKind::kFullOuter; ++k) {
      if (!met[k]) Give(nullptr, &build[k]);
    }
    return text_;
  }

 private:
  bool GivesPairs() const { return kind_ != JoinKind::kLeftSemi && kind_ != JoinKind::kLeftAnti; }
  void Give(const Row* left, const Row* right) {
    std::vector<Value> values;
    AppendRow(left, &values);
    if (GivesPairs()) AppendRow(right, &values);
    static const SchemaPtr pair =
        MakeSchema("i INT, d DOUBLE, s STRING, n INT, i2 INT, d2 DOUBLE, s2 STRING, n2 INT");
    text_ += RowTexts(MakeBatch(GivesPairs() ? pair : RowSchema(), {values}))[0] + "\n";
  }

  const JoinKind kind_;
  const Condition& condition_;
  std::string text_;
};

struct Sides {
  const char* name;
  std::vector<Row> left;
  std::vector<Row> right;
};

void CheckEveryWorld(JoinKind kind, const Condition& condition, const Sides& sides,
                     const std::vector<int>& sizes) {
  const std::string expected = Oracle(kind, condition).Join(sides.left, sides.right);
  for (const int batch_rows : sizes) {
    const auto left = std::make_shared<TestTable>("l", RowSchema(), 1);
    const auto right = std::make_shared<TestTable>("r", RowSchema(), 1);
    left->Add(ToBatch(sides.left), batch_rows);
    right->Add(ToBatch(sides.right), batch_rows);
    for (const TestWorld& world :
         {TestWorld{1, batch_rows, {}}, TestWorld{3, batch_rows, {0, 16 << 20, 0}},
          TestWorld{3, batch_rows, {30, 2000, 0}}}) {
      SCOPED_TRACE(std::to_string(static_cast<int>(kind)) + " " + condition.name + ", " +
                   sides.name + ", " + std::to_string(world.workers) + " workers, " +
                   std::to_string(batch_rows) + " rows a batch, fan-out from " +
                   std::to_string(world.runner.fan_out_rows));
      const RelationPtr l = MakeRead(left, false), r = MakeRead(right, false);
      TablesQuery query(TestJoin(kind, l, r, condition.expr(l, r)), OutputMode::kComplete, world);
      const Status status = query.Run();
      ASSERT_TRUE(status.ok()) << status.ToString();
      ASSERT_EQ(query.Rows(), expected);
    }
  }
}

TEST(HashJoin, GivesWhatTwoLoopsGive) {
  TestRandom random(17);
  const std::vector<Sides> cases = {
      {"duplicates", RandomRows(random, 45, 9, false), RandomRows(random, 40, 9, false)},
      {"unique keys on the right", RandomRows(random, 45, 40, false),
       RandomRows(random, 25, 0, true)},
      {"unique keys on the left", RandomRows(random, 25, 0, true),
       RandomRows(random, 45, 40, false)},
      {"nothing on the right", RandomRows(random, 20, 5, false), {}},
      {"nothing on the left", {}, RandomRows(random, 20, 5, false)},
  };
  for (const Condition& condition : Conditions()) {
    for (const JoinKind kind : kKinds) {
      for (const Sides& sides : cases) {
        CheckEveryWorld(kind, condition, sides, {kBatchRows, 1});
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

TEST(HashJoin, HoldsMoreRowsThanABatch) {
  TestRandom random(5);
  const Sides sides = {"2,100 rows", RandomRows(random, 1300, 700, false),
                       RandomRows(random, 2100, 700, false)};
  const std::vector<Condition> conditions = Conditions();
  for (const JoinKind kind : {JoinKind::kInner, JoinKind::kFullOuter, JoinKind::kLeftAnti}) {
    for (const int condition : {3, 6})
      CheckEveryWorld(kind, conditions[condition], sides, {kBatchRows});
  }
}

TEST(HashJoin, KeysMayBeNested) {
  // Members that are NULL are equal; a NULL list or struct meets nothing.
  const char* const kDdls[] = {"k ARRAY<DOUBLE>, n INT", "k STRUCT<a: DOUBLE, b: STRING>, n INT"};
  const char* const kLeft[] = {"[1.0, null], 1\n [-0.0], 2\n null, 3\n [], 4\n [NaN], 5",
                               "{1.0, null}, 1\n {-0.0, x}, 2\n null, 3\n {null, null}, 4"};
  const char* const kRight[] = {"[0.0], 10\n [1.0, null], 20\n null, 30\n [NaN], 40\n [1.0], 50",
                                "{0.0, x}, 10\n {1.0, null}, 20\n null, 30\n {1.0, y}, 40"};
  const char* const kNumbers[] = {"1, 20\n2, 10\n3, null\n4, null\n5, 40\n",
                                  "1, 20\n2, 10\n3, null\n4, null\n"};
  for (const int i : {0, 1}) {
    const auto left = std::make_shared<TestTable>("l", MakeSchema(kDdls[i]), 1);
    const auto right = std::make_shared<TestTable>("r", MakeSchema(kDdls[i]), 1);
    left->Add(MakeBatch(kDdls[i], kLeft[i]), kBatchRows);
    right->Add(MakeBatch(kDdls[i], kRight[i]), kBatchRows);
    const RelationPtr l = MakeRead(left, false), r = MakeRead(right, false);
    const RelationPtr join =
        TestJoin(JoinKind::kLeftOuter, l, r, TestCall("==", {Col(l, "k"), Col(r, "k")}));
    TablesQuery query(MakeProject(join, {Col(l, "n"), join->output[3]}), OutputMode::kComplete, {});
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.Rows(), kNumbers[i]);
    EXPECT_NE(ToTreeString(query.plan()).find("HashJoin"), std::string::npos);
  }
}

/// `l.i == r.i AND 100 div (l.n - r.n) > 0`: fails where the pair has equal n.
ExprPtr FailingCondition(const RelationPtr& l, const RelationPtr& r) {
  const ExprPtr difference = TestCall("-", {Col(l, "n"), Col(r, "n")});
  return TestCall("and", {TestCall("==", {Col(l, "i"), Col(r, "i")}),
                          TestCall(">", {TestCall("div", {Int(100), difference}), Int(0)})});
}

TEST(HashJoin, AConditionIsAskedAboutCandidatesOnlyAndFailsTheEpoch) {
  const auto left = std::make_shared<TestTable>("l", RowSchema(), 1);
  const auto right = std::make_shared<TestTable>("r", RowSchema(), 1);
  left->Add(MakeBatch(RowSchema(), "1, 0, a, 5\n 2, 0, b, 6\n 7, 0, c, 9"), kBatchRows);
  right->Add(MakeBatch(RowSchema(), "1, 0, x, 3\n 2, 0, y, 9\n 2, 0, z, 3"), kBatchRows);
  const auto run = [&](JoinKind kind) {
    const RelationPtr l = MakeRead(left, false), r = MakeRead(right, false);
    TablesQuery query(TestJoin(kind, l, r, FailingCondition(l, r)), OutputMode::kComplete, {});
    const Status status = query.Run();
    return status.ok() ? query.Rows() : status.condition();
  };
  EXPECT_EQ(run(JoinKind::kInner), "1, 0.0, a, 5, 1, 0.0, x, 3\n2, 0.0, b, 6, 2, 0.0, z, 3\n");
  // A second candidate of b that fails: only who looks for every partner meets it.
  right->Add(MakeBatch(RowSchema(), "2, 0, w, 6"), kBatchRows);
  EXPECT_EQ(run(JoinKind::kInner), "DIVIDE_BY_ZERO");
  EXPECT_EQ(run(JoinKind::kFullOuter), "DIVIDE_BY_ZERO");
  EXPECT_EQ(run(JoinKind::kLeftSemi), "1, 0.0, a, 5\n2, 0.0, b, 6\n");
  EXPECT_EQ(run(JoinKind::kLeftAnti), "7, 0.0, c, 9\n");
}

TEST(HashJoin, AKeyThatFailsFailsTheEpoch) {
  const auto left = std::make_shared<TestTable>("l", RowSchema(), 1);
  const auto right = std::make_shared<TestTable>("r", RowSchema(), 1);
  left->Add(MakeBatch(RowSchema(), "1, 0, a, 5\n 2, 0, b, 0"), kBatchRows);
  right->Add(MakeBatch(RowSchema(), "1, 0, x, 3\n 2, 0, y, 9"), kBatchRows);
  const auto run = [&](const char* divided) {
    const RelationPtr l = MakeRead(left, false), r = MakeRead(right, false);
    const RelationPtr& side = divided[0] == 'l' ? l : r;
    const ExprPtr key = TestCall("div", {Int(100), Col(side, "n")});
    const ExprPtr other =
        TestCall("div", {Int(100), TestCall("+", {Col(divided[0] == 'l' ? r : l, "n"), Int(1)})});
    TablesQuery query(TestJoin(JoinKind::kInner, l, r, TestCall("==", {key, other})),
                      OutputMode::kComplete, {});
    return query.Run().condition();
  };
  EXPECT_EQ(run("left"), "DIVIDE_BY_ZERO");
  EXPECT_EQ(run("right"), "");
}

TEST(HashJoin, ReservesItsTableAndStopsAtTheLimit) {
  const auto left = std::make_shared<TestTable>("l", RowSchema(), 1);
  const auto right = std::make_shared<TestTable>("r", RowSchema(), 1);
  TestRandom random(3);
  left->Add(ToBatch(RandomRows(random, 10, 900, false)), kBatchRows);
  right->Add(ToBatch(RandomRows(random, 20'000, 900, false)), kBatchRows);
  const auto run = [&](int64_t limit_bytes, int64_t* peak_bytes) {
    const RelationPtr l = MakeRead(left, false), r = MakeRead(right, false);
    TablesQuery query(TestJoin(JoinKind::kInner, l, r, TestCall("==", {Col(l, "i"), Col(r, "i")})),
                      OutputMode::kComplete, {}, limit_bytes);
    const std::string condition = query.Run().condition();
    *peak_bytes = query.budget().peak_bytes();
    return condition;
  };
  int64_t peak_bytes = 0;
  EXPECT_EQ(run(MemoryBudget::kUnlimited, &peak_bytes), "");
  EXPECT_GT(peak_bytes, 20'000 * 4 / 5 * (4 + 8 + 16 + 4 + 4));
  EXPECT_LT(peak_bytes, 5 << 20);
  EXPECT_EQ(run(500'000, &peak_bytes), "THALWEG_MEMORY_LIMIT_EXCEEDED");
  EXPECT_LE(peak_bytes, 500'000);
}

}  // namespace
}  // namespace thalweg
