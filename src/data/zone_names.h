// Names of time zones in US English, as java.time prints them with the letters z and zzzz: of the
// zones that most people live in, since 2000 (before, many changed their standard time). Any
// thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "data/time_zone.h"

namespace thalweg {

/// "EST", "Eastern Standard Time"; a fixed offset is named by its id. Empty: not known to us.
std::string_view ZoneName(const TimeZone& zone, int64_t instant_us, int32_t offset_s, bool full);

}  // namespace thalweg
