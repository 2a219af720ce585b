#include "data/zone_names.h"

#include "data/calendar.h"

namespace thalweg {
namespace {

struct NamedZone {
  std::string_view id;
  int32_t standard_s;
  std::string_view standard, standard_full, summer, summer_full;
};

constexpr NamedZone kZones[] = {
#define X(id, standard_s, standard, standard_full, summer, summer_full) \
  {id, standard_s, standard, standard_full, summer, summer_full},
#include "data/zone_names.inc"
#undef X
};

constexpr int64_t kSinceUs = DaysFromCivil(2000, 1, 1) * kMicrosPerDay;

}  // namespace

std::string_view ZoneName(const TimeZone& zone, int64_t instant_us, int32_t offset_s, bool full) {
  for (const NamedZone& named : kZones) {
    if (named.id != zone.id()) continue;
    if (instant_us < kSinceUs && named.id.find('/') != std::string_view::npos) return {};
    if (offset_s == named.standard_s) return full ? named.standard_full : named.standard;
    return full ? named.summer_full : named.summer;
  }
  if (zone.is_fixed() && zone.id() != "UT") return zone.id();
  return {};
}

}  // namespace thalweg
