#include "state/state_store.h"

#include <cstring>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/sim/sim_env.h"
#include "data/batch.h"
#include "state/state_directory.h"
#include "state/state_report.h"
#include "state/table_twin.h"

namespace thalweg {
namespace {

constexpr const char* kDirectory = "/q/state";

GroupTableOptions WordOptions() {
  return {};
}
GroupTableOptions BytesOptions() {
  GroupTableOptions options;
  options.key_form = KeyForm::kBytes;
  options.block_bytes = 24;
  options.spans = {8};
  return options;
}

std::string Word(uint64_t word) {
  return {reinterpret_cast<const char*>(&word), 8};
}

/// What a state must hold, by container.
struct Expected {
  TwinMap words;
  TwinMap bytes;
  std::map<int64_t, TwinMap> slices;
};

/// A store with a table of words, one of strings with spans, and slices; and what they must hold.
class StoreTwin {
 public:
  StoreTwin(Env& env, StateStoreOptions options, uint64_t seed)
      : env_(env), options_(std::move(options)), random_(seed) {
    store_ = NewStore(&words_, &bytes_, &slices_);
  }

  StateStore& store() { return *store_; }
  const Expected& expected() const { return expected_; }
  std::mt19937_64& random() { return random_; }
  void set_expected(const Expected& expected) { expected_ = expected; }

  void Change(uint64_t keys);
  /// The containers hold `expected`.
  void Check(const Expected& expected) { CheckTables({words_, bytes_, slices_}, expected); }
  /// So do those of a new store that loads `version`.
  void CheckLoads(int64_t version, const Expected& expected) {
    Tables tables;
    const auto store = NewStore(&tables.words, &tables.bytes, &tables.slices);
    const Status status = store->Load(version);
    ASSERT_TRUE(status.ok()) << status.ToString();
    CheckTables(tables, expected);
  }
  Status TryLoad(int64_t version) {
    Tables tables;
    return NewStore(&tables.words, &tables.bytes, &tables.slices)->Load(version);
  }
  MemoryBudget& budget() { return budget_; }

 private:
  struct Tables {
    GroupTable* words = nullptr;
    GroupTable* bytes = nullptr;
    SlicedTable* slices = nullptr;
  };

  std::unique_ptr<StateStore> NewStore(GroupTable** words, GroupTable** bytes,
                                       SlicedTable** slices) {
    auto store = std::make_unique<StateStore>(env_, &budget_, options_);
    *words = *store->AddGroupTable("words", WordOptions());
    *bytes = *store->AddGroupTable("bytes", BytesOptions());
    *slices = *store->AddSlicedTable("slices", WordOptions());
    return store;
  }
  static void CheckTables(const Tables& tables, const Expected& expected);
  TwinBlock Add(GroupTable* table, const GroupTableOptions& options, const TwinKey& key,
                const TwinBlock* before);

  Env& env_;
  const StateStoreOptions options_;
  MemoryBudget budget_{"test", MemoryBudget::kUnlimited, nullptr};
  std::mt19937_64 random_;
  std::unique_ptr<StateStore> store_;
  GroupTable* words_;
  GroupTable* bytes_;
  SlicedTable* slices_;
  Expected expected_;
  int64_t now_ = 0;
};

void StoreTwin::CheckTables(const Tables& tables, const Expected& expected) {
  TableTwin::ExpectHolds(*tables.words, WordOptions(), expected.words, "words");
  TableTwin::ExpectHolds(*tables.bytes, BytesOptions(), expected.bytes, "bytes");
  ASSERT_EQ(tables.slices->starts().size(), expected.slices.size());
  for (const auto& [start, entries] : expected.slices) {
    ASSERT_NE(tables.slices->FindSlice(start), nullptr);
    TableTwin::ExpectHolds(*tables.slices->FindSlice(start), WordOptions(), entries, "slice");
  }
}

// One more for the first word of the key's block; its span becomes the count as text.
TwinBlock StoreTwin::Add(GroupTable* table, const GroupTableOptions& options, const TwinKey& key,
                         const TwinBlock* before) {
  TwinKeys keys;
  FillKeys(options.key_form, {key}, &keys);
  uint8_t* block = nullptr;
  AggregateArena* arena = nullptr;
  EXPECT_TRUE(table->Locate(keys.batch, 0, &block, &arena).ok());
  TwinBlock twin = before != nullptr ? *before : TwinBlock();
  twin.words.resize(static_cast<size_t>(options.block_bytes) / 8);
  ++twin.words[0];
  std::memcpy(block, twin.words.data(), 8);
  if (!options.spans.empty()) {
    const std::string text = std::to_string(twin.words[0]) + key.value_or("");
    auto* span = reinterpret_cast<ArenaSpan*>(block + options.spans[0]);
    EXPECT_TRUE(arena->Reserve(span, static_cast<uint32_t>(text.size())).ok());
    std::memcpy(span->data, text.data(), text.size());
    span->size = static_cast<uint32_t>(text.size());
    twin.spans = {text};
    twin.words[2] = text.size();
  }
  return twin;
}

void StoreTwin::Change(uint64_t keys) {
  const uint64_t changes = random_() % 40;
  const auto add = [this](GroupTable* table, const GroupTableOptions& options, const TwinKey& key,
                          TwinMap* map) {
    const auto before = map->find(key);
    (*map)[key] = Add(table, options, key, before != map->end() ? &before->second : nullptr);
  };
  const auto erase = [](GroupTable* table, KeyForm form, const TwinKey& key, TwinMap* map) {
    TwinKeys erased;
    FillKeys(form, {key}, &erased);
    ASSERT_TRUE(table->Erase(erased.batch).ok());
    map->erase(key);
  };
  for (uint64_t i = 0; i < changes; ++i) {
    const uint64_t n = random_() % keys;
    const TwinKey word = n == 0 ? TwinKey() : TwinKey(Word(n == 1 ? 0x8F2A6D51C3B7E945ull : n));
    const TwinKey bytes =
        n == 0 ? TwinKey() : TwinKey(std::string(n % 20, 'k') + std::to_string(n));
    if (random_() % 4 == 0) {
      erase(words_, KeyForm::kWord, word, &expected_.words);
      erase(bytes_, KeyForm::kBytes, bytes, &expected_.bytes);
      continue;
    }
    add(words_, WordOptions(), word, &expected_.words);
    add(bytes_, BytesOptions(), bytes, &expected_.bytes);
    now_ += static_cast<int64_t>(random_() % 3);
    const int64_t start = now_ / 10 * 10;
    Result<GroupTable*> slice = slices_->Slice(start);
    ASSERT_TRUE(slice.ok());
    add(*slice, WordOptions(), word, &expected_.slices[start]);
  }
  if (random_() % 3 == 0) {
    slices_->EvictBefore(now_ - 60);
    expected_.slices.erase(expected_.slices.begin(), expected_.slices.lower_bound(now_ - 60));
  }
  if (random_() % 50 == 0) {
    words_->Clear();
    expected_.words.clear();
  }
}

StateStoreOptions Options(bool sync = false) {
  StateStoreOptions options;
  options.directory = kDirectory;
  options.sync = sync;
  return options;
}

std::vector<std::string> FilesOf(Env& env) {
  std::vector<std::string> names;
  const auto listed = env.files().List(kDirectory);
  if (!listed.ok()) return names;
  for (const FileInfo& file : *listed) names.push_back(file.name);
  return names;
}

TEST(StateStoreTest, EverySealedVersionLoads) {
  for (const int workers : {1, 3}) {
    SCOPED_TRACE(workers);
    SimOptions sim;
    sim.worker_count = workers;
    SimWorld world(sim);
    Env& env = world.NewLife();
    StoreTwin twin(env, Options(), 7);
    size_t files_max = 0;
    Expected before;
    for (int64_t version = 0; version < 150; ++version) {
      before = twin.expected();
      twin.Change(version < 50 ? 30 : 3000);
      if (testing::Test::HasFatalFailure()) return;
      ASSERT_TRUE(twin.store().Seal(version).ok());
      const Status recorded = twin.store().SealRecorded(version);
      ASSERT_TRUE(recorded.ok()) << recorded.ToString();
      files_max = std::max(files_max, FilesOf(env).size());
      if (version % 7 != 3) continue;
      twin.CheckLoads(version, twin.expected());
      twin.CheckLoads(version - 1, before);  // it is retained
      const Status verified = VerifyStateDirectory(env.files(), kDirectory, version);
      ASSERT_TRUE(verified.ok()) << verified.ToString();
      if (testing::Test::HasFatalFailure()) return;
    }
    EXPECT_LE(files_max, 40u) << "chains stay short";
    // The store itself goes back, too.
    twin.Change(3000);
    ASSERT_TRUE(twin.store().Load(149).ok());
    EXPECT_EQ(twin.store().dirty_bytes(), 0);
  }
}

TEST(StateStoreTest, LargeMergesRunBesideTheQuery) {
  for (const int workers : {1, 3}) {
    SimOptions sim;
    sim.worker_count = workers;
    SimWorld world(sim);
    Env& env = world.NewLife();
    MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
    const auto fill = [](GroupTable* table, uint64_t begin, uint64_t end) {
      for (uint64_t from = begin; from < end; from += 1000) {
        std::vector<TwinKey> words;
        for (uint64_t w = from; w < from + 1000; ++w) words.emplace_back(Word(w));
        TwinKeys keys;
        FillKeys(KeyForm::kWord, words, &keys);
        uint8_t* blocks[kBatchRows];
        for (int at = 0; at < keys.batch.count;) {
          const Result<int> located = table->Locate(keys.batch, at, blocks, nullptr);
          ASSERT_TRUE(located.ok());
          for (int i = 0; i < *located; ++i) ++*reinterpret_cast<uint64_t*>(blocks[i]);
          at += *located;
        }
      }
    };
    {
      StateStore store(env, &budget, Options());
      GroupTable* table = *store.AddGroupTable("words", WordOptions());
      fill(table, 0, 50'000);
      for (int64_t version = 0; version < 40; ++version) {
        fill(table, static_cast<uint64_t>(version) * 1000,
             static_cast<uint64_t>(version + 4) * 1000);
        ASSERT_TRUE(store.Seal(version).ok());
        ASSERT_TRUE(store.SealRecorded(version).ok());
      }
      // The simulated task of a merge runs when the store joins it: here it never catches up.
      EXPECT_LE(FilesOf(env).size(), workers == 1 ? 30u : 50u);
    }
    StateStore loaded(env, &budget, Options());
    GroupTable* table = *loaded.AddGroupTable("words", WordOptions());
    ASSERT_TRUE(loaded.Load(39).ok());
    EXPECT_EQ(table->size(), 50'000);
    uint64_t sum = 0;
    for (const ScannedEntry& entry : TableTwin::ScanAll(*table, WordOptions(), {})) {
      sum += entry.block.words[0];
    }
    EXPECT_EQ(sum, 50'000u + 40 * 4000);
  }
}

// Seals some versions and leaves the directory as it is.
Expected MakeSmallState(StoreTwin& twin, int64_t versions) {
  for (int64_t version = 0; version < versions; ++version) {
    twin.Change(500);
    EXPECT_TRUE(twin.store().Seal(version).ok());
    EXPECT_TRUE(twin.store().SealRecorded(version).ok());
  }
  return twin.expected();
}

TEST(StateStoreTest, AFlippedBitIsNamedByFileAndByte) {
  SimWorld world({});
  Env& env = world.NewLife();
  StoreTwin twin(env, Options(), 3);
  const Expected expected = MakeSmallState(twin, 12);
  std::set<std::string> chain;
  for (const std::string& name : FilesOf(env)) {
    const std::string path = JoinPath(kDirectory, name);
    const int64_t bytes = env.files().Stat(path)->size_bytes;
    for (int64_t byte = 0; byte<bytes; byte += byte> 200 ? 23 : 1) {
      const int64_t bit = byte * 8 + byte % 8;
      ASSERT_TRUE(world.FlipBit(path, bit).ok());
      const Status status = twin.TryLoad(11);
      const Status verified = VerifyStateDirectory(env.files(), kDirectory, 11);
      ASSERT_TRUE(world.FlipBit(path, bit).ok());
      ASSERT_EQ(verified.condition(), "THALWEG_CHECKPOINT_DAMAGED") << path << " " << byte;
      ASSERT_NE(verified.message().find(path), std::string::npos) << verified.message();
      if (status.ok()) continue;  // not in the chain of that version, or another file is taken
      chain.insert(name);
      ASSERT_EQ(status.condition(), "THALWEG_CHECKPOINT_DAMAGED");
    }
  }
  EXPECT_GE(chain.size(), 2u);
  twin.CheckLoads(11, expected);
}

TEST(StateStoreTest, ATornOrMissingFileIsNamed) {
  SimWorld world({});
  Env& env = world.NewLife();
  StoreTwin twin(env, Options(), 4);
  MakeSmallState(twin, 10);
  std::vector<std::string> names;
  for (const StateFileInfo& info : [&] {
         StateDirectory directory(env.files(), kDirectory);
         EXPECT_TRUE(directory.Open(9).ok());
         return *directory.Chain(9);
       }()) {
    names.push_back(info.name);
  }
  ASSERT_GE(names.size(), 2u);
  for (const std::string& name : names) {
    const std::string path = JoinPath(kDirectory, name);
    const std::string whole = *ReadFile(env.files(), path);
    for (size_t length = 0; length < whole.size(); length += length < 300 ? 1 : 17) {
      ASSERT_TRUE(WriteFileAtomically(env.files(), path, whole.substr(0, length), false).ok());
      const Status status = twin.TryLoad(9);
      ASSERT_EQ(status.condition(), "THALWEG_CHECKPOINT_DAMAGED") << name << " " << length;
      ASSERT_NE(status.message().find(path), std::string::npos) << status.message();
    }
    ASSERT_TRUE(WriteFileAtomically(env.files(), path, whole + "more", false).ok());
    ASSERT_EQ(twin.TryLoad(9).condition(), "THALWEG_CHECKPOINT_DAMAGED");
    ASSERT_TRUE(env.files().Remove(path).ok());
    ASSERT_EQ(twin.TryLoad(9).condition(), "THALWEG_CHECKPOINT_DAMAGED");
    ASSERT_TRUE(WriteFileAtomically(env.files(), path, whole, false).ok());
  }
  EXPECT_TRUE(twin.TryLoad(9).ok());
}

TEST(StateStoreTest, AnotherQuerysStateIsRefused) {
  SimWorld world({});
  Env& env = world.NewLife();
  StoreTwin twin(env, Options(), 5);
  MakeSmallState(twin, 3);
  MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
  {
    StateStore other(env, &budget, Options());
    ASSERT_TRUE(other.AddGroupTable("words", WordOptions()).ok());
    EXPECT_EQ(other.Load(2).condition(), "THALWEG_CHECKPOINT_OF_OTHER_QUERY");
  }
  StateStore other(env, &budget, Options());
  GroupTableOptions wider = WordOptions();
  wider.block_bytes = 16;
  GroupTable* words = *other.AddGroupTable("words", wider);
  ASSERT_TRUE(other.AddGroupTable("bytes", BytesOptions()).ok());
  ASSERT_TRUE(other.AddSlicedTable("slices", WordOptions()).ok());
  EXPECT_FALSE(other.AddGroupTable("words", WordOptions()).ok());
  EXPECT_EQ(other.Load(2).condition(), "THALWEG_CHECKPOINT_OF_OTHER_QUERY");
  EXPECT_EQ(words->size(), 0);
}

TEST(StateStoreTest, AContainerThatTheFileDoesNotKnowStaysEmpty) {
  SimWorld world({});
  Env& env = world.NewLife();
  StoreTwin twin(env, Options(), 6);
  const Expected expected = MakeSmallState(twin, 3);
  MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
  StateStore more(env, &budget, Options());
  GroupTable* words = *more.AddGroupTable("words", WordOptions());
  ASSERT_TRUE(more.AddGroupTable("bytes", BytesOptions()).ok());
  ASSERT_TRUE(more.AddSlicedTable("slices", WordOptions()).ok());
  GroupTable* added = *more.AddGroupTable("added", WordOptions());
  ASSERT_TRUE(more.Load(2).ok());
  EXPECT_EQ(words->size(), static_cast<int64_t>(expected.words.size()));
  EXPECT_EQ(added->size(), 0);
}

TEST(StateStoreTest, AFullDiskLosesNothing) {
  SimWorld world({});
  Env& env = world.NewLife();
  StoreTwin twin(env, Options(), 8);
  MakeSmallState(twin, 5);
  int failures = 0;
  int64_t version = 5;
  for (int64_t room = 0; room < 4000; room += 97) {
    twin.Change(500);
    world.SetDiskFullAfter(room);
    const Status full = twin.store().Seal(version);
    world.SetDiskFullAfter(-1);
    failures += !full.ok();
    if (!full.ok()) {
      twin.Check(twin.expected());
      ASSERT_TRUE(twin.store().Seal(version).ok());
    }
    ASSERT_TRUE(twin.store().SealRecorded(version).ok());
    twin.CheckLoads(version++, twin.expected());
    if (HasFatalFailure()) return;
  }
  EXPECT_GE(failures, 5);
}

TEST(StateStoreTest, WithoutDirectoryNothingIsWritten) {
  SimWorld world({});
  Env& env = world.NewLife();
  StoreTwin twin(env, {}, 2);
  twin.Change(100);
  const int64_t calls = world.calls();
  ASSERT_TRUE(twin.store().Seal(1).ok());
  ASSERT_TRUE(twin.store().SealRecorded(1).ok());
  EXPECT_EQ(world.calls(), calls);
  EXPECT_EQ(twin.store().last_sealed(), 1);
  EXPECT_EQ(twin.store().Seal(1).kind(), ErrorKind::kBug);
}

// The part of a query log that matters here: the version that is durable.
constexpr const char* kLog = "/q/durable";

int64_t RecordedVersion(Env& env) {
  const Result<std::string> text = ReadFile(env.files(), kLog);
  return text.ok() ? std::stoll(*text) : -1;
}

// One life: loads what the log says, goes on until it dies or has sealed `last`.
void Live(Env& env, bool sync, int64_t last, std::map<int64_t, Expected>* history) {
  const int64_t recorded = RecordedVersion(env);
  StoreTwin twin(env, Options(sync), static_cast<uint64_t>(recorded) + 99);
  const Status loaded = twin.store().Load(recorded);
  if (!loaded.ok()) {
    EXPECT_EQ(loaded.kind(), ErrorKind::kWorld) << loaded.ToString();
    EXPECT_NE(loaded.condition(), "THALWEG_CHECKPOINT_DAMAGED") << loaded.ToString();
    return;
  }
  twin.Check((*history)[recorded]);
  twin.set_expected((*history)[recorded]);
  for (int64_t version = recorded + 1; version <= last; ++version) {
    twin.Change(400);
    if (!twin.store().Seal(version).ok()) return;
    (*history)[version] = twin.expected();
    if (!WriteFileAtomically(env.files(), kLog, std::to_string(version), sync).ok()) return;
    if (!twin.store().SealRecorded(version).ok()) return;
  }
}

TEST(StateStoreTest, ACrashAtAnyCallLosesNothingThatWasRecorded) {
  for (const CrashKind kind : {CrashKind::kProcess, CrashKind::kPower}) {
    const bool sync = kind == CrashKind::kPower;
    int64_t crashes = 0;
    for (int64_t call = 1; call < 2000; call += sync ? 1 : 3) {
      SCOPED_TRACE(call);
      SimOptions options;
      options.seed = static_cast<uint64_t>(call);
      options.crash_kind = kind;
      options.worker_count = call % 2 == 0 ? 1 : 3;
      SimWorld world(options);
      std::map<int64_t, Expected> history;
      Env& first = world.NewLife(call);
      (void)first.files().CreateDirectories("/q");
      (void)first.files().SyncDirectory("/");
      Live(first, sync, 14, &history);
      if (!world.crashed()) break;
      ++crashes;
      world.Crash();
      Env& second = world.NewLife();
      ASSERT_TRUE(second.files().CreateDirectories("/q").ok());
      Live(second, sync, 14, &history);
      ASSERT_EQ(RecordedVersion(second), 14);
      const Status verified = VerifyStateDirectory(second.files(), kDirectory, 14);
      ASSERT_TRUE(verified.ok()) << verified.ToString() << world.crash_site();
      Live(second, sync, 14, &history);
      if (HasFatalFailure() || HasNonfatalFailure()) return;
    }
    EXPECT_GE(crashes, 30);
  }
}

}  // namespace
}  // namespace thalweg
