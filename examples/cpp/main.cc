// Thalweg in a program of one's own: rows, SQL and the DataFrame API over them.
#include <cstdio>

#include "thalweg/thalweg.h"

using thalweg::Col;

namespace {

thalweg::Status Run() {
  const auto session = thalweg::Session::Create();
  if (!session.ok()) return session.status();

  const thalweg::DataFrame payments = session->CreateDataFrame(
      "card STRING, country STRING, amount DOUBLE",
      {{"1234", "DE", 20.0}, {"1234", "PT", 950.5}, {"5678", "DE", 7.25}, {"5678", "DE", nullptr}});
  thalweg::Status status = payments.CreateOrReplaceTempView("payments");
  if (!status.ok()) return status;

  status = payments.Filter(Col("amount") > 5)
               .GroupBy("country")
               .Agg(thalweg::Sum("amount").As("total"), thalweg::CountAll().As("payments"))
               .OrderBy(Col("total").Desc())
               .Show();
  if (!status.ok()) return status;

  const auto rows = session
                        ->Sql(
                            "SELECT card, max(amount) AS most FROM payments GROUP BY card "
                            "ORDER BY card")
                        .Collect();
  if (!rows.ok()) return rows.status();
  for (const thalweg::Row& row : *rows) {
    std::printf("%s: %.2f\n", row.Get<std::string>("card").value_or("?").c_str(),
                row.Get<double>("most").value_or(0));
  }
  return thalweg::Status::OK();
}

}  // namespace

int main() {
  const thalweg::Status status = Run();
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
