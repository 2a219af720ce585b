// A query log of any bytes is opened, cut or refused with file and byte; what opens can be read to
// its end, verified and written on. The first byte of an input says how the rest is used: as the
// bytes of a segment, as the damage done to a whole one, or as the payload of a record.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/sim/sim_env.h"
#include "streaming/query_log.h"

namespace thalweg {
namespace {

constexpr const char* kDirectory = "/q/log";

EpochRecord Epoch(int64_t epoch) {
  return {epoch, 1'000'000 * epoch, 1000 * epoch, 1000 * (epoch - 1), false, {{"1"}}, {{"2"}}};
}

CommitRecord Commit(int64_t epoch) {
  return {epoch, 1000 * (epoch + 1), {{10, 100}}};
}

std::string WholeSegment() {
  LogRecordWriter writer;
  writer.Begin(0, 0, -1);
  writer.AddHeader();
  writer.Add(ProgramRecord{"build", "plan", "tzdata=2024a\n", ""});
  for (int64_t epoch = 0; epoch < 4; ++epoch) {
    writer.Add(Epoch(epoch));
    writer.Add(Commit(epoch));
  }
  writer.AddDurableState(2);
  return std::string(writer.bytes());
}

/// Triples (place, place, change) of `damage` change bytes; a rest of one or two cuts the end off.
std::string Damaged(std::string segment, std::string_view damage) {
  for (; damage.size() >= 3; damage.remove_prefix(3)) {
    const size_t place = static_cast<uint8_t>(damage[0]) * 256u + static_cast<uint8_t>(damage[1]);
    segment[place % segment.size()] ^= damage[2];
  }
  if (!damage.empty()) segment.resize(segment.size() - static_cast<uint8_t>(damage[0]) % 128);
  return segment;
}

void DecodePayload(std::string_view payload) {
  ProgramRecord program;
  EpochRecord epoch;
  CommitRecord commit;
  int64_t version = 0;
  (void)Decode(payload, &program);
  (void)Decode(payload, &epoch);
  (void)Decode(payload, &commit);
  (void)DecodeDurableState(payload, &version);
}

void ReadToTheEnd(const QueryLog& log) {
  const auto cursor = log.EpochsAfter(-1);
  LoggedEpoch epoch;
  while (cursor.ok()) {
    const Result<bool> more = (*cursor)->Next(&epoch);
    if (!more.ok() || !*more) return;
  }
}

void OpenLog(std::string_view segment) {
  SimWorld world{SimOptions()};
  Env& env = world.NewLife();
  THALWEG_CHECK(env.files().CreateDirectories(kDirectory).ok(), "a directory");
  {
    auto file = env.files().Create(JoinPath(kDirectory, SegmentName(0)));
    THALWEG_CHECK(file.ok() && (*file)->Append(segment).ok(), "the simulated disk has room");
  }
  const bool whole = VerifyLogDirectory(env.files(), kDirectory).ok();
  auto log = QueryLog::Open(env, kDirectory, {});
  THALWEG_CHECK(log.ok() || !whole, "verified, but not opened");
  if (!log.ok()) return;
  ReadToTheEnd(**log);
  const int64_t next = (*log)->state().last_commit_number() + 1;
  if (next <= 0 || next > 1'000'000 || (*log)->state().last_epoch_number() >= next) return;
  THALWEG_CHECK((*log)->AppendEpoch(Epoch(next)).ok(), "what was opened takes an epoch");
  THALWEG_CHECK((*log)->AppendCommit(Commit(next)).ok(), "and its commit");
}

}  // namespace
}  // namespace thalweg

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 3 == 0) thalweg::OpenLog(rest);
  if (data[0] % 3 == 1) thalweg::OpenLog(thalweg::Damaged(thalweg::WholeSegment(), rest));
  if (data[0] % 3 == 2) thalweg::DecodePayload(rest);
  return 0;
}
