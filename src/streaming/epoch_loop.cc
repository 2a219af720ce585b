#include "streaming/epoch_loop.h"

#include "streaming/query_run.h"

namespace thalweg {
namespace {

class SignalWaker final : public Waker {
 public:
  explicit SignalWaker(Signal* signal) : signal_(signal) {}
  void Wake() override { signal_->Set(); }

 private:
  Signal* const signal_;
};

}  // namespace

struct EpochLoop::Rep {
  Rep(RelationPtr relation, Env& env, EpochLoopOptions options)
      : env(env),
        relation(std::move(relation)),
        options(std::move(options)),
        wake(env.tasks().NewSignal()),
        waker(wake.get()) {}
  Status OpenRun();
  Status Note(Status status);

  Env& env;
  const RelationPtr relation;
  const EpochLoopOptions options;
  std::unique_ptr<Checkpoint> checkpoint;
  const std::unique_ptr<Signal> wake;
  SignalWaker waker;
  std::unique_ptr<QueryRun> run;
  Status error;  // of the run
};

Result<std::unique_ptr<EpochLoop>> EpochLoop::Start(const RelationPtr& plan, Env& env,
                                                    EpochLoopOptions options) {
  CheckpointOptions checkpoint;
  checkpoint.directory = options.checkpoint;
  checkpoint.query_id = options.query_id;
  checkpoint.sync = options.conf.Get("thalweg.durability") == "power";
  auto rep = std::make_unique<Rep>(plan, env, std::move(options));
  THALWEG_ASSIGN_OR_RETURN(rep->checkpoint, Checkpoint::Open(env, checkpoint));
  THALWEG_RETURN_NOT_OK(rep->OpenRun());
  return std::unique_ptr<EpochLoop>(new EpochLoop(std::move(rep)));
}

EpochLoop::EpochLoop(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
EpochLoop::~EpochLoop() = default;

Status EpochLoop::RunOnce(EpochSummary* summary) {
  THALWEG_CHECK(rep_->run != nullptr && rep_->error.ok(), "an epoch is asked for after the end");
  return rep_->Note(rep_->run->RunOnce(summary));
}

bool EpochLoop::CanRecover() const {
  return !rep_->error.ok() && rep_->error.kind() == ErrorKind::kWorld &&
         rep_->error.condition().empty() && !rep_->run->failed_for_good();
}

Status EpochLoop::Recover() {
  THALWEG_CHECK(CanRecover(), "a recovery is asked for that cannot help");
  return rep_->OpenRun();
}

bool EpochLoop::WantsNoDataEpoch() const {
  return rep_->run->WantsNoDataEpoch();
}

Signal& EpochLoop::wake() {
  return *rep_->wake;
}

int64_t EpochLoop::UsUntilSeal() const {
  return rep_->run->UsUntilSeal();
}

Status EpochLoop::Stop() {
  const Status status = rep_->error.ok() ? rep_->Note(rep_->run->SealAll()) : Status::OK();
  rep_->run.reset();
  return status;
}

const std::string& EpochLoop::query_id() const {
  return rep_->checkpoint->query_id();
}

int64_t EpochLoop::next_epoch() const {
  return rep_->run->next_epoch();
}

int64_t EpochLoop::durable_state() const {
  return rep_->run->durable_state();
}

const PhysicalPlan& EpochLoop::physical_plan() const {
  return rep_->run->plan();
}

StateStore& EpochLoop::state() {
  return rep_->run->state();
}

ContainerMetrics EpochLoop::state_metrics() const {
  return rep_->run->state().metrics();
}

const EpochLoopOptions& EpochLoop::options() const {
  return rep_->options;
}

Status EpochLoop::Rep::OpenRun() {
  run.reset();  // gives files and memory back first
  error = Status::OK();
  run = std::make_unique<QueryRun>(QueryRunContext{
      .env = &env,
      .relation = relation,
      .options = &options,
      .checkpoint = checkpoint.get(),
      .waker = &waker,
  });
  return Note(run->Open());
}

Status EpochLoop::Rep::Note(Status status) {
  error = status;
  return status;
}

}  // namespace thalweg
