// The streaming query of a script in one world: its streams outside the engine, a simulated process
// that may be restarted or die in every epoch, and the rows that reach its sink. One thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "api/session.h"
#include "base/sim/sim_env.h"
#include "cli/crashing_sink.h"
#include "cli/world.h"
#include "connectors/memory/memory_table.h"
#include "streaming/epoch_loop.h"

namespace thalweg {

class ScriptQuery {
 public:
  /// `session` outlives the query.
  ScriptQuery(const World& world, Session* session);

  Status AddStream(const std::string& name, SchemaPtr schema);
  /// Of the stream that was added last.
  Status SetWatermark(const std::string& column, const std::string& delay);
  void SetQuery(std::string text) { text_ = std::move(text); }
  const std::string& text() const { return text_; }
  Status SetMode(const std::string& name);

  /// Rows for the streams, in the words of a script; "" names the only stream.
  Status Add(std::string_view rows);
  /// Fires one trigger; the query is started before, if it has not been.
  Status Trigger(bool brings_rows);
  Status Restart();
  /// Processing time from here on.
  void SetClock(int64_t now_us);

  /// What the last trigger did, and the rows that it gave the sink.
  const EpochSummary& summary() const { return summary_; }
  std::vector<Batch> Rows() const;
  int64_t late_rows() const;
  /// How often the query died and came back.
  int deaths() const { return deaths_; }

 private:
  Status Start();
  Status Open();
  Status ComeBack(int64_t epoch);

  const World world_;
  Session* const session_;
  SimWorld simulated_;
  Env* life_;
  std::map<std::string, std::unique_ptr<MemoryStream>> streams_;
  std::string last_stream_;
  std::string text_;
  RelationPtr plan_;
  std::unique_ptr<MemoryRows> rows_;
  CrashTrigger crash_;
  int deaths_ = 0;
  EpochLoopOptions options_;
  std::unique_ptr<EpochLoop> loop_;
  EpochSummary summary_;
};

}  // namespace thalweg
