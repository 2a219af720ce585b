#include "nexmark_lines.h"

#include <fcntl.h>
#include <simdjson.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <functional>

namespace thalweg {
namespace {

using simdjson::ondemand::object;

/// Counts by key above 0, open addressing.
class CountTable {
 public:
  struct Slot {
    int64_t key;
    int64_t count;
  };
  CountTable() : slots_(1 << 12) {}
  int64_t& At(int64_t key) {
    if (used_ * 2 > slots_.size()) Grow();
    const size_t mask = slots_.size() - 1;
    size_t at = (static_cast<uint64_t>(key) * 0x9E3779B97F4A7C15ull >> 32) & mask;
    while (slots_[at].key != 0 && slots_[at].key != key) at = (at + 1) & mask;
    if (slots_[at].key == 0) {
      slots_[at].key = key;
      ++used_;
    }
    return slots_[at].count;
  }
  void Clear() {
    std::fill(slots_.begin(), slots_.end(), Slot{0, 0});
    used_ = 0;
  }
  const std::vector<Slot>& slots() const { return slots_; }
  size_t size() const { return used_; }

 private:
  void Grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    used_ = 0;
    for (const Slot& slot : old) {
      if (slot.key != 0) At(slot.key) = slot.count;
    }
  }
  std::vector<Slot> slots_;
  size_t used_ = 0;
};

// "2026-01-01 00:02:05.000" within one day: the date is only passed over, like a day that is known.
int64_t Millis(std::string_view text) {
  const auto digit = [&](int i) { return text[i] - '0'; };
  const int64_t seconds = (digit(11) * 10 + digit(12)) * 3600 + (digit(14) * 10 + digit(15)) * 60 +
                          digit(17) * 10 + digit(18);
  return seconds * 1000 + digit(20) * 100 + digit(21) * 10 + digit(22);
}

int64_t Number(object& record, const char* name) {
  return record.find_field(name).get_int64();
}

std::string_view Text(object& record, const char* name) {
  return record.find_field(name).get_string().value_unsafe();
}

void ReadWhole(const std::string& path, std::string* out, size_t* bytes) {
  const int file = open(path.c_str(), O_RDONLY);
  struct stat info;
  if (file < 0 || fstat(file, &info) != 0) std::abort();
  *bytes = static_cast<size_t>(info.st_size);
  out->resize(*bytes + simdjson::SIMDJSON_PADDING);
  for (size_t got = 0; got < *bytes;) {
    const ssize_t read_now = read(file, out->data() + got, *bytes - got);
    if (read_now <= 0) std::abort();
    got += static_cast<size_t>(read_now);
  }
  close(file);
}

/// Calls `take` with each bid.
template <class Take>
void ForEachBid(const std::vector<std::string>& files, Take take) {
  simdjson::ondemand::parser parser;
  std::string bytes;
  for (const std::string& path : files) {
    size_t size = 0;
    ReadWhole(path, &bytes, &size);
    const char* const end = bytes.data() + size;
    for (const char* line = bytes.data(); line < end;) {
      const char* const line_end =
          static_cast<const char*>(std::memchr(line, '\n', static_cast<size_t>(end - line)));
      const size_t room = static_cast<size_t>(end - line) + simdjson::SIMDJSON_PADDING;
      auto document =
          parser.iterate(line, static_cast<size_t>(line_end - line), room).value_unsafe();
      object event = document.get_object();
      if (Number(event, "event_type") == 2) {
        object bid = event.find_field("bid").get_object();
        take(bid);
      }
      line = line_end + 1;
    }
  }
}

int64_t PassBids(const std::vector<std::string>& files) {
  constexpr size_t kChunkRows = 8192;
  std::vector<int64_t> auctions, bidders, prices, times;
  std::vector<size_t> ends;
  std::string texts;
  int64_t rows = 0;
  ForEachBid(files, [&](object& bid) {
    if (auctions.size() == kChunkRows) {
      for (auto* column : {&auctions, &bidders, &prices, &times}) column->clear();
      ends.clear();
      texts.clear();
    }
    auctions.push_back(Number(bid, "auction"));
    bidders.push_back(Number(bid, "bidder"));
    prices.push_back(Number(bid, "price"));
    times.push_back(Millis(Text(bid, "dateTime")));
    texts.append(Text(bid, "extra"));
    ends.push_back(texts.size());
    ++rows;
  });
  return rows;
}

int64_t SomeAuctions(const std::vector<std::string>& files) {
  int64_t rows = 0;
  ForEachBid(files, [&](object& bid) {
    if (Number(bid, "auction") % 123 == 0) rows += Number(bid, "price") > 0;
  });
  return rows;
}

int64_t HotAuctions(const std::vector<std::string>& files) {
  constexpr int64_t kSlideMs = 2000;
  constexpr size_t kSlides = 5;
  std::array<CountTable, kSlides> slices;
  CountTable window;
  int64_t current = -1, rows = 0;
  const auto close = [&](int64_t slide) {
    window.Clear();
    for (const CountTable& slice : slices) {
      for (const auto& slot : slice.slots()) {
        if (slot.key != 0) window.At(slot.key) += slot.count;
      }
    }
    CountTable::Slot best{0, 0};
    for (const auto& slot : window.slots()) {
      if (slot.count > best.count) best = slot;
    }
    rows += best.key != 0;
    slices[static_cast<size_t>(slide + 1) % kSlides].Clear();
  };
  ForEachBid(files, [&](object& bid) {
    const int64_t auction = Number(bid, "auction");
    const int64_t slide = Millis(Text(bid, "dateTime")) / kSlideMs;
    if (slide != current) {
      if (current >= 0) close(current);
      current = slide;
    }
    ++slices[static_cast<size_t>(slide) % kSlides].At(auction);
  });
  return rows;
}

int64_t BidsOfBidders(const std::vector<std::string>& files) {
  CountTable counts;
  ForEachBid(files, [&](object& bid) { ++counts.At(Number(bid, "bidder")); });
  return static_cast<int64_t>(counts.size());
}

int64_t AuctionStatistics(const std::vector<std::string>& files) {
  struct Statistics {
    int64_t bids, ranks[3], least, most, sum, day;
  };
  std::vector<Statistics> all;
  CountTable index;  // 0: none yet, else one more than the place in `all`
  ForEachBid(files, [&](object& bid) {
    int64_t& place = index.At(Number(bid, "auction"));
    const int64_t price = Number(bid, "price");
    if (place == 0) {
      all.push_back({0, {0, 0, 0}, price, price, 0, 0});
      place = static_cast<int64_t>(all.size());
    }
    Statistics& one = all[static_cast<size_t>(place - 1)];
    ++one.bids;
    ++one.ranks[price < 10'000 ? 0 : price < 1'000'000 ? 1 : 2];
    one.least = std::min(one.least, price);
    one.most = std::max(one.most, price);
    one.sum += price;
    one.day = Millis(Text(bid, "dateTime")) / 86'400'000;
  });
  return static_cast<int64_t>(all.size());
}

}  // namespace

int64_t NexmarkByHand(const std::string& query, const std::vector<std::string>& files) {
  if (query == "q0") return PassBids(files);
  if (query == "q2") return SomeAuctions(files);
  if (query == "q5") return HotAuctions(files);
  if (query == "q12") return BidsOfBidders(files);
  if (query == "q17") return AuctionStatistics(files);
  std::abort();
}

}  // namespace thalweg
