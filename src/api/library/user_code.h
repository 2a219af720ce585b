// Calls of functions that the user wrote: what they throw becomes a Status, because nothing throws
// across the library. Private to api/library/.
#pragma once

#include <exception>

#include "thalweg/status.h"

namespace thalweg {
namespace api {

/// `call` gives a Status or a Result.
template <class F>
auto CallUser(const F& call) -> decltype(call()) {
  try {
    return call();
  } catch (const std::exception& error) {
    return Status::Error(error.what());
  } catch (...) {
    return Status::Error("an exception of an unknown kind");
  }
}

}  // namespace api
}  // namespace thalweg
