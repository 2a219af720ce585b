// Central moments of DOUBLEs: stddev, variance, skewness, kurtosis and their forms. One pass in the
// order of the rows, with the recurrences of Spark (Pébay, Formulas for robust one-pass parallel
// computation of covariances and arbitrary-order statistical moments, 2008), so that the roundings
// are the same.
#include <cmath>

#include "functions/aggregate_loops.h"
#include "functions/aggregates.h"
#include "functions/families.h"

namespace thalweg {
namespace {

struct Moments {
  double count;
  double mean;
  double m2;
  double m3;
  double m4;

  void Add(double value) {
    count += 1.0;
    const double delta = value - mean;
    const double delta_n = delta / count;
    const double delta2 = delta * delta;
    const double delta_n2 = delta_n * delta_n;
    mean += delta_n;
    m2 += delta * (delta - delta_n);
    m3 = m3 - 3.0 * delta_n * m2 + delta * (delta2 - delta_n2);
    m4 = m4 - 4.0 * delta_n * m3 - 6.0 * delta_n2 * m2 +
         delta * (delta * delta2 - delta_n * delta_n2);
  }

  void Merge(const Moments& other) {
    if (other.count == 0) return;
    if (count == 0) {
      *this = other;
      return;
    }
    const Moments left = *this;
    const double n1 = left.count;
    const double n2 = other.count;
    count = n1 + n2;
    const double delta = other.mean - left.mean;
    const double delta_n = delta / count;
    mean = left.mean + delta_n * n2;
    m2 = left.m2 + other.m2 + delta * delta_n * n1 * n2;
    m3 = left.m3 + other.m3 + delta_n * delta_n * delta * n1 * n2 * (n1 - n2) +
         3.0 * delta_n * (n1 * other.m2 - n2 * left.m2);
    m4 = left.m4 + other.m4 +
         delta_n * delta_n * delta_n * delta * n1 * n2 * (n1 * n1 - n1 * n2 + n2 * n2) +
         6.0 * delta_n * delta_n * (n1 * n1 * other.m2 + n2 * n2 * left.m2) +
         4.0 * delta_n * (n1 * other.m3 - n2 * left.m3);
  }
};

enum class Statistic {
  kStddevPopulation,
  kStddevSample,
  kVariancePopulation,
  kVarianceSample,
  kSkewness,
  kKurtosis
};

/// Values that must be there for a result: a sample of one has no spread.
int FewestValues(Statistic statistic) {
  const bool sample =
      statistic == Statistic::kStddevSample || statistic == Statistic::kVarianceSample;
  return sample ? 2 : 1;
}

bool DividesByVariance(Statistic statistic) {
  return statistic == Statistic::kSkewness || statistic == Statistic::kKurtosis;
}

double ResultOf(Statistic statistic, const Moments& m) {
  switch (statistic) {
    case Statistic::kStddevPopulation:
      return std::sqrt(m.m2 / m.count);
    case Statistic::kStddevSample:
      return std::sqrt(m.m2 / (m.count - 1.0));
    case Statistic::kVariancePopulation:
      return m.m2 / m.count;
    case Statistic::kVarianceSample:
      return m.m2 / (m.count - 1.0);
    case Statistic::kSkewness:
      return std::sqrt(m.count) * m.m3 / std::sqrt(m.m2 * m.m2 * m.m2);
    case Statistic::kKurtosis:
      return m.count * m.m4 / (m.m2 * m.m2) - 3.0;
  }
  return 0;
}

class MomentAggregate final : public Aggregate {
 public:
  explicit MomentAggregate(Statistic statistic) : statistic_(statistic) {
    layout_.width = sizeof(Moments);
    layout_.exact = false;
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    ForEachValue<double>(*arguments[0], rows,
                         [&](int i, double value) { BlockAt<Moments>(targets, i)->Add(value); });
    return Status::OK();
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    THALWEG_CHECK(!subtract, "rounding cannot be undone");
    for (int i = 0; i < count; ++i) {
      BlockAt<Moments>(into, i)->Merge(*BlockAt<Moments>(into, from, i));
    }
    return Status::OK();
  }

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    double* results = out->mutable_values<double>() + at;
    for (int i = 0; i < count; ++i) {
      const Moments& block = *BlockAt<Moments>(from, i);
      results[i] = ResultOf(statistic_, block);
      if (block.count < FewestValues(statistic_) ||
          (DividesByVariance(statistic_) && block.m2 == 0)) {
        out->SetNull(at + i);
      }
    }
    return Status::OK();
  }

 private:
  const Statistic statistic_;
};

template <Statistic kStatistic>
Result<ExprPtr> BindMoment(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 1));
  THALWEG_RETURN_NOT_OK(b.CastArgument(0, DoubleType()));
  return FinishAggregate(&b, {std::make_shared<MomentAggregate>(kStatistic), DoubleType()});
}

}  // namespace

void RegisterMoments(FunctionRegistry* registry) {
  RegisterAggregates(registry, {"stddev", "std", "stddev_samp"},
                     BindMoment<Statistic::kStddevSample>);
  RegisterAggregates(registry, {"stddev_pop"}, BindMoment<Statistic::kStddevPopulation>);
  RegisterAggregates(registry, {"variance", "var_samp"}, BindMoment<Statistic::kVarianceSample>);
  RegisterAggregates(registry, {"var_pop"}, BindMoment<Statistic::kVariancePopulation>);
  RegisterAggregates(registry, {"skewness"}, BindMoment<Statistic::kSkewness>);
  RegisterAggregates(registry, {"kurtosis"}, BindMoment<Statistic::kKurtosis>);
}

}  // namespace thalweg
