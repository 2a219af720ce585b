// sum and avg of DECIMAL and of intervals: an exact sum of 128 bits (inputs of 64 bits) or 192 bits
// and a count, in any order; what does not fit is found when a result is finished.
#include <limits>

#include "functions/aggregate_loops.h"
#include "functions/aggregate_sums.h"
#include "functions/decimal_math.h"
#include "functions/errors.h"

namespace thalweg {
namespace {

using Unsigned128 = unsigned __int128;

/// 64-bit values: 2^63 of them always fit.
struct Sum128 {
  uint64_t low;
  uint64_t high;

  Decimal128 value() const {
    return static_cast<Decimal128>(static_cast<Unsigned128>(high) << 64 | low);
  }
  void Set(Decimal128 value) {
    low = static_cast<uint64_t>(value);
    high = static_cast<uint64_t>(static_cast<Unsigned128>(value) >> 64);
  }
  void Add(Decimal128 other) { Set(value() + other); }
  void Merge(const Sum128& other, bool subtract) { Add(subtract ? -other.value() : other.value()); }
  bool Get(Decimal128* out) const {
    *out = value();
    return true;
  }
};

struct Sum192 {
  Sum128 low;
  int64_t high;  // the value is high * 2^128 + low, which counts as unsigned

  void Add(Decimal128 other) { AddWords(static_cast<Unsigned128>(other), other < 0 ? -1 : 0); }
  void Merge(const Sum192& other, bool subtract) {
    auto words = static_cast<Unsigned128>(other.low.value());
    int64_t top = other.high;
    if (subtract) {
      words = Unsigned128{0} - words;
      top = -top - (words != 0);
    }
    AddWords(words, top);
  }
  bool Get(Decimal128* out) const {
    *out = low.value();
    return high == (*out < 0 ? -1 : 0);
  }

 private:
  void AddWords(Unsigned128 words, int64_t top) {
    const auto before = static_cast<Unsigned128>(low.value());
    const Unsigned128 sum = before + words;
    low.Set(static_cast<Decimal128>(sum));
    high += top + (sum < before);
  }
};

template <class Sum>
struct SumBlock {
  Sum sum;
  int64_t count;
};

void Store(Decimal128 value, int row, Vector* out) {
  switch (out->physical()) {
    case PhysicalKind::kInt32:
      out->mutable_values<int32_t>()[row] = static_cast<int32_t>(value);
      return;
    case PhysicalKind::kInt64:
      out->mutable_values<int64_t>()[row] = static_cast<int64_t>(value);
      return;
    default:
      out->mutable_values<Decimal128>()[row] = value;
  }
}

template <class T>
bool FitsIn(Decimal128 value) {
  return value >= std::numeric_limits<T>::min() && value <= std::numeric_limits<T>::max();
}

/// What a block holds; `known`: the sum fits 128 bits.
struct Total {
  bool known;
  Decimal128 sum;
  int64_t count;
};

Status PutDecimal(const ExactSum& what, const Total& total, Vector* out, int row) {
  const int digits = std::min(what.argument->precision() + 10, kDecimalDigitsMax);
  if (!total.known || !FitsPrecision(total.sum, digits)) {
    return ArithmeticOverflow("Overflow in sum of decimals.", "try_sum", {});
  }
  if (!what.average) {
    Store(total.sum, row, out);
    return Status::OK();
  }
  const DataType& type = *out->type();
  const DecimalShape shape = {what.argument->scale(), 0, type.scale(), type.precision()};
  Decimal128 average = 0;
  if (!DivideDecimals(total.sum, total.count, shape, &average)) {
    return DecimalOutOfRange("of an average", type, {});
  }
  Store(average, row, out);
  return Status::OK();
}

Status PutInterval(const ExactSum& what, const Total& total, Vector* out, int row) {
  const bool months = what.argument->Is(TypeKind::kYearMonthInterval);
  const bool fits = months ? FitsIn<int32_t>(total.sum) : FitsIn<int64_t>(total.sum);
  if (!fits) return IntervalOverflow("try_add", {});
  Decimal128 value = total.sum;
  if (what.average) DivideDecimals(total.sum, total.count, DecimalShape(), &value);  // smaller
  Store(value, row, out);
  return Status::OK();
}

/// `T`: the physical type of the argument.
template <class T, class Sum>
class ExactAggregate : public Aggregate {
 public:
  using Block = SumBlock<Sum>;
  explicit ExactAggregate(const ExactSum& what) : what_(what) {
    layout_.width = sizeof(Block);
    layout_.invertible = true;
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    ForEachValue<T>(*arguments[0], rows, [&](int i, T value) {
      Block* block = BlockAt<Block>(targets, i);
      block->sum.Add(value);
      ++block->count;
    });
    return Status::OK();
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    for (int i = 0; i < count; ++i) {
      const Block& other = *BlockAt<Block>(into, from, i);
      Block* block = BlockAt<Block>(into, i);
      block->sum.Merge(other.sum, subtract);
      block->count += subtract ? -other.count : other.count;
    }
    return Status::OK();
  }

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    for (int i = 0; i < count; ++i) {
      const Block& block = *BlockAt<Block>(from, i);
      if (block.count == 0) {
        out->SetNull(at + i);
        continue;
      }
      Total total{false, 0, block.count};
      total.known = block.sum.Get(&total.sum);
      const Status status = what_.argument->Is(TypeKind::kDecimal)
                                ? PutDecimal(what_, total, out, at + i)
                                : PutInterval(what_, total, out, at + i);
      if (!status.ok() && what_.mode == CastMode::kAnsi) return status;
      if (!status.ok()) out->SetNull(at + i);
    }
    return Status::OK();
  }

 private:
  const ExactSum what_;
};

}  // namespace

TypePtr ExactSumType(const DataType& argument, bool average) {
  const auto bounded = [](int precision, int scale) {
    return DecimalType(std::min(precision, kDecimalDigitsMax), std::min(scale, kDecimalDigitsMax));
  };
  switch (argument.kind()) {
    case TypeKind::kDecimal:
      return average ? bounded(argument.precision() + 4, argument.scale() + 4)
                     : bounded(argument.precision() + 10, argument.scale());
    case TypeKind::kYearMonthInterval:
      return average ? YearMonthIntervalType(IntervalUnit::kYear, IntervalUnit::kMonth)
                     : YearMonthIntervalType(argument.first_unit(), argument.last_unit());
    case TypeKind::kDayTimeInterval:
      return average ? DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kSecond)
                     : DayTimeIntervalType(argument.first_unit(), argument.last_unit());
    default:
      return nullptr;
  }
}

std::shared_ptr<const Aggregate> MakeExactSum(const ExactSum& what) {
  switch (what.argument->physical()) {
    case PhysicalKind::kInt32:
      return std::make_shared<ExactAggregate<int32_t, Sum128>>(what);
    case PhysicalKind::kInt64:
      return std::make_shared<ExactAggregate<int64_t, Sum128>>(what);
    default:
      return std::make_shared<ExactAggregate<Decimal128, Sum192>>(what);
  }
}

}  // namespace thalweg
