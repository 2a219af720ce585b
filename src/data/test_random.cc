#include "data/test_random.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>

#include "data/batch.h"

namespace thalweg {
namespace {

int64_t Clamp(int64_t value, int64_t bound) {
  return value % bound;
}

int64_t RandomInteger(TestRandom& random, int bits) {
  const int64_t max = static_cast<int64_t>(~0ull >> (65 - bits));
  switch (random.Below(8)) {
    case 0:
      return max;
    case 1:
      return -max - 1;
    case 2:
      return 0;
    case 3:
      return random.Below(4) - 2;
    default:
      return static_cast<int64_t>(random.Next()) >> (64 - bits) >> random.Below(bits);
  }
}

int128_t RandomDecimal(TestRandom& random, int precision) {
  int128_t bound = 1;
  for (int i = random.Below(3) == 0 ? 0 : random.Below(precision); i < precision; ++i) bound *= 10;
  const int128_t bits = static_cast<int128_t>(random.Next()) << 64 | random.Next();
  return bits % bound;
}

double RandomDouble(TestRandom& random) {
  constexpr double kEdges[] = {0.0,
                               -0.0,
                               1.0,
                               std::numeric_limits<double>::quiet_NaN(),
                               std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::denorm_min(),
                               std::numeric_limits<double>::max()};
  if (random.OneIn(3)) return kEdges[random.Below(std::size(kEdges))];
  if (random.OneIn(2)) return random.Below(2'000'000) / 100.0 - 1000;
  return std::bit_cast<double>(random.Next());
}

std::string RandomText(TestRandom& random) {
  constexpr int kLengths[] = {0, 1, 3, 4, 5, 8, 11, 12, 13, 16, 17, 40, 300};
  std::string text(kLengths[random.Below(std::size(kLengths))], ' ');
  const int letters = random.OneIn(2) ? 2 : 26;
  for (char& c : text) c = static_cast<char>('a' + random.Below(letters));
  return text;
}

Value RandomNested(const TypePtr& type, TestRandom& random) {
  Value::List list;
  if (type->Is(TypeKind::kVariant)) {
    list.push_back({BinaryType(), RandomText(random)});
    list.push_back({BinaryType(), RandomText(random)});
    return {type, std::move(list)};
  }
  const int repeats = type->Is(TypeKind::kStruct) ? 1 : random.Below(4);
  for (int i = 0; i < repeats; ++i) {
    for (const StructField& field : type->fields()) {
      list.push_back(RandomValue(field.type, random, field.nullable ? 5 : 0));
    }
  }
  return {type, std::move(list)};
}

int64_t RandomMicros(TestRandom& random) {
  constexpr int64_t kYear1 = -62'135'596'800'000'000, kYear10000 = 253'402'300'800'000'000;
  if (random.OneIn(3)) return Clamp(RandomInteger(random, 64), 1'700'000'000) * 1'000'000;
  return kYear1 + static_cast<int64_t>(random.Next() % static_cast<uint64_t>(kYear10000 - kYear1));
}

}  // namespace

uint64_t TestRandom::Next() {
  uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

TypePtr RandomType(TestRandom& random, int depth) {
  switch (random.Below(depth > 0 ? 25 : 20)) {
    case 0:
      return BooleanType();
    case 1:
      return TinyintType();
    case 2:
      return SmallintType();
    case 3:
      return IntType();
    case 4:
      return FloatType();
    case 5:
      return DoubleType();
    case 6:
      return DecimalType(1 + random.Below(18), 0);
    case 7:
      return DecimalType(19 + random.Below(20), random.Below(19));
    case 8:
      return BinaryType();
    case 9:
      return DateType();
    case 10:
      return TimestampType();
    case 11:
      return TimestampNtzType();
    case 12:
      return CalendarIntervalType();
    case 13:
      return YearMonthIntervalType(IntervalUnit::kYear, IntervalUnit::kMonth);
    case 14:
      return DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kSecond);
    case 15:
      return TimeType(random.Below(7));
    case 16:
      return NullType();
    case 17:
      return BigintType();
    case 18:
    case 19:
      return StringType();
    case 20:
      return VariantType();
    case 21:
      return ArrayType(RandomType(random, depth - 1));
    case 22:
      return MapType(random.OneIn(2) ? StringType() : IntType(), RandomType(random, depth - 1));
    default: {
      std::vector<StructField> fields;
      for (int i = random.Below(4); i >= 0; --i) {
        fields.push_back(
            {std::string(1, static_cast<char>('a' + i)), RandomType(random, depth - 1), true, ""});
      }
      return StructType(std::move(fields));
    }
  }
}

Value RandomValue(const TypePtr& type, TestRandom& random, int null_one_in) {
  if (type->Is(TypeKind::kNull)) return Value(type);
  if (null_one_in > 0 && random.OneIn(null_one_in)) return Value(type);
  switch (type->kind()) {
    case TypeKind::kDate:
      return {type, RandomMicros(random) / 86'400'000'000};
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      return {type, RandomMicros(random)};
    case TypeKind::kTime:
      return {type, static_cast<int64_t>(random.Next() % 86'400'000'000'000ull)};
    case TypeKind::kDecimal: {
      const int128_t unscaled = RandomDecimal(random, type->precision());
      if (type->physical() == PhysicalKind::kInt128) return {type, unscaled};
      return {type, static_cast<int64_t>(unscaled)};
    }
    default:
      break;
  }
  switch (type->physical()) {
    case PhysicalKind::kBool:
      return {type, random.OneIn(2)};
    case PhysicalKind::kInt8:
      return {type, RandomInteger(random, 8)};
    case PhysicalKind::kInt16:
      return {type, RandomInteger(random, 16)};
    case PhysicalKind::kInt32:
      return {type, RandomInteger(random, 32)};
    case PhysicalKind::kInt64:
      return {type, RandomInteger(random, 64)};
    case PhysicalKind::kFloat:
      return {type, static_cast<double>(static_cast<float>(RandomDouble(random)))};
    case PhysicalKind::kDouble:
      return {type, RandomDouble(random)};
    case PhysicalKind::kString:
      return {type, RandomText(random)};
    case PhysicalKind::kInterval:
      return {type, CalendarInterval{static_cast<int32_t>(RandomInteger(random, 32)),
                                     static_cast<int32_t>(RandomInteger(random, 32)),
                                     RandomInteger(random, 64)}};
    default:
      return RandomNested(type, random);
  }
}

Vector RandomFlat(const TypePtr& type, int size, TestRandom& random, int null_one_in) {
  Vector vector(type);
  for (int i = 0; i < size; ++i) AppendValue(RandomValue(type, random, null_one_in), &vector);
  return vector;
}

Vector RandomVector(const TypePtr& type, int size, TestRandom& random, int null_one_in) {
  const int choice = random.Below(4);
  Vector vector;
  if (choice == 0) {
    MakeConstant(RandomValue(type, random, null_one_in), size, &vector);
  } else if (choice == 1 && !type->Is(TypeKind::kNull)) {
    const Vector dictionary = RandomFlat(type, 1 + random.Below(20), random, 0);
    vector.ResetDictionary(dictionary, size);
    for (int i = 0; i < size; ++i) {
      vector.mutable_values<int32_t>()[i] = random.Below(dictionary.size());
    }
    for (int i = 0; i < size && null_one_in > 0; ++i) {
      if (random.OneIn(null_one_in)) vector.SetNull(i);
    }
  } else {
    vector = RandomFlat(type, size, random, random.OneIn(3) ? 0 : null_one_in);
  }
  return vector;
}

}  // namespace thalweg
