#include "state/state_directory.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace thalweg {
namespace {

// So many deltas of one level become one of the next.
constexpr size_t kMergeFanIn = 8;
// Below this a base is not written anew because its deltas are larger.
constexpr int64_t kMergeBaseBytesMin = 64 << 10;

Status Missing(const std::string& path, std::string what) {
  return Status::World("THALWEG_CHECKPOINT_DAMAGED",
                       {{"file", path}, {"offset", "0"}, {"what", std::move(what)}});
}

MergePlan PlanOf(const std::vector<StateFileInfo>& chain, size_t begin, size_t end) {
  MergePlan plan;
  plan.inputs.assign(chain.begin() + static_cast<ptrdiff_t>(begin),
                     chain.begin() + static_cast<ptrdiff_t>(end));
  plan.header = plan.inputs.back().header;
  plan.header.previous = plan.inputs.front().header.previous;
  plan.header.previous_seal = plan.inputs.front().header.previous_seal;
  plan.header.level = plan.header.is_base() ? 0 : plan.header.level + 1;
  for (const StateFileInfo& input : plan.inputs) plan.bytes += input.bytes;
  return plan;
}

}  // namespace

std::optional<StateFileName> ParseStateFileName(const std::string& name) {
  StateFileName parsed{};
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data(), end, parsed.version);
  const std::string_view suffix(rest, static_cast<size_t>(end - rest));
  if (error != std::errc() || parsed.version < 0) return std::nullopt;
  if (suffix != ".base" && suffix != ".delta") return std::nullopt;
  parsed.is_base = suffix == ".base";
  return parsed;
}

std::string StateDirectory::NameOf(const StateFileHeader& header) {
  return std::to_string(header.version) + (header.is_base() ? ".base" : ".delta");
}

Status StateDirectory::Open(int64_t recorded) {
  known_.clear();
  strays_.clear();
  THALWEG_ASSIGN_OR_RETURN(const bool exists, files_.Exists(path_));
  if (!exists) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> listed, files_.List(path_));
  for (const FileInfo& file : listed) {
    const std::optional<StateFileName> name = ParseStateFileName(file.name);
    if (!name.has_value()) {
      if (file.name == kMergeName) strays_.push_back(file.name);
      continue;  // not ours
    }
    Result<std::unique_ptr<StateFileReader>> reader =
        StateFileReader::Open(files_, PathOf(file.name));
    if (!reader.ok() && reader.status().condition() != "THALWEG_CHECKPOINT_DAMAGED") {
      return reader.status();
    }
    if (reader.ok()) sequence_ = std::max(sequence_, (*reader)->header().sequence);
    if (name->version > recorded) {
      strays_.push_back(file.name);
      continue;
    }
    Known known{{{}, file.name, file.size_bytes}, reader.status()};
    if (reader.ok()) {
      known.info.header = (*reader)->header();
      if (NameOf(known.info.header) != file.name) {
        known.status = Missing(PathOf(file.name), "it is a file of another version");
      }
    }
    const auto [other, is_new] = known_.try_emplace(name->version, known);
    if (is_new) continue;
    // A base made by merging beside the delta that it took in, or what an older life left.
    const bool better =
        known.status.ok() && (!other->second.status.ok() ||
                              known.info.header.sequence > other->second.info.header.sequence);
    if (better) std::swap(other->second, known);
    strays_.push_back(known.info.name);
  }
  return Status::OK();
}

Result<std::vector<StateFileInfo>> StateDirectory::Chain(int64_t version) const {
  std::vector<StateFileInfo> chain;
  for (int64_t next = version; next >= 0; next = chain.back().header.previous) {
    const auto known = known_.find(next);
    if (known == known_.end()) {
      return Missing(PathOf(std::to_string(next) + ".delta"), "the file is missing");
    }
    THALWEG_RETURN_NOT_OK(known->second.status);
    const StateFileInfo& info = known->second.info;
    if (!chain.empty() && (info.header.seal != chain.back().header.previous_seal ||
                           info.header.version >= chain.back().header.version)) {
      return Missing(PathOf(info.name),
                     "it is not the file that " + chain.back().name + " builds on");
    }
    chain.push_back(info);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

const StateFileInfo* StateDirectory::Find(int64_t version) const {
  const auto known = known_.find(version);
  return known != known_.end() ? &known->second.info : nullptr;
}

void StateDirectory::Add(StateFileInfo info) {
  const int64_t version = info.header.version;
  const auto known = known_.find(version);
  if (known != known_.end() && known->second.info.name != info.name) {
    strays_.push_back(known->second.info.name);
  }
  known_[version] = {std::move(info), Status()};
}

Status StateDirectory::RemoveStrays() {
  while (!strays_.empty()) {
    const std::string path = PathOf(strays_.back());
    THALWEG_ASSIGN_OR_RETURN(const bool exists, files_.Exists(path));
    if (exists) THALWEG_RETURN_NOT_OK(files_.Remove(path));
    strays_.pop_back();
  }
  return Status::OK();
}

Status StateDirectory::RemoveUnneeded(int64_t recorded, int retained) {
  std::set<int64_t> needed;
  auto version = known_.upper_bound(recorded);
  for (auto newer = version; newer != known_.end(); ++newer) needed.insert(newer->first);
  while (version != known_.begin() && retained > 0) {
    --version;
    --retained;
    // An older version that cannot be loaded is not worth keeping; the newest one is.
    const Result<std::vector<StateFileInfo>> chain = Chain(version->first);
    if (!chain.ok()) {
      if (version->first == recorded) return chain.status();
      continue;
    }
    for (const StateFileInfo& info : *chain) needed.insert(info.header.version);
  }
  for (auto known = known_.begin(); known != known_.end();) {
    if (needed.contains(known->first)) {
      ++known;
      continue;
    }
    THALWEG_RETURN_NOT_OK(files_.Remove(PathOf(known->second.info.name)));
    known = known_.erase(known);
  }
  return Status::OK();
}

Result<std::optional<MergePlan>> StateDirectory::PlanMerge(int64_t version,
                                                           int64_t above_percent) const {
  THALWEG_ASSIGN_OR_RETURN(const std::vector<StateFileInfo> chain, Chain(version));
  const int64_t base_bytes = std::max(chain.front().bytes, kMergeBaseBytesMin);
  int64_t delta_bytes = -chain.front().bytes;
  for (const StateFileInfo& info : chain) delta_bytes += info.bytes;
  if (delta_bytes * 100 > base_bytes * above_percent) return {PlanOf(chain, 0, chain.size())};
  for (size_t end = chain.size(); end > 1;) {
    size_t begin = end;
    while (begin > 1 && chain[begin - 1].header.level == chain[end - 1].header.level) --begin;
    if (end - begin >= kMergeFanIn) return {PlanOf(chain, begin, end)};
    end = begin;
  }
  return std::optional<MergePlan>();
}

}  // namespace thalweg
