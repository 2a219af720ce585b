// Product sales as a C++ program: the two queries of pipeline.sql by the DataFrame API.
//   product_sales [SAMPLE_DIRECTORY]
#include <cstdio>
#include <string>

#include "thalweg/thalweg.h"

using thalweg::Col;
using thalweg::DataFrame;
using thalweg::Status;

namespace {

/// Shows a stream on the console until what is there is read.
Status Show(const DataFrame& frame, const char* name, const char* mode) {
  const auto query = frame.WriteStream()
                         .Format("console")
                         .QueryName(name)
                         .OutputMode(mode)
                         .Trigger(thalweg::Trigger::AvailableNow())
                         .Start();
  return query.ok() ? query->AwaitTermination() : query.status();
}

Status Run(const std::string& sample) {
  const auto session = thalweg::Session::Create();
  if (!session.ok()) return session.status();
  const DataFrame orders =
      session->ReadStream()
          .Schema("`order` BIGINT, product STRING, units INT, price STRING, ts TIMESTAMP")
          .Option("maxFilesPerTrigger", 1)
          .Json(sample);
  const thalweg::Column units = thalweg::Sum("units").As("units");
  const thalweg::Column revenue =
      thalweg::Sum(Col("units") * Col("price").Cast("DECIMAL(8, 2)")).As("revenue");

  // Each hour and product again whenever an order changes it; half an hour late still counts.
  const Status status =
      Show(orders.WithWatermark("ts", "30 minutes")
               .GroupBy(thalweg::Window("ts", "1 hour"), "product")
               .Agg(units, revenue)
               .Select(Col("window.start").As("hour"), "product", "units", "revenue"),
           "hours", "update");
  if (!status.ok()) return status;

  // The best products so far.
  return Show(orders.GroupBy("product").Agg(units, revenue).OrderBy(Col("revenue").Desc()).Limit(3),
              "top", "complete");
}

}  // namespace

int main(int argc, char** argv) {
  const Status status = Run(argc > 1 ? argv[1] : "examples/product_sales/sample");
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
