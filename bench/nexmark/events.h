// NexmarkGenerator: the events of the benchmark Nexmark as its public description has them: of
// fifty one is a person, three are auctions and 46 bids, half of these for the hot auction of the
// moment. Each is a pure function of the seed and the event's number, field by field, so that they
// are the same however the stream is split and in whatever order it is made. One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace thalweg {

struct NexmarkShape {
  uint64_t seed = 1;
  int64_t events = 1'000'000;
  int64_t files = 16;                   // the stream is split into as many parts of the same length
  int64_t rate = 10'000;                // events per second of event time
  int64_t base_ms = 1'767'225'600'000;  // 2026-01-01T00:00:00Z

  /// Number of the first event of a part.
  int64_t begin_of(int64_t part) const { return events * part / files; }
};

struct NexmarkPerson {
  int64_t id = 0;
  std::string name, email, card;
  std::string_view city, state, extra;
};

struct NexmarkAuction {
  int64_t id = 0, initial_bid = 0, reserve = 0, expires_ms = 0, seller = 0, category = 0;
  std::string item_name, description;
  std::string_view extra;
};

struct NexmarkBid {
  int64_t auction = 0, bidder = 0, price = 0;
  std::string channel;
  std::string_view url, extra;
};

enum class NexmarkKind : uint8_t { kPerson, kAuction, kBid };  // event_type 0, 1, 2

class NexmarkGenerator {
 public:
  explicit NexmarkGenerator(const NexmarkShape& shape);

  /// Of event `number` from 0 on.
  NexmarkKind KindOf(int64_t number) const;
  int64_t TimeMs(int64_t number) const;
  /// The event's own record; the number must be of that kind. Valid until the next call.
  const NexmarkPerson& Person(int64_t number);
  const NexmarkAuction& Auction(int64_t number);
  const NexmarkBid& Bid(int64_t number);

 private:
  std::string_view Extra(uint64_t id, int64_t bytes_used, int64_t bytes_wanted) const;
  std::string BaseUrl(uint64_t channel) const;
  std::string Url(uint32_t channel) const;

  const NexmarkShape shape_;
  std::string letters_;            // what extra texts are cut from
  std::vector<std::string> urls_;  // by channel; behind them those of the four hot ones
  NexmarkPerson person_;
  NexmarkAuction auction_;
  NexmarkBid bid_;
};

}  // namespace thalweg
