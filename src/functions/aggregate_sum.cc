// sum and avg.
//
// Integers: sum and count of the non-NULL values in one 128-bit number W = sum + count * 2^80, so
// that a row, a merge and a subtraction are each one addition, exact in any order, and all zeroes
// mean "no value". It holds while |sum| < 2^79 and count < 2^47: sums of TINYINT … INT always fit;
// BIGINT sums raise when they leave |sum| < 2^78 (in legacy mode, whose result is the sum modulo
// 2^64, there is nothing to raise). The overflow of a result is raised when it is finished
// (docs/decisions). avg(BIGINT) has no such bound and keeps a full 128-bit sum beside its count.
//
// FLOAT and DOUBLE: a double and a count, folded strictly in the order of the rows.
#include "functions/aggregate_loops.h"
#include "functions/aggregate_sums.h"
#include "functions/aggregates.h"
#include "functions/arithmetic.h"
#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"

namespace thalweg {
namespace {

using Int128 = __int128;

constexpr int kCountShift = 80;

/// 128 bits in a block that is aligned to 8 only.
struct PackedSum {
  uint64_t low;
  uint64_t high;

  Int128 value() const {
    return static_cast<Int128>(static_cast<unsigned __int128>(high) << 64 | low);
  }
  void Add(Int128 change) {
    const Int128 sum = value() + change;
    low = static_cast<uint64_t>(sum);
    high = static_cast<uint64_t>(sum >> 64);
  }
  int64_t count() const {
    return static_cast<int64_t>((value() + (Int128{1} << (kCountShift - 1))) >> kCountShift);
  }
  Int128 sum() const { return value() - (Int128{count()} << kCountShift); }
  /// Not 0 when the sum has left |sum| < 2^78: bits 78 and 79 are not both copies of the sign.
  uint64_t Strays() const {
    const uint64_t top = high >> (78 - 64);  // bits 78, 79, and the count above
    return (top ^ (top >> 1)) & 1;
  }
};
static_assert(sizeof(PackedSum) == 16);

struct WideSum {
  PackedSum sum;
  int64_t count;
};

struct DoubleSum {
  double sum;
  int64_t count;
};

Status LongOverflow() {
  return ArithmeticOverflow("long overflow", "try_sum", {});
}

template <class T>
class PackedAggregate : public Aggregate {
 public:
  explicit PackedAggregate(bool raises) : raises_(raises) {
    layout_.width = sizeof(PackedSum);
    layout_.invertible = true;
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    uint64_t strays = 0;
    ForEachValue<T>(*arguments[0], rows, [&](int i, T value) {
      PackedSum* block = BlockAt<PackedSum>(targets, i);
      block->Add(Int128{value} + (Int128{1} << kCountShift));
      if constexpr (sizeof(T) == 8) strays |= block->Strays();
    });
    return strays != 0 && raises_ ? LongOverflow() : Status::OK();
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    uint64_t strays = 0;
    for (int i = 0; i < count; ++i) {
      const Int128 other = BlockAt<PackedSum>(into, from, i)->value();
      PackedSum* block = BlockAt<PackedSum>(into, i);
      block->Add(subtract ? -other : other);
      if constexpr (sizeof(T) == 8) strays |= block->Strays();
    }
    return strays != 0 && raises_ ? LongOverflow() : Status::OK();
  }

 protected:
  const bool raises_;
};

/// sum of integers: BIGINT, which raises (ANSI) or wraps (legacy) when it does not fit.
template <class T>
class IntegralSum final : public PackedAggregate<T> {
 public:
  using PackedAggregate<T>::PackedAggregate;

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    int64_t* sums = out->mutable_values<int64_t>() + at;
    for (int i = 0; i < count; ++i) {
      const PackedSum& block = *BlockAt<PackedSum>(from, i);
      const Int128 sum = block.sum();
      sums[i] = static_cast<int64_t>(sum);
      if (block.count() == 0) {
        out->SetNull(at + i);
      } else if (this->raises_ && sums[i] != sum) {
        return LongOverflow();
      }
    }
    return Status::OK();
  }
};

/// avg of TINYINT … INT: DOUBLE.
template <class T>
class SmallIntegralAvg final : public PackedAggregate<T> {
 public:
  SmallIntegralAvg() : PackedAggregate<T>(/*raises=*/false) {}

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    double* averages = out->mutable_values<double>() + at;
    for (int i = 0; i < count; ++i) {
      const PackedSum& block = *BlockAt<PackedSum>(from, i);
      averages[i] = static_cast<double>(block.sum()) / static_cast<double>(block.count());
      if (block.count() == 0) out->SetNull(at + i);
    }
    return Status::OK();
  }
};

/// Sums of BIGINT in 128 bits, with a count.
class WideAggregate : public Aggregate {
 public:
  WideAggregate() {
    layout_.width = sizeof(WideSum);
    layout_.invertible = true;
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    ForEachValue<int64_t>(*arguments[0], rows, [&](int i, int64_t value) {
      WideSum* block = BlockAt<WideSum>(targets, i);
      block->sum.Add(value);
      ++block->count;
    });
    return Status::OK();
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    for (int i = 0; i < count; ++i) {
      const WideSum& other = *BlockAt<WideSum>(into, from, i);
      WideSum* block = BlockAt<WideSum>(into, i);
      block->sum.Add(subtract ? -other.sum.value() : other.sum.value());
      block->count += subtract ? -other.count : other.count;
    }
    return Status::OK();
  }
};

class BigintAvg final : public WideAggregate {
 public:
  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    double* averages = out->mutable_values<double>() + at;
    for (int i = 0; i < count; ++i) {
      const WideSum& block = *BlockAt<WideSum>(from, i);
      averages[i] = static_cast<double>(block.sum.value()) / static_cast<double>(block.count);
      if (block.count == 0) out->SetNull(at + i);
    }
    return Status::OK();
  }
};

/// sum (`kAverage` false) and avg of DOUBLE.
template <bool kAverage>
class DoubleAggregate final : public Aggregate {
 public:
  DoubleAggregate() {
    layout_.width = sizeof(DoubleSum);
    layout_.exact = false;
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    ForEachValue<double>(*arguments[0], rows, [&](int i, double value) {
      DoubleSum* block = BlockAt<DoubleSum>(targets, i);
      block->sum += value;
      ++block->count;
    });
    return Status::OK();
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    THALWEG_CHECK(!subtract, "rounding cannot be undone");
    for (int i = 0; i < count; ++i) {
      const DoubleSum& other = *BlockAt<DoubleSum>(into, from, i);
      DoubleSum* block = BlockAt<DoubleSum>(into, i);
      block->sum += other.sum;
      block->count += other.count;
    }
    return Status::OK();
  }

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    double* results = out->mutable_values<double>() + at;
    for (int i = 0; i < count; ++i) {
      const DoubleSum& block = *BlockAt<DoubleSum>(from, i);
      results[i] = kAverage ? block.sum / static_cast<double>(block.count) : block.sum;
      if (block.count == 0) out->SetNull(at + i);
    }
    return Status::OK();
  }
};

/// try_sum of BIGINT: NULL where the sum does not fit.
class BigintTrySum final : public WideAggregate {
 public:
  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    int64_t* sums = out->mutable_values<int64_t>() + at;
    for (int i = 0; i < count; ++i) {
      const WideSum& block = *BlockAt<WideSum>(from, i);
      sums[i] = static_cast<int64_t>(block.sum.value());
      if (block.count == 0 || sums[i] != block.sum.value()) out->SetNull(at + i);
    }
    return Status::OK();
  }
};

std::shared_ptr<const Aggregate> MakeSum(TypeKind kind, CastMode mode) {
  const bool raises = mode == CastMode::kAnsi;
  switch (kind) {
    case TypeKind::kTinyint:
      return std::make_shared<IntegralSum<int8_t>>(raises);
    case TypeKind::kSmallint:
      return std::make_shared<IntegralSum<int16_t>>(raises);
    case TypeKind::kInt:
      return std::make_shared<IntegralSum<int32_t>>(raises);
    case TypeKind::kBigint:
      if (mode == CastMode::kTry) return std::make_shared<BigintTrySum>();
      return std::make_shared<IntegralSum<int64_t>>(raises);
    default:
      return std::make_shared<DoubleAggregate<false>>();
  }
}

std::shared_ptr<const Aggregate> MakeAvg(TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyint:
      return std::make_shared<SmallIntegralAvg<int8_t>>();
    case TypeKind::kSmallint:
      return std::make_shared<SmallIntegralAvg<int16_t>>();
    case TypeKind::kInt:
      return std::make_shared<SmallIntegralAvg<int32_t>>();
    case TypeKind::kBigint:
      return std::make_shared<BigintAvg>();
    default:
      return std::make_shared<DoubleAggregate<true>>();
  }
}

/// Integral and floating arguments as they are; what Spark casts to DOUBLE is cast.
Result<TypePtr> SummedType(const std::string& name, const std::vector<ExprPtr>& arguments,
                           const SqlPlace& place) {
  const TypePtr& type = arguments[0]->type;
  switch (type->kind()) {
    case TypeKind::kDecimal:
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
      return type;
    case TypeKind::kTimestamp:
    case TypeKind::kNull:
    case TypeKind::kString:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return DoubleType();
    default:
      if (type->IsIntegral()) return type;
      return UnexpectedArgumentType(name, arguments, 0, "(\"NUMERIC\" or \"ANSI INTERVAL\")",
                                    place);
  }
}

Result<ExprPtr> BindSum(const std::string& name, std::vector<ExprPtr> arguments,
                        const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  THALWEG_ASSIGN_OR_RETURN(const TypePtr type, SummedType(name, arguments, place));
  THALWEG_RETURN_NOT_OK(CoerceAll(&arguments, type, settings));
  const bool tries = name == "try_sum" || name == "try_avg";
  const bool average = name != "sum" && name != "try_sum";
  const CastMode mode = tries           ? CastMode::kTry
                        : settings.ansi ? CastMode::kAnsi
                                        : CastMode::kLegacy;
  FunctionSignature signature{name, {type}, DoubleType(), "", true};
  std::shared_ptr<const Aggregate> aggregate;
  if (TypePtr exact = ExactSumType(*type, average)) {
    // Sums of intervals raise in legacy mode too.
    const bool raises = !type->Is(TypeKind::kDecimal) && mode == CastMode::kLegacy;
    signature.result_type = std::move(exact);
    signature.parameters = ModeName(mode);
    aggregate = MakeExactSum({type, average, raises ? CastMode::kAnsi : mode});
  } else if (average) {
    aggregate = MakeAvg(type->kind());
  } else {
    if (type->IsIntegral()) {
      signature.result_type = BigintType();
      signature.parameters = ModeName(mode);
    }
    aggregate = MakeSum(type->kind(), mode);
  }
  auto function = std::make_shared<AggregateFunction>(std::move(signature),
                                                      /*result_nullable=*/true, aggregate);
  return MakeAggregateCall(std::move(function), std::move(arguments), place);
}

}  // namespace

void RegisterSums(FunctionRegistry* registry) {
  registry->Register({"sum", FunctionKind::kAggregate, BindSum});
  registry->Register({"avg", FunctionKind::kAggregate, BindSum});
  registry->Register({"mean", FunctionKind::kAggregate, BindSum});
  registry->Register({"try_sum", FunctionKind::kAggregate, BindSum});
  registry->Register({"try_avg", FunctionKind::kAggregate, BindSum});
}

}  // namespace thalweg
