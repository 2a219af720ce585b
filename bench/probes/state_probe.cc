// state-probe: how fast the state tables are, beside hand-written limits, without an engine around.
//
//   state-probe keys [MAX]   keyed count over int64 keys, warm, and its first pass
//   state-probe strings      the same over 20-byte keys
//   state-probe cold         10 M new keys from an empty table
//   state-probe rss          peak memory of 10 M keys with a count
//   state-probe seal DIR     sealing after 1 % of 10 M keys changed, an unchanged seal, loading
//   state-probe scan         reading all entries, in any order and by hash
//
// The operator is what exec does with a batch of 1,024 rows: hashes, Locate, one virtual Update.
// The limit is one pre-sized table at load <= 0.5 without marks (A), or <= 0.8 with marks (B).
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/hash.h"
#include "state/state_store.h"

namespace thalweg {
namespace {

constexpr int kRows = 1024;

double NowSeconds() {
  static const std::unique_ptr<Env> env = NewPosixEnv(1);
  return static_cast<double>(env->clock().MonotonicNs()) * 1e-9;
}

double PeakMb() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void Expect(const Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

template <class F>
double BestSeconds(int repetitions, F body) {
  double best = 1e9;
  for (int r = 0; r < repetitions; ++r) {
    const double begin = NowSeconds();
    body();
    best = std::min(best, NowSeconds() - begin);
  }
  return best;
}

template <class T>
T* Touched(Array* array, size_t count) {
  *array = Array::Zeroed(count * sizeof(T) + 64);
  std::memset(array->data(), 0, array->bytes());
  return array->as<T>();
}

// The limit for int64 keys.
class WordLimit {
 public:
  WordLimit(size_t keys, double load) {
    while (static_cast<double>(capacity_) * load < static_cast<double>(keys)) capacity_ *= 2;
    shift_ = 64 - __builtin_ctzll(capacity_);
    entries_ = Touched<Entry>(&entry_memory_, capacity_);
    dirty_ = Touched<uint64_t>(&dirty_memory_, capacity_ / 64 + 1);
  }
  template <bool kDirty>
  void Push(const int64_t* keys, int count) {
    uint64_t home[kRows];
    for (int j = 0; j < count; ++j) home[j] = HashWord(static_cast<uint64_t>(keys[j])) >> shift_;
    for (int j = 0; j < 16 && j < count; ++j) __builtin_prefetch(&entries_[home[j]], 1);
    for (int j = 0; j < count; ++j) {
      if (j + 16 < count) __builtin_prefetch(&entries_[home[j + 16]], 1);
      const uint64_t key = static_cast<uint64_t>(keys[j]) ^ 0x8F2A6D51C3B7E945ull;
      uint64_t at = home[j];
      while (entries_[at].key != key && entries_[at].key != 0) at = (at + 1) & (capacity_ - 1);
      entries_[at].key = key;
      ++entries_[at].count;
      if (kDirty) dirty_[at >> 6] |= uint64_t{1} << (at & 63);
    }
  }

 private:
  struct Entry {
    uint64_t key;
    int64_t count;
  };
  size_t capacity_ = 256;
  int shift_ = 0;
  Array entry_memory_, dirty_memory_;
  Entry* entries_ = nullptr;
  uint64_t* dirty_ = nullptr;
};

bool SameLong(const char* a, const char* b, uint32_t length) {
  uint64_t different = detail::Load64(a + length - 8) ^ detail::Load64(b + length - 8);
  for (uint32_t i = 0; i + 8 <= length; i += 8) {
    different |= detail::Load64(a + i) ^ detail::Load64(b + i);
  }
  return different == 0;
}

class BytesLimit {
 public:
  BytesLimit(size_t keys, bool second_stage) : second_stage_(second_stage) {
    while (capacity_ < 2 * keys) capacity_ *= 2;
    shift_ = 64 - __builtin_ctzll(capacity_);
    entries_ = Touched<Entry>(&entry_memory_, capacity_);
    top_ = Touched<char>(&arena_, keys * 24 + 64);
  }
  void Push(const StringView* keys, int count) {
    uint64_t hashes[kRows];
    for (int j = 0; j < count; ++j) hashes[j] = HashBytes(keys[j].data(), keys[j].size()) | 1;
    for (int j = 0; j < count; ++j) __builtin_prefetch(&entries_[hashes[j] >> shift_], 1);
    if (second_stage_) {
      for (int j = 0; j < count; ++j) __builtin_prefetch(entries_[hashes[j] >> shift_].key);
    }
    for (int j = 0; j < count; ++j) {
      for (uint64_t at = hashes[j] >> shift_;; at = (at + 1) & (capacity_ - 1)) {
        Entry& entry = entries_[at];
        if (entry.hash == 0) {
          std::memcpy(top_, keys[j].data(), keys[j].size());
          entry = {hashes[j], keys[j].size(), 0, top_, 0};
          top_ += keys[j].size();
        }
        if (entry.hash != hashes[j] || entry.length != keys[j].size()) continue;
        if (!SameLong(entry.key, keys[j].data(), entry.length)) continue;
        ++entry.count;
        break;
      }
    }
  }

 private:
  struct Entry {
    uint64_t hash;
    uint32_t length, unused;
    const char* key;
    int64_t count;
  };
  const bool second_stage_;
  size_t capacity_ = 256;
  int shift_ = 0;
  Array entry_memory_, arena_;
  Entry* entries_ = nullptr;
  char* top_ = nullptr;
};

// count(*), as an aggregate is called: a column of blocks, once a batch, through a pointer.
class CountAggregate {
 public:
  virtual ~CountAggregate() = default;
  virtual void Update(uint8_t* const* blocks, int count, int offset) const {
    for (int i = 0; i < count; ++i) ++*reinterpret_cast<int64_t*>(blocks[i] + offset);
  }
};

class CountOperator {
 public:
  explicit CountOperator(GroupTableOptions options)
      : budget_("probe", MemoryBudget::kUnlimited, nullptr),
        table_(std::make_unique<GroupTable>(options, &budget_)),
        form_(options.key_form),
        aggregate_(std::make_unique<CountAggregate>()) {}

  void Push(const int64_t* keys, int count) {
    for (int j = 0; j < count; ++j) hashes_[j] = HashWord(static_cast<uint64_t>(keys[j]));
    KeyBatch batch;
    batch.words = reinterpret_cast<const uint64_t*>(keys);
    PushKeys(batch, count);
  }
  void Push(const StringView* keys, int count) {
    for (int j = 0; j < count; ++j) hashes_[j] = HashBytes(keys[j].data(), keys[j].size());
    KeyBatch batch;
    batch.bytes = keys;
    PushKeys(batch, count);
  }
  GroupTable& table() { return *table_; }
  MemoryBudget& budget() { return budget_; }

 private:
  void PushKeys(KeyBatch batch, int count) {
    batch.form = form_;
    batch.count = count;
    batch.hashes = hashes_;
    for (int from = 0; from < count;) {
      Result<int> located = table_->Locate(batch, from, blocks_, nullptr);
      if (!located.ok()) Expect(located.status());
      aggregate_->Update(blocks_, *located, 0);
      from += *located;
    }
  }

  MemoryBudget budget_;
  std::unique_ptr<GroupTable> table_;
  const KeyForm form_;
  std::unique_ptr<CountAggregate> aggregate_;
  uint64_t hashes_[kRows];
  uint8_t* blocks_[kRows];
};

template <class Target, class Key>
void PushAll(Target& target, const Key* keys, size_t count) {
  for (size_t i = 0; i < count; i += kRows) {
    target.Push(keys + i, static_cast<int>(std::min<size_t>(kRows, count - i)));
  }
}

// Runs candidates in turn, so that a busy machine slows all alike; the first is the limit.
class Race {
 public:
  void Add(std::string name, std::function<void()> pass) {
    const double first = BestSeconds(1, pass);
    runners_.push_back({std::move(name), std::move(pass), first, 1e9});
  }
  void Run(int rounds, double rows) {
    for (int r = 0; r < rounds; ++r) {
      for (Runner& runner : runners_) {
        runner.best = std::min(runner.best, BestSeconds(1, runner.pass));
      }
    }
    for (const Runner& runner : runners_) {
      std::printf("  %-30s first pass %6.1f  warm %6.1f M rows/s  %.2f\n", runner.name.c_str(),
                  rows / runner.first / 1e6, rows / runner.best / 1e6,
                  runners_[0].best / runner.best);
    }
    std::fflush(stdout);
  }

 private:
  struct Runner {
    std::string name;
    std::function<void()> pass;
    double first, best;
  };
  std::vector<Runner> runners_;
};

template <class Key>
void AddOperator(const char* name, const GroupTableOptions& options, const std::vector<Key>& keys,
                 Race* race) {
  auto op = std::make_shared<CountOperator>(options);
  race->Add(name, [op, &keys] { PushAll(*op, keys.data(), keys.size()); });
}

GroupTableOptions Options(KeyForm form, bool dirty, bool touched, bool unsharded) {
  GroupTableOptions options;
  options.key_form = form;
  options.track_dirty = dirty;
  options.track_touched = touched;
  options.unsharded = unsharded;
  return options;
}

void Keys(size_t max_keys) {
  const size_t count = 16000 * kRows;
  std::vector<int64_t> keys(count);
  for (const size_t distinct : {100, 100'000, 1'000'000, 10'000'000}) {
    if (distinct > max_keys) break;
    std::mt19937_64 random(7);
    for (int64_t& key : keys) key = static_cast<int64_t>(random() % distinct);
    std::printf("%zu int64 keys\n", distinct);
    Race race;
    auto sparse = std::make_shared<WordLimit>(distinct, 0.5);
    race.Add("limit A: load .5", [&keys, sparse] {
      for (size_t i = 0; i < keys.size(); i += kRows) sparse->Push<false>(keys.data() + i, kRows);
    });
    auto dense = std::make_shared<WordLimit>(distinct, 0.8);
    race.Add("limit B: load .8, marks", [&keys, dense] {
      for (size_t i = 0; i < keys.size(); i += kRows) dense->Push<true>(keys.data() + i, kRows);
    });
    const KeyForm form = KeyForm::kWord;
    AddOperator("sharded, dirty", Options(form, true, false, false), keys, &race);
    AddOperator("unsharded first, dirty", Options(form, true, false, true), keys, &race);
    AddOperator("sharded, dirty + touched", Options(form, true, true, false), keys, &race);
    AddOperator("sharded, no marks", Options(form, false, false, false), keys, &race);
    GroupTableOptions wide = Options(form, true, false, false);
    wide.block_bytes = 24;
    AddOperator("sharded, dirty, 24 B blocks", wide, keys, &race);
    race.Run(5, static_cast<double>(count));
  }
}

void Strings() {
  const size_t count = 6000 * kRows;
  std::string text(count * 20 + 64, '\0');
  std::vector<StringView> keys(count);
  for (const size_t distinct : {100, 100'000, 1'000'000}) {
    std::mt19937_64 random(7);
    for (size_t i = 0; i < count; ++i) {
      std::snprintf(text.data() + i * 20, 21, "user-%015llu",
                    random() % distinct % 1'000'000'000ull);
      keys[i] = StringView(text.data() + i * 20, 20);
    }
    std::printf("%zu keys of 20 bytes\n", distinct);
    Race race;
    auto limit = std::make_shared<BytesLimit>(distinct, distinct > 100'000);
    race.Add("limit: load .5", [&keys, limit] { PushAll(*limit, keys.data(), keys.size()); });
    AddOperator("sharded, dirty", Options(KeyForm::kBytes, true, false, false), keys, &race);
    AddOperator("unsharded first, dirty", Options(KeyForm::kBytes, true, false, true), keys, &race);
    race.Run(5, static_cast<double>(count));
  }
}

std::vector<int64_t> Shuffled(size_t count) {
  std::vector<int64_t> keys(count);
  for (size_t i = 0; i < count; ++i) keys[i] = static_cast<int64_t>(i);
  std::shuffle(keys.begin(), keys.end(), std::mt19937_64(5));
  return keys;
}

void Cold() {
  const std::vector<int64_t> keys = Shuffled(10'000'000);
  for (int r = 0; r < 3; ++r) {
    CountOperator op(Options(KeyForm::kWord, true, false, r == 2));
    double worst = 0, last = NowSeconds();
    const double begin = last;
    for (size_t i = 0; i < keys.size(); i += kRows) {
      op.Push(keys.data() + i, static_cast<int>(std::min<size_t>(kRows, keys.size() - i)));
      const double now = NowSeconds();
      worst = std::max(worst, now - last);
      last = now;
    }
    std::printf(
        "10 M new keys: %.1f M rows/s, worst batch %.2f ms, %lld entries, %.0f MB reserved\n",
        10 / (last - begin), worst * 1e3, static_cast<long long>(op.table().size()),
        static_cast<double>(op.budget().used_bytes()) / 1e6);
  }
  CountOperator op(Options(KeyForm::kWord, true, false, false));
  Expect(op.table().Reserve(10'000'000));
  const double seconds = BestSeconds(1, [&] { PushAll(op, keys.data(), keys.size()); });
  std::printf("10 M new keys, reserved: %.1f M rows/s\n", 10 / seconds);
}

void Rss() {
  CountOperator op(Options(KeyForm::kWord, true, false, false));
  const double base = PeakMb();
  int64_t keys[kRows];
  for (int64_t i = 0; i < 10'000'000; i += kRows) {
    for (int64_t j = 0; j < kRows; ++j) keys[j] = i + j;
    op.Push(keys, kRows);
  }
  std::printf("10 M keys: peak %.0f MB resident (%.0f before)\n", PeakMb(), base);
}

void Seal(const std::string& directory) {
  const std::unique_ptr<Env> env = NewPosixEnv(1);
  MemoryBudget budget("probe", MemoryBudget::kUnlimited, nullptr);
  StateStoreOptions options;
  options.directory = directory;
  StateStore store(*env, &budget, options);
  Result<GroupTable*> added =
      store.AddGroupTable("count", Options(KeyForm::kWord, true, false, false));
  if (!added.ok()) Expect(added.status());
  GroupTable& table = **added;
  std::mt19937_64 random(3);
  const auto touch = [&](size_t rows, uint64_t keys) {
    uint64_t words[kRows], hashes[kRows];
    uint8_t* blocks[kRows];
    for (size_t i = 0; i < rows; i += kRows) {
      for (size_t j = 0; j < kRows; ++j) words[j] = keys > 0 ? random() % keys : i + j;
      for (size_t j = 0; j < kRows; ++j) hashes[j] = HashWord(words[j]);
      const KeyBatch batch{KeyForm::kWord, kRows, hashes, words, nullptr, nullptr};
      for (int from = 0; from < kRows;) {
        Result<int> located = table.Locate(batch, from, blocks, nullptr);
        if (!located.ok()) Expect(located.status());
        for (int j = 0; j < *located; ++j) ++*reinterpret_cast<int64_t*>(blocks[j]);
        from += *located;
      }
    }
  };
  const auto timed = [&](const char* what, auto body) {
    const double begin = NowSeconds();
    body();
    std::printf("%-44s %8.3f ms\n", what, (NowSeconds() - begin) * 1e3);
    std::fflush(stdout);
  };
  int64_t version = 0;
  touch(10'000'000, 0);
  timed("first seal, 10 M entries", [&] { Expect(store.Seal(version)); });
  timed("  recorded", [&] { Expect(store.SealRecorded(version)); });
  for (int r = 0; r < 12; ++r) {
    touch(100'000, 10'000'000);
    ++version;
    timed("seal, 1 % changed", [&] { Expect(store.Seal(version)); });
    timed("  recorded", [&] { Expect(store.SealRecorded(version)); });
  }
  for (int r = 0; r < 3; ++r) {
    ++version;
    timed("seal, nothing changed", [&] { Expect(store.Seal(version)); });
    timed("  recorded", [&] { Expect(store.SealRecorded(version)); });
  }
  const int64_t entries = table.size();
  timed("load", [&] { Expect(store.Load(version)); });
  if (table.size() != entries)
    std::printf("WRONG: %lld entries\n", static_cast<long long>(table.size()));
}

void Scan() {
  CountOperator op(Options(KeyForm::kWord, true, true, false));
  const std::vector<int64_t> keys = Shuffled(10'000'000);
  PushAll(op, keys.data(), keys.size());
  for (const bool ordered : {false, true}) {
    ScanCursor cursor;
    EntryBatch batch;
    int64_t sum = 0;
    const double seconds = BestSeconds(3, [&] {
      cursor.Rewind();
      do {
        Expect(op.table().Scan(0, kShardCount, ordered, &cursor, &batch));
        for (int i = 0; i < batch.count; ++i) sum += *reinterpret_cast<int64_t*>(batch.blocks[i]);
      } while (batch.count > 0);
    });
    std::printf("scan of 10 M entries, %s: %.2f ns an entry (%lld)\n",
                ordered ? "by hash" : "any order", seconds * 1e9 / 1e7,
                static_cast<long long>(sum));
  }
  op.table().ClearTouched();
  PushAll(op, keys.data(), 100);
  ScanCursor cursor;
  EntryBatch batch;
  double best = 1e9;
  for (int r = 0; r < 1000; ++r) {
    PushAll(op, keys.data() + r * 100, 100);
    best = std::min(best, BestSeconds(1, [&] {
                      cursor.Rewind();
                      Expect(op.table().ScanTouched(0, kShardCount, false, &cursor, &batch));
                      op.table().ClearTouched();
                    }));
  }
  std::printf("100 touched of 10 M: scan and clear %.2f us\n", best * 1e6);
}

}  // namespace
}  // namespace thalweg

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "keys") thalweg::Keys(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000'000);
  if (what == "strings") thalweg::Strings();
  if (what == "cold") thalweg::Cold();
  if (what == "rss") thalweg::Rss();
  if (what == "seal" && argc > 2) thalweg::Seal(argv[2]);
  if (what == "scan") thalweg::Scan();
  return 0;
}
