#include "events.h"

#include <cmath>

namespace thalweg {
namespace {

constexpr uint64_t kPersonBase = 1000, kAuctionBase = 1000, kCategoryBase = 10;
constexpr uint64_t kHotSpan = 100;  // a hot auction, bidder or seller lasts for 100 ids
constexpr uint64_t kActivePeople = 1000, kIdLead = 10, kInFlight = 100;
constexpr uint64_t kEventsPerEpoch = 50;  // 1 person, 3 auctions, 46 bids
constexpr uint32_t kChannels = 10'000;
constexpr uint32_t kHotChannels = 4;

enum Field : uint64_t {
  kName,
  kMail,
  kCard,
  kPlace,
  kExtra,
  kItem,
  kDescription,
  kPrice,
  kReserve,
  kSeller,
  kCategory,
  kExpires,
  kAuction,
  kBidder,
  kChannel
};
constexpr uint64_t kMailDomain = kMail + 100;
constexpr uint64_t kPoolOwner = ~0ull, kUrlOwner = ~1ull, kUrlSuffixOwner = ~2ull;

uint64_t Mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

/// The random numbers of one field of one event.
class FieldRandom {
 public:
  FieldRandom(uint64_t seed, uint64_t id, uint64_t field)
      : state_(Mix(Mix(seed ^ (id << 8)) + field)) {}
  uint64_t Below(uint64_t bound) {
    return static_cast<uint64_t>((static_cast<unsigned __int128>(Next()) * bound) >> 64);
  }
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

 private:
  uint64_t Next() { return Mix(state_ += 0xD1B54A32D192ED03ull); }
  uint64_t state_;
};

/// Event ids begin at 1.
uint64_t IdOf(int64_t number) {
  return static_cast<uint64_t>(number) + 1;
}

uint64_t LastPerson(uint64_t id) {
  return id / kEventsPerEpoch;
}

uint64_t LastAuction(uint64_t id) {
  const uint64_t epoch = id / kEventsPerEpoch, rest = id % kEventsPerEpoch;
  if (rest == 0) return epoch == 0 ? 0 : (epoch - 1) * 3 + 2;
  return epoch * 3 + (rest <= 3 ? rest - 1 : 2);
}

uint64_t ActivePerson(uint64_t last_person, FieldRandom* random) {
  const uint64_t people = last_person + 1;
  const uint64_t active = people < kActivePeople ? people : kActivePeople;
  return people - active + random->Below(active + kIdLead);
}

int64_t Price(FieldRandom random) {
  return std::llround(std::pow(10.0, random.Unit() * 6.0) * 100.0);
}

// 3 … bytes_max - 1 letters, one in 13 a blank or underscore, but never at the ends.
void AppendText(FieldRandom random, uint64_t bytes_max, std::string* out) {
  const uint64_t bytes = 3 + random.Below(bytes_max - 3);
  for (uint64_t i = 0; i < bytes; ++i) {
    const uint64_t c = random.Below(13 * 26);
    const bool at_end = i == 0 || i + 1 == bytes;
    const bool special = c < 26 && !at_end;
    out->push_back(special ? ((c & 1) != 0 ? ' ' : '_') : static_cast<char>('a' + c % 26));
  }
}

int64_t DigitsOf(int64_t value) {
  return static_cast<int64_t>(std::to_string(value).size());
}

uint32_t ReversedBits(uint32_t value) {
  uint32_t reversed = 0;
  for (int i = 0; i < 32; ++i) reversed |= (value >> i & 1) << (31 - i);
  return reversed;
}

}  // namespace

NexmarkGenerator::NexmarkGenerator(const NexmarkShape& shape) : shape_(shape) {
  letters_.resize(1 << 16);
  FieldRandom random(shape.seed, kPoolOwner, 0);
  for (char& c : letters_) c = static_cast<char>('a' + random.Below(26));
  for (uint32_t i = 0; i < kChannels; ++i) urls_.push_back(Url(i));
  for (uint32_t i = 0; i < kHotChannels; ++i) urls_.push_back(BaseUrl(kChannels + i));
}

NexmarkKind NexmarkGenerator::KindOf(int64_t number) const {
  const uint64_t rest = IdOf(number) % kEventsPerEpoch;
  return rest == 0 ? NexmarkKind::kPerson : rest <= 3 ? NexmarkKind::kAuction : NexmarkKind::kBid;
}

int64_t NexmarkGenerator::TimeMs(int64_t number) const {
  return shape_.base_ms + number * 1'000'000 / shape_.rate / 1000;
}

const NexmarkPerson& NexmarkGenerator::Person(int64_t number) {
  static constexpr const char* kFirst[] = {"Peter", "Paul",  "Luke",  "John",   "Saul",  "Vicky",
                                           "Kate",  "Julie", "Sarah", "Deiter", "Walter"};
  static constexpr const char* kLast[] = {"Shultz", "Abrams", "Spencer", "White", "Bartels",
                                          "Walton", "Smith",  "Jones",   "Noris"};
  static constexpr const char* kCities[] = {"Phoenix",  "Los Angeles", "San Francisco", "Boise",
                                            "Portland", "Bend",        "Redmond",       "Seattle",
                                            "Kent",     "Cheyenne"};
  static constexpr const char* kStates[] = {"AZ", "CA", "ID", "OR", "WA", "WY"};
  const uint64_t id = IdOf(number);
  NexmarkPerson& person = person_;
  person.id = static_cast<int64_t>(kPersonBase + LastPerson(id));
  FieldRandom name(shape_.seed, id, kName);
  person.name = kFirst[name.Below(std::size(kFirst))];
  person.name.append(" ").append(kLast[name.Below(std::size(kLast))]);
  person.email.clear();
  AppendText(FieldRandom(shape_.seed, id, kMail), 7, &person.email);
  person.email.push_back('@');
  AppendText(FieldRandom(shape_.seed, id, kMailDomain), 5, &person.email);
  person.email += ".com";
  person.card.clear();
  FieldRandom card(shape_.seed, id, kCard);
  for (int i = 0; i < 16; ++i) {
    if (i > 0 && i % 4 == 0) person.card.push_back(' ');
    person.card.push_back(static_cast<char>('0' + card.Below(10)));
  }
  FieldRandom place(shape_.seed, id, kPlace);
  person.city = kCities[place.Below(std::size(kCities))];
  person.state = kStates[place.Below(std::size(kStates))];
  const size_t texts = person.name.size() + person.email.size() + person.card.size() +
                       person.city.size() + person.state.size();
  person.extra = Extra(id, DigitsOf(person.id) + static_cast<int64_t>(texts) + 17, 200);
  return person;
}

const NexmarkAuction& NexmarkGenerator::Auction(int64_t number) {
  const uint64_t id = IdOf(number);
  NexmarkAuction& auction = auction_;
  auction.id = static_cast<int64_t>(kAuctionBase + LastAuction(id));
  auction.item_name.clear();
  AppendText(FieldRandom(shape_.seed, id, kItem), 20, &auction.item_name);
  auction.description.clear();
  AppendText(FieldRandom(shape_.seed, id, kDescription), 100, &auction.description);
  auction.initial_bid = Price(FieldRandom(shape_.seed, id, kPrice));
  auction.reserve = auction.initial_bid + Price(FieldRandom(shape_.seed, id, kReserve));
  // Twice the time until a hundred further auctions exist.
  const uint64_t horizon_ms =
      kInFlight * kEventsPerEpoch / 3 * 1000 / static_cast<uint64_t>(shape_.rate);
  const uint64_t span_ms = horizon_ms > 0 ? 2 * horizon_ms : 1;
  auction.expires_ms = TimeMs(number) + 1 +
                       static_cast<int64_t>(FieldRandom(shape_.seed, id, kExpires).Below(span_ms));
  FieldRandom seller(shape_.seed, id, kSeller);
  const uint64_t last_person = LastPerson(id);
  const bool hot = seller.Below(4) != 0;
  const uint64_t index =
      hot ? last_person / kHotSpan * kHotSpan : ActivePerson(last_person, &seller);
  auction.seller = static_cast<int64_t>(kPersonBase + index);
  auction.category =
      static_cast<int64_t>(kCategoryBase + FieldRandom(shape_.seed, id, kCategory).Below(5));
  const size_t texts = auction.item_name.size() + auction.description.size();
  auction.extra = Extra(id, DigitsOf(auction.id) + static_cast<int64_t>(texts) + 53, 500);
  return auction;
}

const NexmarkBid& NexmarkGenerator::Bid(int64_t number) {
  static constexpr const char* kHot[kHotChannels] = {"Google", "Facebook", "Baidu", "Apple"};
  const uint64_t id = IdOf(number);
  const uint64_t last_auction = LastAuction(id), last_person = LastPerson(id);
  NexmarkBid& bid = bid_;
  FieldRandom auction(shape_.seed, id, kAuction);
  uint64_t index = last_auction / kHotSpan * kHotSpan;
  if (auction.Below(2) == 0) {
    const uint64_t first = last_auction > kInFlight ? last_auction - kInFlight : 0;
    index = first + auction.Below(last_auction - first + 1 + kIdLead);
  }
  bid.auction = static_cast<int64_t>(kAuctionBase + index);
  FieldRandom bidder(shape_.seed, id, kBidder);
  const bool hot_bidder = bidder.Below(4) != 0;
  bid.bidder =
      static_cast<int64_t>(kPersonBase + (hot_bidder ? last_person / kHotSpan * kHotSpan + 1
                                                     : ActivePerson(last_person, &bidder)));
  bid.price = Price(FieldRandom(shape_.seed, id, kPrice));
  FieldRandom channel(shape_.seed, id, kChannel);
  const bool hot_channel = channel.Below(2) != 0;
  const uint64_t number_of_channel = channel.Below(hot_channel ? kHotChannels : kChannels);
  bid.channel =
      hot_channel ? kHot[number_of_channel] : "channel-" + std::to_string(number_of_channel);
  bid.url = urls_[hot_channel ? kChannels + number_of_channel : number_of_channel];
  bid.extra = Extra(id, 32, 100);
  return bid;
}

// Brings the record to its wanted size, give or take a fifth of what is missing.
std::string_view NexmarkGenerator::Extra(uint64_t id, int64_t bytes_used,
                                         int64_t bytes_wanted) const {
  const int64_t gap = bytes_wanted - bytes_used;
  if (gap <= 0) return {};
  const int64_t spread = gap / 5;
  FieldRandom random(shape_.seed, id, kExtra);
  const uint64_t bytes =
      static_cast<uint64_t>(gap - spread) + random.Below(static_cast<uint64_t>(2 * spread + 1));
  return std::string_view(letters_).substr(random.Below(letters_.size() - bytes), bytes);
}

std::string NexmarkGenerator::BaseUrl(uint64_t channel) const {
  FieldRandom random(shape_.seed, kUrlOwner, channel);
  std::string url = "https://www.nexmark.com/";
  for (int part = 0; part < 3; ++part) {
    const uint64_t letters = 3 + random.Below(2);
    for (uint64_t i = 0; i < letters; ++i) {
      const uint64_t c = random.Below(13 * 26);
      url.push_back(c < 26 ? '_' : static_cast<char>('a' + c % 26));
    }
    url.push_back('/');
  }
  return url + "item.htm?query=1";
}

std::string NexmarkGenerator::Url(uint32_t channel) const {
  std::string url = BaseUrl(channel);
  if (FieldRandom(shape_.seed, kUrlSuffixOwner, channel).Below(10) == 0) return url;
  const int64_t reversed = static_cast<int32_t>(ReversedBits(channel));
  return url + "&channel_id=" + std::to_string(std::abs(reversed));
}

}  // namespace thalweg
