// State files of any bytes, and payloads of any bytes behind right checksums, are loaded or refused
// with file and byte, leave the containers empty when refused, and verify as they load. The first
// byte of an input says whether the rest is a file, the damage to a whole one, or payloads.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/sim/sim_env.h"
#include "data/test_rows.h"
#include "state/state_directory.h"
#include "state/state_store.h"

namespace thalweg {
namespace {

constexpr const char* kDirectory = "/q/state";

GroupTableOptions BytesOptions() {
  GroupTableOptions options;
  options.key_form = KeyForm::kBytes;
  options.block_bytes = 24;
  options.spans = {8};
  return options;
}

std::string BasePath() {
  return JoinPath(kDirectory, StateDirectory::NameOf(StateFileHeader()));
}

/// A store with a container of every kind, in a world of its own.
class Store {
 public:
  Store() : env_(world_.NewLife()), store_(env_, &budget_, {.directory = kDirectory}) {
    words_ = *store_.AddGroupTable("words", {});
    bytes_ = *store_.AddGroupTable("bytes", BytesOptions());
    slices_ = *store_.AddSlicedTable("slices", {});
    THALWEG_CHECK(files().CreateDirectories(kDirectory).ok(), "a directory");
  }

  FileSystem& files() { return env_.files(); }

  /// The bytes of a base file with a few entries.
  std::string WholeFile() {
    const Vector keys = MakeVector(BigintType(), "1, 2, null, 40, 5");
    const Vector texts = MakeVector(StringType(), "a, null, '', bcdefghijklmnopqrstuvwxyz, e");
    Add(words_, keys);
    Add(bytes_, texts);
    for (int64_t start = 0; start < 3; ++start) Add(*slices_->Slice(10 * start), keys);
    THALWEG_CHECK(store_.Seal(0).ok(), "sealed");
    const auto bytes = ReadFile(files(), BasePath());
    THALWEG_CHECK(bytes.ok(), "readable");
    return *bytes;
  }

  void Load() {
    const Status verified = VerifyStateDirectory(files(), kDirectory, 0);
    const Status loaded = store_.Load(0);
    if (loaded.ok()) {
      THALWEG_CHECK(store_.Seal(1).ok(), "what was loaded can be sealed");
      return;
    }
    THALWEG_CHECK(!verified.ok() || loaded.condition() != "THALWEG_CHECKPOINT_DAMAGED",
                  "verified, but damaged when it is loaded");
    THALWEG_CHECK(words_->size() == 0 && bytes_->size() == 0 && slices_->starts().empty(),
                  "refused, but not empty");
  }

 private:
  static void Add(GroupTable* table, const Vector& keys) {
    KeyEncoder encoder({keys.type()});
    const Vector* columns[] = {&keys};
    KeyBatch batch;
    THALWEG_CHECK(encoder.Encode(columns, Selection::All(keys.size()), &batch).ok(), "keys");
    std::vector<uint8_t*> blocks(static_cast<size_t>(batch.count));
    std::vector<AggregateArena*> arenas(blocks.size());
    for (int from = 0; from < batch.count;) {
      const auto located = table->Locate(batch, from, &blocks[static_cast<size_t>(from)],
                                         &arenas[static_cast<size_t>(from)]);
      THALWEG_CHECK(located.ok(), "there is room");
      from += *located;
    }
  }

  SimWorld world_{SimOptions()};
  Env& env_;
  MemoryBudget budget_{"fuzz", 64 << 20, nullptr};
  StateStore store_;
  GroupTable* words_;
  GroupTable* bytes_;
  SlicedTable* slices_;
};

/// Triples (place, place, change) of `damage` change bytes; a rest of one or two cuts the end off.
std::string Damaged(std::string file, std::string_view damage) {
  for (; damage.size() >= 3; damage.remove_prefix(3)) {
    const size_t place = static_cast<uint8_t>(damage[0]) * 256u + static_cast<uint8_t>(damage[1]);
    file[place % file.size()] ^= damage[2];
  }
  if (!damage.empty()) file.resize(file.size() - static_cast<uint8_t>(damage[0]) % 128);
  return file;
}

void LoadFile(std::string_view bytes) {
  Store store;
  {
    auto file = store.files().Create(BasePath());
    THALWEG_CHECK(file.ok() && (*file)->Append(bytes).ok(), "the simulated disk has room");
  }
  store.Load();
}

/// Two bytes of length in front of each; the first container's header is a right one.
void LoadPayloads(std::string_view payloads) {
  Store store;
  {
    auto writer = StateFileWriter::Create(store.files(), BasePath(), StateFileHeader());
    THALWEG_CHECK(writer.ok(), "a file");
    ContainerHeader header;
    header.fingerprint = "bytes";
    header.format = {false, 24, {8}};
    THALWEG_CHECK((*writer)->Append(EncodeContainer(header)).ok(), "a header");
    while (payloads.size() > 2) {
      const size_t wanted =
          static_cast<uint8_t>(payloads[0]) * 256u + static_cast<uint8_t>(payloads[1]);
      payloads.remove_prefix(2);
      const size_t size = std::min(wanted, payloads.size());
      if (size > 0) THALWEG_CHECK((*writer)->Append(payloads.substr(0, size)).ok(), "a payload");
      payloads.remove_prefix(size);
    }
    THALWEG_CHECK((*writer)->Finish(false).ok(), "the end of the file");
  }
  store.Load();
}

}  // namespace
}  // namespace thalweg

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  static const std::string whole = thalweg::Store().WholeFile();
  if (data[0] % 3 == 0) thalweg::LoadFile(rest);
  if (data[0] % 3 == 1) thalweg::LoadFile(thalweg::Damaged(whole, rest));
  if (data[0] % 3 == 2) thalweg::LoadPayloads(rest);
  return 0;
}
