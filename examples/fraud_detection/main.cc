// Fraud detection as a C++ program: the three queries of pipeline.sql by the DataFrame API, the
// distance between two places as a C++ function.
//   fraud_detection [SAMPLE_DIRECTORY]
#include <cmath>
#include <cstdio>
#include <string>

#include "thalweg/thalweg.h"

using thalweg::CallFunction;
using thalweg::Col;
using thalweg::DataFrame;
using thalweg::Session;
using thalweg::Status;

namespace {

/// Kilometres between two places on a sphere, by the haversine.
double Kilometres(double latitude1, double longitude1, double latitude2, double longitude2) {
  constexpr double kRadians = 3.14159265358979323846 / 180, kEarthRadiusKm = 6371;
  const double north = std::sin((latitude2 - latitude1) * kRadians / 2);
  const double east = std::sin((longitude2 - longitude1) * kRadians / 2);
  const double across = std::cos(latitude1 * kRadians) * std::cos(latitude2 * kRadians);
  return 2 * kEarthRadiusKm * std::asin(std::sqrt(north * north + across * east * east));
}

/// Shows a stream on the console until what is there is read.
Status Show(const DataFrame& frame, const char* name, const char* mode) {
  const auto query = frame.WriteStream()
                         .Format("console")
                         .Option("truncate", false)
                         .QueryName(name)
                         .OutputMode(mode)
                         .Trigger(thalweg::Trigger::AvailableNow())
                         .Start();
  return query.ok() ? query->AwaitTermination() : query.status();
}

Status Run(const std::string& sample) {
  const auto session = Session::Create();
  if (!session.ok()) return session.status();
  Status status = session->RegisterUdf("kilometres", Kilometres);
  if (!status.ok()) return status;

  const DataFrame payments =
      session->ReadStream()
          .Schema("payment BIGINT, card STRING, merchant INT, amount DECIMAL(10, 2), ts TIMESTAMP")
          .Json(sample + "/payments");
  const DataFrame blocklist =
      session->Read().Schema("card STRING, reason STRING").Json(sample + "/blocklist");
  const DataFrame merchants =
      session->Read()
          .Schema("merchant INT, place STRING, latitude DOUBLE, longitude DOUBLE")
          .Json(sample + "/merchants");

  // Of each payment alone.
  status = Show(payments.Alias("p")
                    .Join(blocklist.Alias("b"), Col("p.card") == Col("b.card"))
                    .Select("payment", "p.card", "ts", "reason"),
                "refused", "append");
  if (!status.ok()) return status;

  // Of ten minutes, slid by five, as they go: too many payments, or too much.
  status = Show(payments.WithWatermark("ts", "1 minute")
                    .GroupBy(thalweg::Window("ts", "10 minutes", "5 minutes"), "card")
                    .Agg(thalweg::CountAll().As("payments"), thalweg::Sum("amount").As("total"))
                    .Filter(Col("payments") > 5 || Col("total") > 1000)
                    .Select("card", Col("window.start").As("since"), "payments", "total"),
                "too_much", "update");
  if (!status.ok()) return status;

  // Two places in ten minutes that nobody can travel between.
  return Show(
      payments.WithWatermark("ts", "1 minute")
          .Join(merchants, DataFrame::Names{"merchant"})
          .GroupBy(thalweg::Window("ts", "10 minutes", "5 minutes"), "card")
          .Agg(thalweg::Min("latitude").As("south"), thalweg::Max("latitude").As("north"),
               thalweg::Min("longitude").As("west"), thalweg::Max("longitude").As("east"))
          .Select("card", Col("window.start").As("since"),
                  thalweg::Round(CallFunction("kilometres", {"south", "west", "north", "east"}))
                      .As("km"))
          .Filter(Col("km") > 500),
      "too_far", "update");
}

}  // namespace

int main(int argc, char** argv) {
  const Status status = Run(argc > 1 ? argv[1] : "examples/fraud_detection/sample");
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
