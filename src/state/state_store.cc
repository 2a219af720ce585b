#include "state/state_store.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/check.h"
#include "state/merge_runner.h"
#include "state/state_directory.h"

namespace thalweg {

struct StateStore::Rep {
  struct Named {
    ContainerHeader header;  // entries are filled in when it is written
    std::unique_ptr<Container> container;
    GroupTable* groups = nullptr;  // one of the two
    SlicedTable* slices = nullptr;
  };

  Rep(Env& the_env, MemoryBudget* the_budget, StateStoreOptions the_options)
      : env(the_env),
        budget(the_budget),
        options(std::move(the_options)),
        directory(env.files(), options.directory),
        merges(env, budget, &directory, options.sync) {}

  bool in_memory() const { return options.directory.empty(); }
  Status CheckNew(const std::string& fingerprint) const;
  Named NewNamed(const std::string& fingerprint, ContainerKind kind,
                 const GroupTableOptions& table_options) const;
  void ClearAll();
  Status LoadChain(int64_t version);
  Status LoadFile(const StateFileInfo& info);
  Result<Named*> Find(const ContainerHeader& header, const std::string& path);
  Status OpenDirectory();
  Status WriteFile(const StateFileHeader& header, int64_t* bytes);
  bool WantsBase() const;

  Env& env;
  MemoryBudget* const budget;
  const StateStoreOptions options;
  std::map<std::string, Named> containers;  // by fingerprint: the order in files
  StateDirectory directory;
  MergeRunner merges;
  bool opened = false;  // the directory is known
  bool directory_made = false;
  int64_t last_sealed = -1;
};

StateStore::StateStore(Env& env, MemoryBudget* budget, StateStoreOptions options)
    : rep_(std::make_unique<Rep>(env, budget, std::move(options))) {}

StateStore::~StateStore() = default;

Result<GroupTable*> StateStore::AddGroupTable(const std::string& fingerprint,
                                              GroupTableOptions options) {
  THALWEG_RETURN_NOT_OK(rep_->CheckNew(fingerprint));
  if (rep_->in_memory()) options.track_dirty = false;
  Rep::Named named = rep_->NewNamed(fingerprint, ContainerKind::kGroups, options);
  auto table = std::make_unique<GroupTable>(std::move(options), rep_->budget);
  named.groups = table.get();
  named.container = std::move(table);
  GroupTable* const added = named.groups;
  rep_->containers.emplace(fingerprint, std::move(named));
  return added;
}

Result<SlicedTable*> StateStore::AddSlicedTable(const std::string& fingerprint,
                                                GroupTableOptions options) {
  THALWEG_RETURN_NOT_OK(rep_->CheckNew(fingerprint));
  if (rep_->in_memory()) options.track_dirty = false;
  Rep::Named named = rep_->NewNamed(fingerprint, ContainerKind::kSlices, options);
  auto table = std::make_unique<SlicedTable>(std::move(options), rep_->budget);
  named.slices = table.get();
  named.container = std::move(table);
  SlicedTable* const added = named.slices;
  rep_->containers.emplace(fingerprint, std::move(named));
  return added;
}

Status StateStore::Rep::CheckNew(const std::string& fingerprint) const {
  if (!containers.contains(fingerprint)) return Status::OK();
  return Status::Bug("two containers of state have the fingerprint '" + fingerprint + "'");
}

StateStore::Rep::Named StateStore::Rep::NewNamed(const std::string& fingerprint, ContainerKind kind,
                                                 const GroupTableOptions& table_options) const {
  Named named;
  named.header.kind = kind;
  named.header.format = {table_options.key_form == KeyForm::kWord, table_options.block_bytes,
                         table_options.spans};
  named.header.fingerprint = fingerprint;
  return named;
}

Status StateStore::SetParallel(bool parallel) {
  for (auto& [fingerprint, named] : rep_->containers) {
    if (named.slices != nullptr) named.slices->SetParallel(parallel);
    if (named.groups != nullptr && parallel) THALWEG_RETURN_NOT_OK(named.groups->Split());
  }
  return Status::OK();
}

Status StateStore::Load(int64_t version) {
  rep_->merges.Cancel();
  rep_->ClearAll();
  rep_->last_sealed = version;
  if (rep_->in_memory()) {
    if (version >= 0) return Status::Bug("a state that is kept in memory only cannot be loaded");
    return Status::OK();
  }
  rep_->opened = false;
  THALWEG_RETURN_NOT_OK(rep_->directory.Open(version));
  rep_->opened = true;
  const Status status = rep_->LoadChain(version);
  if (!status.ok()) rep_->ClearAll();
  return status;
}

void StateStore::Rep::ClearAll() {
  for (auto& [fingerprint, named] : containers) {
    named.container->Clear();
    named.container->MarkSealed();  // files from now on do not build on what was there
  }
}

Status StateStore::Rep::LoadChain(int64_t version) {
  if (version < 0) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(const std::vector<StateFileInfo> chain, directory.Chain(version));
  for (const StateFileInfo& info : chain) THALWEG_RETURN_NOT_OK(LoadFile(info));
  return Status::OK();
}

Status StateStore::Rep::LoadFile(const StateFileInfo& info) {
  const std::string path = directory.PathOf(info.name);
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<StateFileReader> reader,
                           StateFileReader::Open(env.files(), path));
  Named* named = nullptr;
  while (true) {
    THALWEG_ASSIGN_OR_RETURN(const std::string_view payload, reader->Next());
    if (payload.empty()) return Status::OK();
    if (payload[0] == 'C') {
      const Result<ContainerHeader> header = DecodeContainer(payload);
      if (!header.ok()) return reader->Place(header.status());
      THALWEG_ASSIGN_OR_RETURN(named, Find(*header, path));
      if (named->groups != nullptr && info.header.is_base()) {
        THALWEG_RETURN_NOT_OK(named->groups->Reserve(header->entries));
      }
      continue;
    }
    if (named == nullptr) return reader->Damaged("a record before any container");
    THALWEG_RETURN_NOT_OK(reader->Place(named->container->Load(payload)));
  }
}

Result<StateStore::Rep::Named*> StateStore::Rep::Find(const ContainerHeader& header,
                                                      const std::string& path) {
  const auto named = containers.find(header.fingerprint);
  if (named != containers.end() && named->second.header.SameLayout(header)) return &named->second;
  const std::string what = named == containers.end() ? "which this query does not have"
                                                     : "which this query lays out in another way";
  return Status::User(
      "THALWEG_CHECKPOINT_OF_OTHER_QUERY",
      {{"path", path}, {"difference", "it keeps the state '" + header.fingerprint + "', " + what}});
}

Status StateStore::Seal(int64_t version) {
  Rep& rep = *rep_;
  if (version <= rep.last_sealed) return Status::Bug("a version of state is sealed a second time");
  if (rep.in_memory()) {
    rep.last_sealed = version;
    return Status::OK();
  }
  FileSystem& files = rep.env.files();
  THALWEG_RETURN_NOT_OK(rep.OpenDirectory());
  // What an older life left under this version must not be taken for it.
  THALWEG_RETURN_NOT_OK(rep.directory.RemoveStrays());
  StateFileInfo info;
  info.header.version = version;
  const StateFileInfo* below = rep.directory.Find(rep.last_sealed);
  if (below != nullptr && !rep.WantsBase()) {
    info.header.previous = below->header.version;
    info.header.previous_seal = below->header.seal;
  }
  info.header.seal = rep.env.Random();
  info.header.sequence = rep.directory.NextSequence();
  info.name = StateDirectory::NameOf(info.header);
  Status status = rep.WriteFile(info.header, &info.bytes);
  if (status.ok() && rep.options.sync) status = files.SyncDirectory(rep.directory.path());
  if (!status.ok()) {
    rep.directory.AddStray(info.name);
    return status;
  }
  for (auto& [fingerprint, named] : rep.containers) named.container->MarkSealed();
  rep.merges.NoteSealed(info.bytes);
  rep.directory.Add(std::move(info));
  rep.last_sealed = version;
  return Status::OK();
}

Status StateStore::Rep::OpenDirectory() {
  if (directory_made) return Status::OK();
  if (!opened) THALWEG_RETURN_NOT_OK(directory.Open(-1));
  opened = true;
  THALWEG_RETURN_NOT_OK(env.files().CreateDirectories(directory.path()));
  if (options.sync) {
    THALWEG_RETURN_NOT_OK(env.files().SyncDirectory(DirectoryOf(directory.path())));
  }
  directory_made = true;
  return Status::OK();
}

// Where most of the state has changed, or there is little of it, all of it is written: nothing is
// left to merge.
bool StateStore::Rep::WantsBase() const {
  int64_t live_bytes = 0, dirty_bytes = 0;
  for (const auto& [fingerprint, named] : containers) {
    const ContainerMetrics metrics = named.container->metrics();
    live_bytes += metrics.live_bytes;
    dirty_bytes += metrics.dirty_bytes;
  }
  return live_bytes <= dirty_bytes * 5 / 4 + 4096;
}

Status StateStore::Rep::WriteFile(const StateFileHeader& header, int64_t* bytes) {
  const std::string path = directory.PathOf(StateDirectory::NameOf(header));
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<StateFileWriter> writer,
                           StateFileWriter::Create(env.files(), path, header));
  for (auto& [fingerprint, named] : containers) {
    named.header.entries = named.container->metrics().entries;
    THALWEG_RETURN_NOT_OK(writer->Append(EncodeContainer(named.header)));
    THALWEG_RETURN_NOT_OK(header.is_base() ? named.container->SealBase(*writer)
                                           : named.container->SealDelta(*writer));
  }
  THALWEG_RETURN_NOT_OK(writer->Finish(options.sync));
  *bytes = writer->size_bytes();
  return Status::OK();
}

Status StateStore::SealRecorded(int64_t version) {
  if (rep_->in_memory()) return Status::OK();
  THALWEG_RETURN_NOT_OK(rep_->merges.Advance(version, rep_->options.merge_above_percent));
  THALWEG_RETURN_NOT_OK(rep_->directory.RemoveStrays());
  if (rep_->merges.running()) return Status::OK();  // its inputs are needed
  return rep_->directory.RemoveUnneeded(version, rep_->options.retained_versions);
}

int64_t StateStore::last_sealed() const {
  return rep_->last_sealed;
}

ContainerMetrics StateStore::metrics() const {
  ContainerMetrics sum;
  for (const auto& [fingerprint, metrics] : metrics_by_container()) {
    sum.entries += metrics.entries;
    sum.bytes += metrics.bytes;
    sum.live_bytes += metrics.live_bytes;
    sum.dirty_bytes += metrics.dirty_bytes;
  }
  return sum;
}

int64_t StateStore::dirty_bytes() const {
  int64_t bytes = 0;
  for (const auto& [fingerprint, named] : rep_->containers) bytes += named.container->dirty_bytes();
  return bytes;
}

std::vector<std::pair<std::string, ContainerMetrics>> StateStore::metrics_by_container() const {
  std::vector<std::pair<std::string, ContainerMetrics>> metrics;
  for (const auto& [fingerprint, named] : rep_->containers) {
    metrics.emplace_back(fingerprint, named.container->metrics());
  }
  return metrics;
}

}  // namespace thalweg
