#include "cli/crashing_sink.h"

#include <map>

namespace thalweg {
namespace {

Status Dead() {
  return Status::World("the query dies here, as the world of the script wants it");
}

class CrashingWriter final : public BatchWriter {
 public:
  CrashingWriter(BatchWriter* inner, CrashTrigger* trigger) : inner_(inner), trigger_(trigger) {}
  Status Write(const Batch& batch) override { return inner_->Write(batch); }
  Status Finish(std::string* part) override {
    if (trigger_->FiresAt(CrashPoint::kAfterRun)) return Dead();
    return inner_->Finish(part);
  }

 private:
  BatchWriter* inner_;
  CrashTrigger* trigger_;
};

class CrashingSink final : public Sink {
 public:
  CrashingSink(std::unique_ptr<Sink> inner, CrashTrigger* trigger)
      : inner_(std::move(inner)), trigger_(trigger) {}
  Status Open(const SinkContext& context) override { return inner_->Open(context); }
  Result<BatchWriter*> Writer(int64_t epoch, int lane) override {
    if (trigger_->FiresAt(CrashPoint::kAfterLog)) return Dead();
    THALWEG_ASSIGN_OR_RETURN(BatchWriter * inner, inner_->Writer(epoch, lane));
    return &writers_.insert_or_assign(lane, CrashingWriter(inner, trigger_)).first->second;
  }
  Status Commit(int64_t epoch, const std::vector<std::string>& parts) override {
    if (trigger_->FiresAt(CrashPoint::kAfterState)) return Dead();
    THALWEG_RETURN_NOT_OK(inner_->Commit(epoch, parts));
    return trigger_->FiresAt(CrashPoint::kAfterSink) ? Dead() : Status::OK();
  }
  Result<std::optional<int64_t>> LastCommitted() override { return inner_->LastCommitted(); }

 private:
  const std::unique_ptr<Sink> inner_;
  CrashTrigger* const trigger_;
  std::map<int, CrashingWriter> writers_;  // by lane
};

class CrashingTable final : public Table {
 public:
  CrashingTable(TablePtr inner, CrashTrigger* trigger)
      : inner_(std::move(inner)), trigger_(trigger) {}
  const TableInfo& info() const override { return inner_->info(); }
  Result<std::unique_ptr<Source>> OpenSource() override { return inner_->OpenSource(); }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    THALWEG_ASSIGN_OR_RETURN(auto sink, inner_->OpenSink());
    return std::unique_ptr<Sink>(std::make_unique<CrashingSink>(std::move(sink), trigger_));
  }

 private:
  const TablePtr inner_;
  CrashTrigger* const trigger_;
};

}  // namespace

TablePtr MakeCrashingTable(TablePtr inner, CrashTrigger* trigger) {
  return std::make_shared<CrashingTable>(std::move(inner), trigger);
}

}  // namespace thalweg
