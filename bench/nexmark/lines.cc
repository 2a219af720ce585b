#include "lines.h"

#include <ctime>

#include <fmt/format.h>

namespace thalweg {

const char* const kNexmarkDdl =
    "event_type INT,\n"
    "  person STRUCT<id: BIGINT, name: STRING, emailAddress: STRING, creditCard: STRING,\n"
    "    city: STRING, state: STRING, dateTime: TIMESTAMP, extra: STRING>,\n"
    "  auction STRUCT<id: BIGINT, itemName: STRING, description: STRING, initialBid: BIGINT,\n"
    "    reserve: BIGINT, dateTime: TIMESTAMP, expires: TIMESTAMP, seller: BIGINT,\n"
    "    category: BIGINT, extra: STRING>,\n"
    "  bid STRUCT<auction: BIGINT, bidder: BIGINT, price: BIGINT, channel: STRING, url: STRING,\n"
    "    dateTime: TIMESTAMP, extra: STRING>,\n"
    "  dateTime TIMESTAMP";

namespace {

std::string TimeText(int64_t ms) {
  const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts;
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     ms % 1000);
}

void AppendPerson(const NexmarkPerson& person, const std::string& time, std::string* out) {
  fmt::format_to(std::back_inserter(*out),
                 R"("person":{{"id":{},"name":"{}","emailAddress":"{}","creditCard":"{}",)"
                 R"("city":"{}","state":"{}","dateTime":"{}","extra":"{}"}},)"
                 R"("auction":null,"bid":null)",
                 person.id, person.name, person.email, person.card, person.city, person.state, time,
                 person.extra);
}

void AppendAuction(const NexmarkAuction& auction, const std::string& time, std::string* out) {
  fmt::format_to(std::back_inserter(*out),
                 R"("person":null,"auction":{{"id":{},"itemName":"{}","description":"{}",)"
                 R"("initialBid":{},"reserve":{},"dateTime":"{}","expires":"{}","seller":{},)"
                 R"("category":{},"extra":"{}"}},"bid":null)",
                 auction.id, auction.item_name, auction.description, auction.initial_bid,
                 auction.reserve, time, TimeText(auction.expires_ms), auction.seller,
                 auction.category, auction.extra);
}

void AppendBid(const NexmarkBid& bid, const std::string& time, std::string* out) {
  fmt::format_to(std::back_inserter(*out),
                 R"("person":null,"auction":null,"bid":{{"auction":{},"bidder":{},"price":{},)"
                 R"("channel":"{}","url":"{}","dateTime":"{}","extra":"{}"}})",
                 bid.auction, bid.bidder, bid.price, bid.channel, bid.url, time, bid.extra);
}

Status WritePart(FileSystem& files, NexmarkGenerator& events, const NexmarkShape& shape,
                 int64_t part, const std::string& path) {
  constexpr size_t kChunkBytes = 1 << 20;
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<AppendFile> file, files.Create(path));
  std::string bytes;
  for (int64_t i = shape.begin_of(part); i < shape.begin_of(part + 1); ++i) {
    AppendNexmarkLine(events, i, &bytes);
    if (bytes.size() < kChunkBytes) continue;
    THALWEG_RETURN_NOT_OK(file->Append(bytes));
    bytes.clear();
  }
  return file->Append(bytes);
}

}  // namespace

void AppendNexmarkLine(NexmarkGenerator& events, int64_t number, std::string* out) {
  const NexmarkKind kind = events.KindOf(number);
  const std::string time = TimeText(events.TimeMs(number));
  fmt::format_to(std::back_inserter(*out), R"({{"event_type":{},)", static_cast<int>(kind));
  switch (kind) {
    case NexmarkKind::kPerson:
      AppendPerson(events.Person(number), time, out);
      break;
    case NexmarkKind::kAuction:
      AppendAuction(events.Auction(number), time, out);
      break;
    case NexmarkKind::kBid:
      AppendBid(events.Bid(number), time, out);
      break;
  }
  fmt::format_to(std::back_inserter(*out), ",\"dateTime\":\"{}\"}}\n", time);
}

std::string NexmarkDirectoryName(const NexmarkShape& shape) {
  return fmt::format("nexmark-{}-events-{}-files-{}-a-second-seed-{}", shape.events, shape.files,
                     shape.rate, shape.seed);
}

Status WriteNexmarkFiles(FileSystem& files, const NexmarkShape& shape,
                         const std::string& directory) {
  const std::string made = JoinPath(directory, NexmarkDirectoryName(shape));
  THALWEG_ASSIGN_OR_RETURN(const bool exists, files.Exists(made));
  if (exists) return Status::OK();
  const std::string making = made + ".part";  // renamed when all of it is there
  THALWEG_RETURN_NOT_OK(files.RemoveRecursively(making));
  THALWEG_RETURN_NOT_OK(files.CreateDirectories(making));
  NexmarkGenerator events(shape);
  for (int64_t part = 0; part < shape.files; ++part) {
    const std::string path = JoinPath(making, fmt::format("part-{:04}.json", part));
    THALWEG_RETURN_NOT_OK(WritePart(files, events, shape, part, path));
  }
  return files.Rename(making, made);
}

}  // namespace thalweg
