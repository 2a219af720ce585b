// Functions over arrays, maps and structs: tables of values that Spark 4.2 gives, and whole batches
// against the same expression row by row.
#include "functions/nested_test_calls.h"

namespace thalweg {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
const Value kNullInts = Value(ArrayType(IntType()));

struct Case {
  const char* name;
  std::vector<Value> arguments;
  const char* expected;
};

void Check(const std::vector<Case>& cases, const BindSettings& settings = {}) {
  for (const Case& c : cases) {
    EXPECT_EQ(Answer(c.name, c.arguments, settings), c.expected) << c.name;
  }
}

TEST(NestedTest, Sizes) {
  Check({{"size", {Ints({3, -99})}, "2"},
         {"size", {kNullInts}, "NULL"},
         {"size", {Value()}, "NULL"},
         {"size", {Value::Int(1)}, "?DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
         {"array_size", {kNullInts}, "NULL"}});
  BindSettings legacy;
  legacy.ansi = false;
  Check({{"size", {kNullInts}, "-1"}, {"cardinality", {kNullInts}, "-1"}}, legacy);
}

TEST(NestedTest, Search) {
  Check({{"array_contains", {Ints({3, 1, -99}), Value::Int(1)}, "true"},
         {"array_contains", {Ints({3, 1, -99}), Value::Int(9)}, "NULL"},
         {"array_contains", {Ints({3, 1}), Value::Int(9)}, "false"},
         {"array_contains", {Ints({3, 1}), Value()}, "?DATATYPE_MISMATCH.NULL_TYPE"},
         {"array_contains",
          {Ints({3}), Value::String("3")},
          "?DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES"},
         {"array_contains", {Doubles({kNan, -0.0}), Value::Double(kNan)}, "true"},
         {"array_contains", {Doubles({kNan, -0.0}), Value::Double(0.0)}, "true"},
         {"array_contains", {Ints({3}), Value::Bigint(3)}, "true"},
         {"array_position", {Texts({"b", nullptr, "a"}), Value::String("a")}, "3"},
         {"array_position", {Ints({1}), Value()}, "NULL"},
         {"array_position", {Ints({1}), Value::Int(7)}, "0"},
         {"array_max", {Doubles({1, kNan, 2})}, "NaN"},
         {"array_min", {Ints({-99, 4, 2, 3})}, "2"},
         {"array_max", {Ints({-99})}, "NULL"}});
}

TEST(NestedTest, Sets) {
  const Value some = Ints({3, 1, -99, 2, 1});
  const Value doubles = Doubles({kNan, 1, -0.0, 0.0});
  Check({{"array_distinct", {some}, "[3, 1, null, 2]"},
         {"array_distinct", {doubles}, "[NaN, 1.0, 0.0]"},
         {"array_union", {some, Ints({-99, 5})}, "[3, 1, null, 2, 5]"},
         {"array_union", {some, kNullInts}, "NULL"},
         {"array_union", {some, Texts({"1"})}, "?DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES"},
         {"array_intersect", {some, Ints({1, 5})}, "[1]"},
         {"array_intersect", {doubles, Doubles({kNan, 0.0})}, "[NaN, 0.0]"},
         {"array_except", {some, Ints({1, 5})}, "[3, null, 2]"},
         {"array_except", {doubles, Doubles({kNan, 0.0})}, "[1.0]"},
         {"arrays_overlap", {some, Ints({1, 5})}, "true"},
         {"arrays_overlap", {some, Ints({-99, 5})}, "NULL"},
         {"arrays_overlap", {some, Ints({})}, "false"},
         {"arrays_overlap", {Ints({1}), Ints({2})}, "false"}});
}

TEST(NestedTest, Edits) {
  const Value some = Ints({3, 1, -99, 2, 1});
  const Value three = Ints({1, 2, 3});
  Check({{"array_remove", {some, Value::Int(1)}, "[3, null, 2]"},
         {"array_remove", {some, Value()}, "NULL"},
         {"array_compact", {some}, "[3, 1, 2, 1]"},
         {"array_append", {three, Value()}, "[1, 2, 3, null]"},
         {"array_append", {kNullInts, Value::Int(1)}, "NULL"},
         {"array_prepend", {three, Value::Int(9)}, "[9, 1, 2, 3]"},
         {"reverse", {some}, "[1, 2, null, 1, 3]"},
         {"array_insert", {three, Value::Int(2), Value::Int(9)}, "[1, 9, 2, 3]"},
         {"array_insert", {three, Value::Int(-1), Value::Int(9)}, "[1, 2, 3, 9]"},
         {"array_insert", {three, Value::Int(-3), Value::Int(9)}, "[1, 9, 2, 3]"},
         {"array_insert", {three, Value::Int(0), Value::Int(9)}, "!INVALID_INDEX_OF_ZERO"},
         {"array_insert", {three, Value::Int(6), Value::Int(9)}, "[1, 2, 3, null, null, 9]"},
         {"array_insert", {three, Value::Int(-5), Value::Int(9)}, "[9, null, 1, 2, 3]"},
         {"slice", {three, Value::Int(2), Value::Int(100)}, "[2, 3]"},
         {"slice", {three, Value::Int(-2), Value::Int(1)}, "[2]"},
         {"slice", {three, Value::Int(-4), Value::Int(1)}, "[]"},
         {"slice", {three, Value::Int(0), Value::Int(1)}, "!INVALID_PARAMETER_VALUE.START"},
         {"slice", {three, Value::Int(1), Value::Int(-1)}, "!INVALID_PARAMETER_VALUE.LENGTH"},
         {"sort_array", {some}, "[null, 1, 1, 2, 3]"},
         {"sort_array", {some, Value::Boolean(false)}, "[3, 2, 1, 1, null]"},
         {"array_sort", {some}, "[1, 1, 2, 3, null]"}});
}

TEST(NestedTest, Combinations) {
  const Value three = Ints({1, 2, 3});
  const Value nested =
      ArrayOf(ArrayType(IntType()), Value::List{Ints({1, 2}), Ints({}), Ints({-99})});
  const Value holey = ArrayOf(ArrayType(IntType()), Value::List{Ints({1}), kNullInts});
  Check({{"concat", {three, Ints({-99, 5})}, "[1, 2, 3, null, 5]"},
         {"concat", {three, kNullInts}, "NULL"},
         {"flatten", {nested}, "[1, 2, null]"},
         {"flatten", {holey}, "NULL"},
         {"flatten", {three}, "?DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
         {"arrays_zip", {Ints({1, 2}), Texts({"a", "b", "c"})}, "[{1, a}, {2, b}, {null, c}]"},
         {"arrays_zip", {three, Value()}, "NULL"},
         {"arrays_zip", {}, "[]"},
         {"array_repeat", {Value::String("x"), Value::Int(2)}, "[x, x]"},
         {"array_repeat", {Value::String("x"), Value::Int(-2)}, "[]"},
         {"array_repeat", {Value::String("x"), Value()}, "NULL"},
         {"array_join", {Texts({"a", nullptr, "b"}), Value::String(",")}, "a,b"},
         {"array_join",
          {Texts({"a", nullptr, "b"}), Value::String(","), Value::String("?")},
          "a,?,b"},
         {"array_join", {Ints({1, 2}), Value::String("-")}, "1-2"}});
}

TEST(NestedTest, Sequences) {
  const TypePtr days = DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kSecond);
  const TypePtr months = YearMonthIntervalType(IntervalUnit::kYear, IntervalUnit::kMonth);
  const auto date = [](int64_t day) { return Value(DateType(), day); };
  Check({{"sequence", {Value::Int(5), Value::Int(1)}, "[5, 4, 3, 2, 1]"},
         {"sequence", {Value::Int(0), Value::Int(10), Value::Int(4)}, "[0, 4, 8]"},
         {"sequence", {Value::Int(1), Value()}, "NULL"},
         {"sequence", {Value::Int(3), Value::Int(3), Value::Int(0)}, "[3]"},
         {"sequence", {Value::Int(1), Value::Int(3), Value::Int(-1)}, "!_LEGACY_ERROR_TEMP_3243"},
         {"sequence",
          {Value::Bigint(INT64_MAX - 1), Value::Bigint(INT64_MAX)},
          "[9223372036854775806, 9223372036854775807]"},
         {"sequence",
          {Value::Bigint(0), Value::Bigint(INT64_MAX)},
          "!COLLECTION_SIZE_LIMIT_EXCEEDED.PARAMETER"},
         {"sequence", {date(2), date(0)}, "[1970-01-03, 1970-01-02, 1970-01-01]"},
         {"sequence",
          {date(30), date(120), Value(months, int64_t{1})},
          "[1970-01-31, 1970-02-28, 1970-03-31, 1970-04-30]"},
         {"sequence", {date(0), date(1), Value(days, int64_t{1000})}, "!_LEGACY_ERROR_TEMP_3242"},
         {"sequence",
          {Value::Timestamp(0), Value::Timestamp(1'500'000), Value(days, int64_t{500'000})},
          "[1970-01-01 00:00:00, 1970-01-01 00:00:00.5, 1970-01-01 00:00:01, 1970-01-01 "
          "00:00:01.5]"},
         {"sequence",
          {Value::Int(1), Value::Int(2), Value(days, int64_t{1})},
          "?DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES"}});
}

TEST(NestedTest, SequencesAcrossAChangeOfClocks) {
  BindSettings berlin;
  berlin.session_zone = "America/New_York";
  const TypePtr days = DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kSecond);
  const int64_t noon_us = 1'710'003'600'000'000;  // 2024-03-09 12:00 in New York
  const int64_t day_us = 86'400'000'000;
  EXPECT_EQ(Answer("sequence",
                   {Value::Timestamp(noon_us), Value::Timestamp(noon_us + 2 * day_us),
                    Value(days, day_us)},
                   berlin),
            "[2024-03-09 17:00:00, 2024-03-10 16:00:00, 2024-03-11 16:00:00]");
}

TEST(NestedTest, Parts) {
  const Value three = Ints({1, 2, 3});
  const TypePtr pair = StructType({{"a", IntType()}, {"B", StringType()}, {"b", IntType()}});
  const Value row(pair, Value::List{Value::Int(7), Value::String("x"), Value::Int(8)});
  const Value rows = ArrayOf(pair, Value::List{row, Value(pair)});
  const TypePtr map_type = MapType(StringType(), IntType());
  const Value map(map_type, Value::List{Value::String("k"), Value::Int(1)});
  Check({{"$extract", {three, Value::Int(0)}, "1"},
         {"$extract", {three, Value::Int(3)}, "!INVALID_ARRAY_INDEX"},
         {"$extract", {three, Value::Int(-1)}, "!INVALID_ARRAY_INDEX"},
         {"$extract", {row, Value::String("A")}, "7"},
         {"$extract", {row, Value::String("z")}, "?FIELD_NOT_FOUND"},
         {"$extract", {row, Value::String("b")}, "?AMBIGUOUS_REFERENCE_TO_FIELDS"},
         {"$extract", {rows, Value::String("a")}, "[7, null]"},
         {"$extract", {map, Value::String("k")}, "1"},
         {"$extract", {map, Value::String("q")}, "NULL"},
         {"$extract", {Value::Int(1), Value::Int(0)}, "?INVALID_EXTRACT_BASE_FIELD_TYPE"},
         {"element_at", {three, Value::Int(-1)}, "3"},
         {"element_at", {three, Value::Int(4)}, "!INVALID_ARRAY_INDEX_IN_ELEMENT_AT"},
         {"element_at", {three, Value::Int(0)}, "!INVALID_INDEX_OF_ZERO"},
         {"try_element_at", {three, Value::Int(4)}, "NULL"},
         {"element_at", {map, Value::String("k")}, "1"},
         {"$extract", {map, Value::Int(1)}, "NULL"},
         {"element_at", {map, Value::Int(1)}, "?DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES"},
         {"get", {three, Value::Int(5)}, "NULL"}});
  BindSettings sensitive;
  sensitive.case_sensitive = true;
  sensitive.ansi = false;
  Check({{"$extract", {row, Value::String("b")}, "8"},
         {"$extract", {three, Value::Int(3)}, "NULL"},
         {"element_at", {three, Value::Int(4)}, "NULL"}},
        sensitive);
}

TEST(NestedTest, Maps) {
  const Value k = Value::String("k");
  const auto entry = [](const char* key, int value) {
    const TypePtr type = StructType({{"x", StringType()}, {"y", IntType()}});
    return Value(type, Value::List{Value::String(key), Value::Int(value)});
  };
  const auto entries = [](const Value::List& list) { return ArrayOf(list[0].type(), list); };
  Check({{"map", {k, Value::Int(1), Value::String("j"), Value()}, "{k -> 1, j -> null}"},
         {"map", {}, "{}"},
         {"map", {k, Value::Int(1), k, Value::Int(2)}, "!DUPLICATED_MAP_KEY"},
         {"map", {Value(), Value::Int(1)}, "!NULL_MAP_KEY"},
         {"map", {k}, "?WRONG_NUM_ARGS.WITHOUT_SUGGESTION"},
         {"map", {Value::Double(-0.0), Value::Int(1)}, "{0.0 -> 1}"},
         {"map_from_arrays", {Texts({"a", "b"}), Ints({1, -99})}, "{a -> 1, b -> null}"},
         {"map_from_arrays", {Texts({"a"}), Ints({1, 2})}, "!_LEGACY_ERROR_TEMP_2128"},
         {"map_from_arrays", {Texts({nullptr}), Ints({1})}, "!NULL_MAP_KEY"},
         {"map_from_entries", {entries({entry("a", 1), entry("b", 2)})}, "{a -> 1, b -> 2}"},
         {"map_from_entries", {entries({entry("a", 1), Value(entry("a", 1).type())})}, "NULL"},
         {"map_from_entries", {entries({entry("a", 1), entry("a", 2)})}, "!DUPLICATED_MAP_KEY"},
         {"str_to_map", {Value::String("a:1,b,:2")}, "{a -> 1, b -> null,  -> 2}"},
         {"str_to_map", {Value::String("")}, "{ -> null}"},
         {"str_to_map",
          {Value::String("x=1;y=2=3"), Value::String(";"), Value::String("=")},
          "{x -> 1, y -> 2=3}"},
         {"str_to_map", {Value::String("a:1,a:2")}, "!DUPLICATED_MAP_KEY"},
         {"map_concat", {}, "{}"}});
  BindSettings last;
  last.last_map_key_wins = true;
  Check({{"map",
          {k, Value::Int(1), Value::String("j"), Value::Int(3), k, Value::Int(2)},
          "{k -> 2, j -> 3}"},
         {"map_from_entries", {entries({entry("a", 1), entry("a", 2)})}, "{a -> 2}"}},
        last);
  const ExprPtr map = CallOf("map_from_arrays", {Lit(Texts({"a", "b"})), Lit(Ints({1, -99}))});
  EXPECT_EQ(ValueOf(CallOf("map_keys", {map})), "[a, b]");
  EXPECT_EQ(ValueOf(CallOf("map_values", {map})), "[1, null]");
  EXPECT_EQ(ValueOf(CallOf("map_entries", {map})), "[{a, 1}, {b, null}]");
  EXPECT_EQ(ValueOf(CallOf("map_contains_key", {map, Lit(Value::String("b"))})), "true");
  EXPECT_EQ(ValueOf(CallOf("map_concat", {map, CallOf("map", {Lit(k), Lit(Value::Int(5))})})),
            "{a -> 1, b -> null, k -> 5}");
}

TEST(NestedTest, ResultsAreDeclaredAsSparkDeclaresThem) {
  const ExprPtr array = CallOf("array", {Lit(Value::Int(1)), Lit(Value::Int(2))});
  EXPECT_FALSE(array->nullable);
  EXPECT_FALSE(array->type->contains_null());
  EXPECT_FALSE(CallOf("$extract", {array, Lit(Value::Int(1))})->nullable);
  EXPECT_TRUE(CallOf("get", {array, Lit(Value::Int(5))})->nullable);
  EXPECT_EQ(CallOf("array", {Lit(Value::Int(1)), Lit(Value::String("1"))})->type->Sql(),
            "ARRAY<BIGINT>");
  const ExprPtr row = CallOf("named_struct", {Lit(Value::String("x")), Lit(Value::Int(1))});
  EXPECT_EQ(row->type->Sql(), "STRUCT<x: INT NOT NULL>");
  EXPECT_EQ(TryCall("named_struct", {Lit(Value::Int(1)), Lit(Value::Int(1))}).status().condition(),
            "DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING");
  const ExprPtr map = CallOf("map", {});
  EXPECT_EQ(CallOf("map_entries", {map})->type->Sql(),
            "ARRAY<STRUCT<key: VOID NOT NULL, value: VOID NOT NULL>>");
}

/// Every function over columns of random arrays, in any encoding and selection.
TEST(NestedTest, BatchesAgreeWithSingleRows) {
  TestRandom random(11);
  for (const TypePtr& element :
       {IntType(), StringType(), DoubleType(), ArrayType(IntType()), DecimalType(30, 2),
        StructType({{"f", IntType()}, {"g", StringType()}})}) {
    const TypePtr array = ArrayType(element);
    RandomBatch data({array, array, element, IntType(), IntType()}, 40, random);
    const ExprPtr a = data.input[0], b = data.input[1], x = data.input[2];
    const ExprPtr i = CallOf("%", {data.input[3], Lit(Value::Int(7))});
    const ExprPtr j = CallOf("%", {data.input[4], Lit(Value::Int(7))});
    const ExprPtr d = CallOf("array_distinct", {CallOf("array_compact", {a})});
    const ExprPtr m = CallOf("map_from_arrays", {d, d});
    const std::vector<ExprPtr> expressions = {
        CallOf("size", {a}),
        CallOf("array_contains", {a, x}),
        CallOf("array_position", {a, x}),
        CallOf("array_max", {a}),
        d,
        CallOf("array_union", {a, b}),
        CallOf("array_intersect", {a, b}),
        CallOf("array_except", {a, b}),
        CallOf("arrays_overlap", {a, b}),
        CallOf("array_remove", {a, x}),
        CallOf("array_append", {a, x}),
        CallOf("array_prepend", {a, x}),
        CallOf("array_insert", {a, i, x}),
        CallOf("slice", {a, i, j}),
        CallOf("reverse", {a}),
        CallOf("concat", {a, b, a}),
        CallOf("flatten", {CallOf("array", {a, b})}),
        CallOf("arrays_zip", {a, b}),
        CallOf("array_repeat", {x, i}),
        CallOf("sort_array", {a, Lit(Value::Boolean(false))}),
        CallOf("array_sort", {a}),
        CallOf("array", {x, x}),
        CallOf("named_struct", {Lit(Value::String("n")), a, Lit(Value::String("o")), x}),
        CallOf("$extract", {a, i}),
        CallOf("try_element_at", {a, i}),
        m,
        CallOf("map_entries", {m}),
        CallOf("map_from_entries", {CallOf("map_entries", {m})}),
        CallOf("map_concat", {m, m}),
        CallOf("$extract", {m, x}),
        CallOf("map_contains_key", {m, x}),
        CallOf("sequence", {i, j}),
    };
    for (const ExprPtr& expr : expressions) {
      for (const int rows : {1, 30, 100}) {
        data.Refill(rows, random);
        ExpectSameRowByRow(expr, data);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(NestedTest, FieldsOfStructsInEveryEncoding) {
  TestRandom random(5);
  const TypePtr inner = StructType({{"s", StringType()}, {"l", ArrayType(IntType())}});
  RandomBatch data({StructType({{"a", IntType()}, {"b", inner}}), ArrayType(inner)}, 50, random);
  const ExprPtr b = CallOf("$extract", {data.input[0], Lit(Value::String("b"))});
  for (const ExprPtr& expr : {b, CallOf("$extract", {b, Lit(Value::String("s"))}),
                              CallOf("size", {CallOf("$extract", {b, Lit(Value::String("l"))})}),
                              CallOf("$extract", {data.input[1], Lit(Value::String("s"))})}) {
    for (int repeat = 0; repeat < 12; ++repeat) {
      data.Refill(1 + random.Below(90), random);
      ExpectSameRowByRow(expr, data);
    }
  }
}

}  // namespace
}  // namespace thalweg
