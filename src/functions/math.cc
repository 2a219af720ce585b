// Functions of DOUBLE, as java.lang.Math and Spark's mathExpressions compute them.
#include <cmath>
#include <numbers>
#include <optional>

#include "functions/families.h"
#include "functions/row_function.h"
#include "functions/signature.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

double Sin(double x) {
  return std::sin(x);
}
double Cos(double x) {
  return std::cos(x);
}
double Tan(double x) {
  return std::tan(x);
}
double Cot(double x) {
  return 1 / std::tan(x);
}
double Sec(double x) {
  return 1 / std::cos(x);
}
double Csc(double x) {
  return 1 / std::sin(x);
}
double Asin(double x) {
  return std::asin(x);
}
double Acos(double x) {
  return std::acos(x);
}
double Atan(double x) {
  return std::atan(x);
}
double Sinh(double x) {
  return std::sinh(x);
}
double Cosh(double x) {
  return std::cosh(x);
}
double Tanh(double x) {
  return std::tanh(x);
}
// The inverse hyperbolic functions follow Spark's formulas, whose rounding is part of the result.
double Asinh(double x) {
  return std::isinf(x) && x < 0 ? x : std::log(x + std::sqrt(x * x + 1));
}
double Acosh(double x) {
  return std::log(x + std::sqrt(x * x - 1));
}
double Atanh(double x) {
  return 0.5 * (std::log1p(x) - std::log1p(-x));
}
double Sqrt(double x) {
  return std::sqrt(x);
}
double Cbrt(double x) {
  return std::cbrt(x);
}
double Exp(double x) {
  return std::exp(x);
}
double Expm1(double x) {
  return std::expm1(x);
}
double Degrees(double x) {
  return x * (180.0 / std::numbers::pi);
}
double Radians(double x) {
  return x * (std::numbers::pi / 180.0);
}
double Rint(double x) {
  return std::nearbyint(x);
}
double Sign(double x) {
  return std::isnan(x) || x == 0 ? x : x > 0 ? 1.0 : -1.0;
}
double Pow(double x, double y) {
  // Java: 1 to the power of NaN or infinity is NaN, C says 1.
  if (std::isnan(y) || (std::abs(x) == 1 && std::isinf(y))) return std::nan("");
  return std::pow(x, y);
}
double Atan2(double y, double x) {
  return std::atan2(y + 0.0, x + 0.0);
}
double Hypot(double x, double y) {
  return std::hypot(x, y);
}

// Logarithms are NULL where they have no value.
std::optional<double> Ln(double x) {
  return x <= 0 ? std::nullopt : std::optional(std::log(x));
}
std::optional<double> Log10(double x) {
  return x <= 0 ? std::nullopt : std::optional(std::log10(x));
}
std::optional<double> Log2(double x) {
  return x <= 0 ? std::nullopt : std::optional(std::log(x) / std::log(2.0));
}
std::optional<double> Log1p(double x) {
  return x <= -1 ? std::nullopt : std::optional(std::log1p(x));
}
std::optional<double> LogOf(double base, double x) {
  return base <= 0 || x <= 0 ? std::nullopt : std::optional(std::log(x) / std::log(base));
}

std::optional<int64_t> Factorial(int32_t n) {
  if (n < 0 || n > 20) return std::nullopt;
  int64_t product = 1;
  for (int32_t i = 2; i <= n; ++i) product *= i;
  return product;
}

std::optional<int64_t> WidthBucket(double value, double low, double high, int64_t buckets) {
  if (buckets <= 0 || buckets == INT64_MAX || std::isnan(value) || low == high ||
      !std::isfinite(low) || !std::isfinite(high)) {
    return std::nullopt;
  }
  const double lower = std::fmin(low, high), upper = std::fmax(low, high);
  const bool falls = low > high;
  if (value < lower) return falls ? buckets + 1 : 0;
  if (value >= upper && !falls) return buckets + 1;
  if (value > upper && falls) return 0;
  const double count = static_cast<double>(buckets);
  const double place =
      falls ? count * (upper - value) / (upper - lower) : count * (value - lower) / (upper - lower);
  return static_cast<int64_t>(place) + 1;
}

/// pi() and e().
Result<ExprPtr> BindConstant(const std::string& name, std::vector<ExprPtr> arguments,
                             const BindSettings&, const SqlPlace& place) {
  if (!arguments.empty()) {
    return NotSupportedYet("arguments of " + name, place);
  }
  return MakeLiteral(Value::Double(name == "pi" ? std::numbers::pi : std::numbers::e));
}

}  // namespace

void RegisterMath(FunctionRegistry* registry) {
  RegisterOverloads(registry, {{"sin", "D", 'D', RowKernel<Sin>},
                               {"cos", "D", 'D', RowKernel<Cos>},
                               {"tan", "D", 'D', RowKernel<Tan>},
                               {"cot", "D", 'D', RowKernel<Cot>},
                               {"sec", "D", 'D', RowKernel<Sec>},
                               {"csc", "D", 'D', RowKernel<Csc>},
                               {"asin", "D", 'D', RowKernel<Asin>},
                               {"acos", "D", 'D', RowKernel<Acos>},
                               {"atan", "D", 'D', RowKernel<Atan>},
                               {"sinh", "D", 'D', RowKernel<Sinh>},
                               {"cosh", "D", 'D', RowKernel<Cosh>},
                               {"tanh", "D", 'D', RowKernel<Tanh>},
                               {"asinh", "D", 'D', RowKernel<Asinh>},
                               {"acosh", "D", 'D', RowKernel<Acosh>},
                               {"atanh", "D", 'D', RowKernel<Atanh>},
                               {"sqrt", "D", 'D', RowKernel<Sqrt>},
                               {"cbrt", "D", 'D', RowKernel<Cbrt>},
                               {"exp", "D", 'D', RowKernel<Exp>},
                               {"expm1", "D", 'D', RowKernel<Expm1>},
                               {"degrees", "D", 'D', RowKernel<Degrees>},
                               {"radians", "D", 'D', RowKernel<Radians>},
                               {"rint", "D", 'D', RowKernel<Rint>},
                               {"sign", "D", 'D', RowKernel<Sign>},
                               {"pow", "DD", 'D', RowKernel<Pow>},
                               {"atan2", "DD", 'D', RowKernel<Atan2>},
                               {"hypot", "DD", 'D', RowKernel<Hypot>},
                               {"ln", "D", 'D', RowKernel<Ln>, kNullable},
                               {"log", "D", 'D', RowKernel<Ln>, kNullable},
                               {"log", "DD", 'D', RowKernel<LogOf>, kNullable},
                               {"log10", "D", 'D', RowKernel<Log10>, kNullable},
                               {"log2", "D", 'D', RowKernel<Log2>, kNullable},
                               {"log1p", "D", 'D', RowKernel<Log1p>, kNullable},
                               {"factorial", "I", 'L', RowKernel<Factorial>, kNullable},
                               {"width_bucket", "DDDL", 'L', RowKernel<WidthBucket>, kNullable}});
  RegisterAlias(registry, "signum", "sign");
  RegisterAlias(registry, "power", "pow");
  for (const char* name : {"pi", "e"}) {
    registry->Register({name, FunctionKind::kScalar, BindConstant});
  }
}

}  // namespace thalweg
