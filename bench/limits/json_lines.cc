#include "json_lines.h"

#include <simdjson.h>

#include <cstdlib>
#include <cstring>

namespace thalweg {
namespace {

constexpr size_t kChunkEvents = 1024;  // columns are used again, as a batch is

const char* Expect(const char* at, std::string_view literal) {
  if (std::memcmp(at, literal.data(), literal.size()) != 0) std::abort();
  return at + literal.size();
}

const char* Text(const char* at, std::string_view* out) {
  const char* const begin = at;
  while (*at != '"') ++at;
  *out = {begin, static_cast<size_t>(at - begin)};
  return at;
}

const char* Integer(const char* at, int64_t* out) {
  int64_t value = 0;
  while (static_cast<unsigned>(*at - '0') < 10) value = value * 10 + (*at++ - '0');
  *out = value;
  return at;
}

}  // namespace

void JsonLinesLimit::Begin(size_t events) {
  for (auto* column : {&users_, &types_, &addresses_}) column->resize(events);
  for (auto* column : {&ads_, &times_}) column->resize(events);
  prices_.resize(events);
}

int64_t JsonLinesLimit::ScanByHand(std::string_view bytes) {
  Begin(kChunkEvents);
  int64_t views = 0;
  size_t i = 0;
  for (const char* at = bytes.data(); *at != '\0'; i = (i + 1) % kChunkEvents) {
    int64_t whole = 0;
    int64_t cents = 0;
    at = Text(Expect(at, "{\"user_id\":\""), &users_[i]);
    at = Integer(Expect(at, "\",\"ad_id\":"), &ads_[i]);
    at = Text(Expect(at, ",\"event_type\":\""), &types_[i]);
    at = Integer(Expect(at, "\",\"ts\":"), &times_[i]);
    at = Integer(Expect(at, ",\"price\":"), &whole);
    at = Integer(Expect(at, "."), &cents);
    prices_[i] = static_cast<double>(whole * 100 + cents) / 100;
    at = Expect(Text(Expect(at, ",\"ip\":\""), &addresses_[i]), "\"}\n");
    views += types_[i] == "view";
  }
  return views;
}

int64_t JsonLinesLimit::Simdjson(std::string_view bytes) {
  Begin(kChunkEvents);
  simdjson::ondemand::parser parser;
  int64_t views = 0;
  size_t i = 0;
  const char* const end = bytes.data() + bytes.size() - 64;
  for (const char* at = bytes.data(); at != end; i = (i + 1) % kChunkEvents) {
    const char* const line_end =
        static_cast<const char*>(std::memchr(at, '\n', static_cast<size_t>(end - at)));
    const size_t size = static_cast<size_t>(line_end - at);
    auto document = parser.iterate(at, size, size + simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::object object = document.get_object();
    users_[i] = object.find_field("user_id").get_string();
    ads_[i] = object.find_field("ad_id").get_int64();
    types_[i] = object.find_field("event_type").get_string();
    times_[i] = object.find_field("ts").get_int64();
    prices_[i] = object.find_field("price").get_double();
    addresses_[i] = object.find_field("ip").get_string();
    views += types_[i] == "view";
    at = line_end + 1;
  }
  return views;
}

}  // namespace thalweg
