#include "json_inputs.h"

#include <cstdio>

#include "inputs.h"

namespace thalweg {

std::string JsonEvents(int64_t count) {
  constexpr const char* kTypes[] = {"view", "click", "purchase"};
  std::string bytes;
  bytes.reserve(static_cast<size_t>(count) * 112);
  char line[256];
  for (int64_t i = 0; i < count; ++i) {
    const auto number = [&](int column) {
      return static_cast<unsigned>(NumberAt(static_cast<uint64_t>(column), i) >> 32);
    };
    const int size = std::snprintf(
        line, sizeof(line),
        "{\"user_id\":\"u%07u\",\"ad_id\":%u,\"event_type\":\"%s\",\"ts\":%lld,\"price\":%u.%02u,"
        "\"ip\":\"1.2.3.%u\"}\n",
        number(1) % 10'000'000, number(2) % 1000, kTypes[number(3) % 3],
        1'700'000'000'000 + static_cast<long long>(i), number(4) % 100, number(5) % 100,
        number(6) % 256);
    bytes.append(line, static_cast<size_t>(size));
  }
  return bytes.append(64, '\0');
}

std::string NestedJsonEvents(int64_t count) {
  std::string bytes;
  bytes.reserve(static_cast<size_t>(count) * 400);
  char line[1024];
  const std::string extra(120, 'x');
  for (int64_t i = 0; i < count; ++i) {
    const unsigned number = static_cast<unsigned>(NumberAt(1, i) >> 32);
    const int kind = i % 50 == 0 ? 0 : i % 50 < 4 ? 1 : 2;
    const unsigned minute = static_cast<unsigned>(i / 600'000 % 60);
    const unsigned millis = static_cast<unsigned>(i / 10 % 60'000);
    char time[32];
    std::snprintf(time, sizeof(time), "2026-01-01 00:%02u:%02u.%03u", minute, millis / 1000,
                  millis % 1000);
    int size = 0;
    if (kind == 0) {
      size =
          std::snprintf(line, sizeof(line),
                        "{\"event_type\":0,\"person\":{\"id\":%u,\"name\":\"kate smith\","
                        "\"emailAddress\":\"abc@def.com\",\"creditCard\":\"1234 5678 9012 3456\","
                        "\"city\":\"phoenix\",\"state\":\"az\",\"dateTime\":\"%s\","
                        "\"extra\":\"%s\"},\"auction\":null,\"bid\":null}\n",
                        1000 + number % 10'000, time, extra.c_str());
    } else if (kind == 1) {
      size = std::snprintf(line, sizeof(line),
                           "{\"event_type\":1,\"person\":null,\"auction\":{\"id\":%u,"
                           "\"itemName\":\"a thing to buy\",\"description\":\"it is good\","
                           "\"initialBid\":%u,\"reserve\":%u,\"dateTime\":\"%s\","
                           "\"expires\":\"%s\",\"seller\":%u,\"category\":%u,\"extra\":\"%s\"},"
                           "\"bid\":null}\n",
                           1000 + number % 10'000, number % 1000, number % 2000, time, time,
                           1000 + number % 1000, 10 + number % 5, extra.c_str());
    } else {
      size =
          std::snprintf(line, sizeof(line),
                        "{\"event_type\":2,\"person\":null,\"auction\":null,\"bid\":{"
                        "\"auction\":%u,\"bidder\":%u,\"price\":%u,\"channel\":\"apple\","
                        "\"url\":\"https://www.nexmark.com/googoo/item.htm?query=1&channel_id=%u\","
                        "\"dateTime\":\"%s\",\"extra\":\"%s\"}}\n",
                        1000 + number % 10'000, 1000 + number % 1000, number % 100'000'000, number,
                        time, extra.c_str());
    }
    bytes.append(line, static_cast<size_t>(size));
  }
  return bytes.append(64, '\0');
}

}  // namespace thalweg
