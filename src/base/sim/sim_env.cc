#include "base/sim/sim_env.h"

#include <cerrno>

#include "base/file_error.h"
#include "base/hash.h"
#include "base/sim/sim_life.h"

namespace thalweg {
namespace {

class SimClock final : public Clock {
 public:
  SimClock(SimWorldState* world, int64_t life) : world_(world), life_(life) {}
  int64_t NowUs() override {
    world_->Enter(life_, "NowUs");
    world_->PassTime();
    return world_->NowUs();
  }
  int64_t MonotonicNs() override {
    world_->Enter(life_, "MonotonicNs");
    world_->PassTime();
    return world_->moment.now_ns;
  }

 private:
  SimWorldState* const world_;
  const int64_t life_;
};

class SimEnv final : public Env {
 public:
  SimEnv(SimWorldState* world, int64_t life)
      : world_(world),
        life_(life),
        clock_(world, life),
        files_(NewSimFileSystem(world, life)),
        tasks_(NewSimTasks(world, life)) {}

  Clock& clock() override { return clock_; }
  FileSystem& files() override { return *files_; }
  Tasks& tasks() override { return *tasks_; }
  uint64_t Random() override {
    world_->Enter(life_, "Random");
    return world_->random.Next();
  }

 private:
  SimWorldState* const world_;
  const int64_t life_;
  SimClock clock_;
  std::unique_ptr<FileSystem> files_;
  std::unique_ptr<Tasks> tasks_;
};

}  // namespace

SimWorldState::SimWorldState(const SimOptions& world_options)
    : options(world_options),
      random(options.seed),
      disk(&random, options.crash_kind == CrashKind::kPower) {}

Fate SimWorldState::Enter(int64_t calling_life, const char* call, std::string_view path,
                          int64_t bytes) {
  if (calling_life != life || moment.crashed) {
    THALWEG_CHECK(++calls_after_death < 1'000'000, "code goes on and on after its life has ended");
    return Fate::kDead;
  }
  ++calls;
  trace_hash = detail::MultiplyFold(
      trace_hash ^ HashBytes(path.data(), static_cast<uint32_t>(path.size())),
      0x9E3779B97F4A7C15ull ^ static_cast<uint64_t>(bytes) ^ static_cast<uint8_t>(call[0]));
  if (calls != crash_at_call) return Fate::kWorks;
  moment.crashed = true;
  const Fate fate = random.Coin() ? Fate::kDiesAfterEffect : Fate::kDiesBefore;
  crash_site = std::string(call) + (path.empty() ? "" : " ") + std::string(path);
  if (bytes > 0) crash_site += " (" + std::to_string(bytes) + " bytes)";
  crash_site += fate == Fate::kDiesBefore ? ", before its effect" : ", after its effect";
  return fate;
}

struct SimWorld::Rep {
  explicit Rep(const SimOptions& options) : state(options) {}
  SimWorldState state;
  std::unique_ptr<Env> env;
};

SimWorld::SimWorld(SimOptions options) : rep_(std::make_unique<Rep>(options)) {}
SimWorld::~SimWorld() = default;

Env& SimWorld::NewLife(int64_t crash_at_call) {
  SimWorldState& state = rep_->state;
  rep_->env.reset();
  ++state.life;
  state.calls = 0;
  state.calls_after_death = 0;
  state.crash_at_call = crash_at_call;
  state.crash_site.clear();
  state.moment.crashed = false;
  rep_->env = std::make_unique<SimEnv>(&state, state.life);
  return *rep_->env;
}

int64_t SimWorld::calls() const {
  return rep_->state.calls;
}
bool SimWorld::crashed() const {
  return rep_->state.moment.crashed;
}
const std::string& SimWorld::crash_site() const {
  return rep_->state.crash_site;
}
uint64_t SimWorld::trace_hash() const {
  return rep_->state.trace_hash;
}

void SimWorld::Crash() {
  SimWorldState& state = rep_->state;
  state.moment.crashed = true;
  state.locks.clear();
  if (state.options.crash_kind == CrashKind::kPower) state.disk.LosePower();
}

void SimWorld::AdvanceUs(int64_t us) {
  rep_->state.moment.now_ns += us * 1000;
}
uint64_t SimWorld::Random() {
  return rep_->state.random.Next();
}

void SimWorld::FailSyncOn(std::string path_fragment) {
  rep_->state.fail_sync_on = std::move(path_fragment);
}

void SimWorld::SetDiskFullAfter(int64_t bytes) {
  rep_->state.disk_bytes_left = bytes;
}

Status SimWorld::FlipBit(const std::string& path, int64_t bit) {
  int error = 0;
  const SimNodePtr node = rep_->state.disk.Find(path, &error);
  if (node == nullptr) return FileError("flip a bit of", path, error);
  const auto flip = [bit](std::string& data) {
    const size_t byte = static_cast<size_t>(bit / 8);
    if (byte < data.size()) data[byte] = static_cast<char>(data[byte] ^ (1 << (bit % 8)));
  };
  if (bit < 0 || bit / 8 >= static_cast<int64_t>(node->data.size())) {
    return Status::World("The file '" + path + "' has no bit " + std::to_string(bit) + ".");
  }
  flip(node->data);
  if (node->before_cut) flip(*node->before_cut);
  return Status::OK();
}

}  // namespace thalweg
