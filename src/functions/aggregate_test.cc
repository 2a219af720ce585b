// Aggregates against plain folds over Values: column-wise updates, merges, subtraction, overflow.
#include <deque>
#include <limits>

#include <gtest/gtest.h>

#include "functions/slow_twin.h"
#include "functions/value_order.h"

namespace thalweg {
namespace {

class TestArena final : public AggregateArena {
 public:
  Status Reserve(ArenaSpan* span, uint32_t capacity) override {
    std::string& bytes = memory_.emplace_back(capacity, '\0');
    if (span->size > 0) std::copy_n(span->data, span->size, bytes.begin());
    span->data = reinterpret_cast<uint8_t*>(bytes.data());
    span->capacity = capacity;
    return Status::OK();
  }
  void Free(ArenaSpan* span) override { *span = ArenaSpan(); }

 private:
  std::deque<std::string> memory_;
};

struct BoundAggregate {
  BoundAggregate(const char* name, const std::vector<ExprPtr>& arguments, bool ansi = true) {
    BindSettings settings;
    settings.ansi = ansi;
    Result<ExprPtr> bound = FunctionRegistry::BuiltIn().Bind(name, arguments, settings);
    EXPECT_TRUE(bound.ok()) << bound.status().ToString();
    call = As<AggregateCall>(*bound);
    expr = *bound;
    aggregate = static_cast<const AggregateFunction&>(*call->function).aggregate().get();
  }
  ExprPtr expr;
  const AggregateCall* call;
  const Aggregate* aggregate;
};

/// Groups of zeroed blocks, each 8 bytes into an entry.
class Groups {
 public:
  Groups(const BoundAggregate& bound, int count)
      : bound_(bound), stride_(8 + bound.aggregate->layout().width) {
    memory_.resize(static_cast<size_t>(stride_ / 8 * count), 0);
    for (int g = 0; g < count; ++g) {
      entries_.push_back(reinterpret_cast<uint8_t*>(memory_.data()) + g * stride_);
    }
  }

  Status Update(const std::vector<Vector>& arguments, const Selection& rows,
                const std::vector<int>& group_of_row) {
    std::vector<const Vector*> pointers;
    for (const Vector& argument : arguments) pointers.push_back(&argument);
    std::vector<uint8_t*> blocks;
    for (int i = 0; i < rows.count; ++i) blocks.push_back(entries_[group_of_row[rows[i]]]);
    return bound_.aggregate->Update(pointers.data(), rows, Targets(blocks));
  }

  Status Merge(const Groups& from, bool subtract) {
    return bound_.aggregate->Merge(Targets(entries_), from.entries_.data(),
                                   static_cast<int>(entries_.size()), subtract);
  }

  Result<std::vector<Value>> Finish() const {
    Vector out;
    const int count = static_cast<int>(entries_.size());
    out.ResetFlat(bound_.call->type, 0);
    AppendNulls(1, &out);
    out.Reserve(count + 1);
    out.SetSize(count + 1);
    THALWEG_RETURN_NOT_OK(bound_.aggregate->Finish(Targets(entries_), count, 1, &out));
    std::vector<Value> values;
    for (int g = 0; g < count; ++g) values.push_back(GetValue(out, g + 1));
    return values;
  }

 private:
  AggregateTargets Targets(const std::vector<uint8_t*>& blocks) const {
    return {blocks.data(), 8, &arena_pointer_, 0};
  }

  const BoundAggregate& bound_;
  const int stride_;
  std::vector<uint64_t> memory_;
  std::vector<uint8_t*> entries_;
  mutable TestArena arena_;
  AggregateArena* arena_pointer_ = &arena_;
};

/// Folds one group's values, NULLs included, as slowly as can be.
Value SlowFold(const std::string& name, const TypePtr& result, const std::vector<Value>& values) {
  __int128 integers = 0;
  double doubles = 0;
  int64_t count = 0;
  Value best(result);
  for (const Value& value : values) {
    if (value.is_null()) continue;
    ++count;
    if (value.type()->IsIntegral()) integers += value.int64();
    if (value.type()->Is(TypeKind::kDouble)) doubles += value.float64();
    if (name != "min" && name != "max") continue;
    const bool floating = value.type()->Is(TypeKind::kFloat) || value.type()->Is(TypeKind::kDouble);
    const bool less = best.is_null() ? name == "min"
                      : floating
                          ? (std::isnan(best.float64()) && !std::isnan(value.float64())) ||
                                value.float64() < best.float64() ||
                                (value.float64() == best.float64() &&
                                 std::signbit(value.float64()) > std::signbit(best.float64()))
                      : value.type()->Is(TypeKind::kString) ? value.text() < best.text()
                                                            : value.int128() < best.int128();
    if (best.is_null() || (name == "min" ? less : !less && !(value == best))) best = value;
  }
  if (name == "count") return Value::Bigint(count);
  if (name == "min" || name == "max") return best;
  if (count == 0) return Value(result);
  const bool integral = !values.front().type()->Is(TypeKind::kDouble);
  if (name == "sum") {
    return integral ? Value::Bigint(static_cast<int64_t>(integers)) : Value::Double(doubles);
  }
  const double sum = integral ? static_cast<double>(integers) : doubles;
  return Value::Double(sum / static_cast<double>(count));
}

TEST(AggregateTest, EveryTypeAgainstASlowFold) {
  constexpr int kGroups = 5;
  TestRandom random(11);
  struct Case {
    const char* name;
    std::vector<TypePtr> types;
  };
  const std::vector<TypePtr> integers = {TinyintType(), SmallintType(), IntType(), BigintType()};
  std::vector<TypePtr> summed = integers;
  summed.push_back(DoubleType());
  std::vector<TypePtr> ordered = summed;
  ordered.insert(ordered.end(), {FloatType(), StringType(), DecimalType(30, 2), TimestampType()});
  for (const Case& c : {Case{"count", ordered}, Case{"sum", summed}, Case{"avg", summed},
                        Case{"min", ordered}, Case{"max", ordered}}) {
    for (const TypePtr& type : c.types) {
      RandomBatch data({type}, 1, random);
      const BoundAggregate bound(c.name, {data.input[0]}, /*ansi=*/false);
      for (int repeat = 0; repeat < 8; ++repeat) {
        Groups groups(bound, kGroups);
        std::vector<std::vector<Value>> values(kGroups);
        for (int part = 0; part < 3; ++part) {
          data.Refill(1 + random.Below(200), random);
          std::vector<int> group_of_row;
          for (int r = 0; r < data.batch.physical_rows(); ++r) {
            group_of_row.push_back(random.Below(kGroups - 1));  // the last stays empty
          }
          const Selection rows = data.batch.selection();
          for (int i = 0; i < rows.count; ++i) {
            values[group_of_row[rows[i]]].push_back(GetValue(data.batch.column(0), rows[i]));
          }
          ASSERT_TRUE(groups.Update({data.batch.column(0)}, rows, group_of_row).ok());
        }
        Result<std::vector<Value>> results = groups.Finish();
        ASSERT_TRUE(results.ok());
        for (int g = 0; g < kGroups; ++g) {
          const Value expected = SlowFold(c.name, bound.call->type, values[g]);
          ASSERT_TRUE((*results)[g] == expected) << c.name << " of " << type->Sql();
        }
      }
    }
  }
}

TEST(AggregateTest, MergeAddsAndSubtractUndoesIt) {
  TestRandom random(12);
  for (const TypePtr& type : {IntType(), BigintType()}) {
    for (const char* name : {"count", "sum", "avg"}) {
      RandomBatch data({type}, 1, random);
      const BoundAggregate bound(name, {data.input[0]}, /*ansi=*/false);
      ASSERT_TRUE(bound.aggregate->layout().invertible);
      Groups running(bound, 1);
      Groups kept(bound, 1);
      Groups left(bound, 1);
      for (Groups* part : {&kept, &left}) {
        data.Refill(100, random);
        ASSERT_TRUE(
            part->Update({data.batch.column(0)}, data.batch.selection(), std::vector<int>(100, 0))
                .ok());
        ASSERT_TRUE(running.Merge(*part, false).ok());
      }
      ASSERT_TRUE(running.Merge(left, true).ok());
      EXPECT_TRUE((*running.Finish())[0] == (*kept.Finish())[0]) << name;
      ASSERT_TRUE(running.Merge(kept, true).ok());
      EXPECT_TRUE((*running.Finish())[0] == (*Groups(bound, 1).Finish())[0]) << name;
    }
  }
}

Vector Repeated(int64_t value, int rows) {
  Vector vector;
  vector.ResetConstant(BigintType(), rows);
  vector.mutable_values<int64_t>()[0] = value;
  return vector;
}

TEST(AggregateTest, SumOfBigintRaisesWhenTheResultDoesNotFit) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  auto attribute = std::make_shared<Attribute>();
  attribute->type = BigintType();
  const BoundAggregate ansi("sum", {attribute});
  const BoundAggregate legacy("sum", {attribute}, /*ansi=*/false);
  const std::vector<int> one_group(1024, 0);
  for (const BoundAggregate* bound : {&ansi, &legacy}) {
    Groups groups(*bound, 1);
    ASSERT_TRUE(groups.Update({Repeated(kMax, 1)}, Selection::All(1), one_group).ok());
    ASSERT_TRUE(groups.Update({Repeated(1, 1)}, Selection::All(1), one_group).ok());
    const Result<std::vector<Value>> sum = groups.Finish();
    ASSERT_EQ(sum.ok(), bound == &legacy);
    if (sum.ok()) {
      EXPECT_TRUE((*sum)[0] == Value::Bigint(-kMax - 1));
    } else {
      EXPECT_EQ(sum.status().condition(), "ARITHMETIC_OVERFLOW");
    }
    // What comes back into range is right, as it would be in another order.
    ASSERT_TRUE(groups.Update({Repeated(-2, 1)}, Selection::All(1), one_group).ok());
    EXPECT_TRUE((*groups.Finish())[0] == Value::Bigint(kMax - 1));
  }
  Groups groups(ansi, 1);
  Status status;
  for (int i = 0; i < 64 && status.ok(); ++i) {
    status = groups.Update({Repeated(-kMax - 1, 1024)}, Selection::All(1024), one_group);
  }
  EXPECT_EQ(status.condition(), "ARITHMETIC_OVERFLOW");  // long before the packed sum wraps
}

TEST(AggregateTest, CountOfSeveralArgumentsAndOfNone) {
  TestRandom random(13);
  RandomBatch data({IntType(), StringType()}, 1, random);
  const BoundAggregate star("count", {});
  const BoundAggregate both("count", {data.input[0], data.input[1]});
  data.Refill(300, random);
  const Selection rows = data.batch.selection();
  int64_t expected = 0;
  for (int i = 0; i < rows.count; ++i) {
    expected += !data.batch.column(0).IsNull(rows[i]) && !data.batch.column(1).IsNull(rows[i]);
  }
  const std::vector<int> one_group(300, 0);
  Groups counted(both, 1), all(star, 1);
  ASSERT_TRUE(counted.Update({data.batch.column(0), data.batch.column(1)}, rows, one_group).ok());
  ASSERT_TRUE(all.Update({}, rows, one_group).ok());
  EXPECT_TRUE((*counted.Finish())[0] == Value::Bigint(expected));
  EXPECT_TRUE((*all.Finish())[0] == Value::Bigint(rows.count));
}

/// Sum (scale `scale` like the values) and average (four digits more, half up) of DECIMALs.
struct DecimalFold {
  __int128 sum = 0;
  __int128 count = 0;
  __int128 Average() const {
    const __int128 twice = 20000 * (sum < 0 ? -sum : sum);
    const __int128 rounded = (twice + count) / (2 * count);
    return sum < 0 ? -rounded : rounded;
  }
};

TEST(AggregateTest, SumsAndAveragesOfDecimals) {
  TestRandom random(14);
  for (const TypePtr& type : {DecimalType(9, 2), DecimalType(18, 2), DecimalType(30, 2)}) {
    RandomBatch data({type}, 1, random);
    const BoundAggregate sum("sum", {data.input[0]});
    const BoundAggregate average("avg", {data.input[0]});
    EXPECT_EQ(average.call->type->scale(), 6);
    for (int round = 0; round < 20; ++round) {
      Groups sums(sum, 1), averages(average, 1), taken(sum, 1);
      DecimalFold fold;
      for (int part = 0; part < 3; ++part) {
        data.Refill(1 + random.Below(100), random);
        const Vector& column = data.batch.column(0);
        const Selection rows = data.batch.selection();
        const std::vector<int> one_group(100, 0);
        ASSERT_TRUE(averages.Update({column}, rows, one_group).ok());
        Groups added(sum, 1);
        ASSERT_TRUE(added.Update({column}, rows, one_group).ok());
        ASSERT_TRUE(sums.Merge(added, false).ok());
        ASSERT_TRUE(taken.Merge(added, false).ok());
        ASSERT_TRUE(taken.Merge(added, true).ok());
        ForEachRow(rows, [&](int r) {
          if (column.IsNull(r)) return;
          fold.sum += GetValue(column, r).int128();
          ++fold.count;
        });
      }
      EXPECT_TRUE((*taken.Finish())[0].is_null());
      if (fold.count == 0) continue;
      EXPECT_EQ((*sums.Finish())[0].int128(), fold.sum);
      EXPECT_EQ((*averages.Finish())[0].int128(), fold.Average());
    }
  }
}

TEST(AggregateTest, SumOfDecimalsOfMoreThan38Digits) {
  auto attribute = std::make_shared<Attribute>();
  attribute->type = DecimalType(38, 0);
  Vector large;
  large.ResetConstant(attribute->type, 1024);
  __int128 nines = 9;
  for (int i = 0; i < 37; ++i) nines *= 10;
  large.mutable_values<__int128>()[0] = nines;
  const std::vector<int> one_group(1024, 0);
  for (const char* name : {"sum", "avg", "try_sum"}) {
    const BoundAggregate bound(name, {attribute});
    Groups groups(bound, 1), all_but_one(bound, 1);
    ASSERT_TRUE(groups.Update({large}, Selection::All(1024), one_group).ok());
    ASSERT_TRUE(all_but_one.Update({large}, Selection::All(1023), one_group).ok());
    const Result<std::vector<Value>> total = groups.Finish();
    if (std::string(name) == "try_sum") {
      EXPECT_TRUE((*total)[0].is_null());
    } else {
      EXPECT_EQ(total.status().condition(), "ARITHMETIC_OVERFLOW");
    }
    if (std::string(name) == "avg") continue;
    ASSERT_TRUE(groups.Merge(all_but_one, true).ok());
    EXPECT_EQ((*groups.Finish())[0].int128(), nines);
  }
}

TEST(AggregateTest, ExtremesOfNestedValues) {
  TestRandom random(15);
  const TypePtr pair = StructType({{"a", IntType(), true, ""}, {"b", StringType(), true, ""}});
  for (const TypePtr& type : {ArrayType(IntType()), ArrayType(StringType()), pair}) {
    const ValueOrderPtr order = ValueOrder::Make(*type);
    RandomBatch data({type}, 1, random);
    const BoundAggregate least("min", {data.input[0]});
    const BoundAggregate greatest("max", {data.input[0]});
    Groups smallest(least, 2), largest(greatest, 2), merged(greatest, 2);
    Vector expected;  // [0]: min, [1]: max
    for (int part = 0; part < 4; ++part) {
      data.Refill(40, random);
      const Vector& column = data.batch.column(0);
      const Selection rows = data.batch.selection();
      const std::vector<int> one_group(40, 0);
      ASSERT_TRUE(smallest.Update({column}, rows, one_group).ok());
      ASSERT_TRUE(largest.Update({column}, rows, one_group).ok());
      Groups added(greatest, 2);
      ASSERT_TRUE(added.Update({column}, rows, one_group).ok());
      ASSERT_TRUE(merged.Merge(added, false).ok());
      ForEachRow(rows, [&](int r) {
        if (column.IsNull(r)) return;
        const bool first = expected.type() == nullptr;
        const bool low = first || order->Compare(column, r, expected, 0) < 0;
        const bool high = first || order->Compare(column, r, expected, 1) > 0;
        Vector next;
        AppendRange(low ? column : expected, low ? r : 0, 1, &next);
        AppendRange(high ? column : expected, high ? r : 1, 1, &next);
        expected = next;
      });
    }
    if (expected.type() == nullptr) continue;
    EXPECT_EQ((*smallest.Finish())[0], GetValue(expected, 0)) << type->Sql();
    EXPECT_EQ((*largest.Finish())[0], GetValue(expected, 1)) << type->Sql();
    EXPECT_EQ((*merged.Finish())[0], GetValue(expected, 1)) << type->Sql();
    EXPECT_TRUE((*largest.Finish())[1].is_null());
  }
}

TEST(AggregateTest, VarianceAgainstTwoPasses) {
  TestRandom random(16);
  auto attribute = std::make_shared<Attribute>();
  attribute->type = DoubleType();
  const BoundAggregate bound("var_pop", {attribute});
  for (int round = 0; round < 20; ++round) {
    Groups folded(bound, 2), merged(bound, 2);
    std::vector<double> values;
    for (int part = 0; part < 3; ++part) {
      const int rows = 1 + random.Below(50);
      Vector column;
      column.ResetFlat(DoubleType(), rows);
      for (int r = 0; r < rows; ++r) {
        values.push_back(random.Below(2000) / 8.0 - 100);
        column.mutable_values<double>()[r] = values.back();
      }
      const std::vector<int> one_group(static_cast<size_t>(rows), 0);
      Groups added(bound, 2);
      ASSERT_TRUE(folded.Update({column}, Selection::All(rows), one_group).ok());
      ASSERT_TRUE(added.Update({column}, Selection::All(rows), one_group).ok());
      ASSERT_TRUE(merged.Merge(added, false).ok());
    }
    double sum = 0, squares = 0;
    for (const double value : values) sum += value;
    const double mean = sum / static_cast<double>(values.size());
    for (const double value : values) squares += (value - mean) * (value - mean);
    const double expected = squares / static_cast<double>(values.size());
    EXPECT_NEAR((*folded.Finish())[0].float64(), expected, 1e-9 * (1 + expected));
    EXPECT_NEAR((*merged.Finish())[0].float64(), expected, 1e-9 * (1 + expected));
    EXPECT_TRUE((*merged.Finish())[1].is_null());
  }
}

TEST(AggregateTest, ValueOfTheGreatestAndLeastKey) {
  TestRandom random(17);
  RandomBatch data({StringType(), IntType()}, 1, random);
  for (const char* name : {"max_by", "min_by"}) {
    const BoundAggregate bound(name, {data.input[0], data.input[1]});
    for (int round = 0; round < 20; ++round) {
      Groups folded(bound, 2), merged(bound, 2);
      Value value(StringType()), key(IntType());
      for (int part = 0; part < 3; ++part) {
        data.Refill(1 + random.Below(60), random);
        const std::vector<Vector> columns = {data.batch.column(0), data.batch.column(1)};
        const Selection rows = data.batch.selection();
        const std::vector<int> one_group(60, 0);
        Groups added(bound, 2);
        ASSERT_TRUE(folded.Update(columns, rows, one_group).ok());
        ASSERT_TRUE(added.Update(columns, rows, one_group).ok());
        ASSERT_TRUE(merged.Merge(added, false).ok());
        ForEachRow(rows, [&](int r) {
          const Value next = GetValue(columns[1], r);
          if (next.is_null()) return;
          const bool worse =
              !key.is_null() && (std::string(name) == "max_by" ? next.int64() < key.int64()
                                                               : next.int64() > key.int64());
          if (worse) return;
          key = next;
          value = GetValue(columns[0], r);
        });
      }
      EXPECT_EQ((*folded.Finish())[0], value) << name;
      EXPECT_EQ((*merged.Finish())[0], value) << name;
      EXPECT_TRUE((*merged.Finish())[1].is_null());
    }
  }
}

}  // namespace
}  // namespace thalweg
