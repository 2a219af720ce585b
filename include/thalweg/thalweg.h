// The whole C++ library in one include: Spark's DataFrame API in C++ names.
//
//   const auto session = thalweg::Session::Create();
//   session->Read().Schema("user STRING, amount DOUBLE").Json("payments/")
//       .GroupBy("user").Agg(thalweg::Sum("amount").As("total")).Show();
//
// Names live in thalweg::api and are meant to be said as thalweg::Session.
#pragma once

#include "thalweg/column.h"
#include "thalweg/dataframe.h"
#include "thalweg/functions.h"
#include "thalweg/reader.h"
#include "thalweg/session.h"
#include "thalweg/status.h"
#include "thalweg/streaming.h"
#include "thalweg/types.h"
#include "thalweg/udf.h"
#include "thalweg/value.h"
#include "thalweg/writer.h"

namespace thalweg {
using namespace api;  // NOLINT: nothing else is declared here for a user of the library
}
