// The events of the benchmark of JSON lines, the same in every run.
#pragma once

#include <cstdint>
#include <string>

namespace thalweg {

/// {"user_id":"u0012345","ad_id":123,"event_type":"view","ts":1700000000123,"price":12.34,
/// "ip":"1.2.3.4"}, about 104 bytes; a third are views. With 64 bytes of zeros behind.
std::string JsonEvents(int64_t count);
/// Events of three kinds nested in one object, about 370 bytes, with times as text: Nexmark's.
std::string NestedJsonEvents(int64_t count);

}  // namespace thalweg
