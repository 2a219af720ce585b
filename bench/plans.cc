#include "plans.h"

#include "functions/registry.h"
#include "measure.h"

namespace thalweg {
namespace {

ExprPtr Bind(const std::string& function, std::vector<ExprPtr> arguments);

}  // namespace

RelationPtr KeyedPlan(const TablePtr& table, const std::string& aggregate) {
  const RelationPtr read = MakeRead(table, true);
  const ExprPtr key = FindOutput(read, "k");
  std::vector<ExprPtr> arguments;  // count(*) has none
  if (aggregate != "count") arguments.push_back(FindOutput(read, "v"));
  return MakeAggregate(read, {key}, {key, MakeAlias(Bind(aggregate, arguments), "result")});
}

RelationPtr WindowedCountPlan(const TablePtr& table, const WindowSpec& window, bool filtered) {
  RelationPtr input = MakeRead(table, true);
  if (filtered) {
    input = MakeFilter(input, Bind(">=", {FindOutput(input, "k"), MakeLiteral(Value::Bigint(0))}));
  }
  input = MakeWithWatermark(input, FindOutput(input, "ts"), window.delay_us);
  const ExprPtr key = FindOutput(input, "k");
  const ExprPtr slices = MakeAlias(
      MakeTimeWindow(FindOutput(input, "ts"), window.size_us, window.slide_us, 0), "window");
  const ExprPtr count = MakeAlias(Bind("count", {}), "result");
  return MakeAggregate(input, {slices, key}, {ToAttribute(slices), key, count});
}

namespace {

ExprPtr Bind(const std::string& function, std::vector<ExprPtr> arguments) {
  Result<ExprPtr> bound =
      FunctionRegistry::BuiltIn().Bind(function, std::move(arguments), BindSettings());
  Require(bound.ok(), bound.ok() ? "" : bound.status().ToString().c_str());
  return *bound;
}

}  // namespace
}  // namespace thalweg
