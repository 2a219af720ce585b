#include "state/state_merge.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace thalweg {

// One file as a stream: containers, in each the dropped sections and then entries in order.
class StateMerge::Input {
 public:
  explicit Input(std::unique_ptr<StateFileReader> reader) : reader_(std::move(reader)) {}

  /// Goes to the head of the next container; at_end() behind the last.
  Status NextContainer();
  /// From the head to the first entry, reading what was dropped.
  Status EnterContainer();
  Status NextEntry();

  bool at_end() const { return payload_.empty(); }
  bool has_entry() const { return entries_.has_value(); }
  const ContainerHeader& container() const { return container_; }
  const KeyedEntry& entry() const { return entry_; }
  int64_t section() const { return entries_->section(); }
  const std::vector<int64_t>& dropped() const { return dropped_; }
  bool Drops(int64_t section) const {
    return std::binary_search(dropped_.begin(), dropped_.end(), section);
  }
  bool Before(const Input& other) const {
    if (section() != other.section()) return section() < other.section();
    return entry_.Before(other.entry_);
  }
  bool SameKey(const Input& other) const {
    return section() == other.section() && entry_.SameKey(other.entry_);
  }
  int64_t offset() const { return reader_->offset(); }
  Status Damaged(const char* what) const { return reader_->Damaged(what); }

 private:
  Status NextPayload() {
    THALWEG_ASSIGN_OR_RETURN(payload_, reader_->Next());
    return Status::OK();
  }
  Status OpenEntries();

  const std::unique_ptr<StateFileReader> reader_;
  std::string_view payload_ = " ";
  ContainerHeader container_;
  std::vector<int64_t> dropped_;
  std::optional<KeyedReader> entries_;
  KeyedEntry entry_;
};

Status StateMerge::Input::NextContainer() {
  THALWEG_RETURN_NOT_OK(NextPayload());
  if (at_end()) return Status::OK();
  if (payload_[0] != 'C') return reader_->Damaged("a record before any container");
  Result<ContainerHeader> header = DecodeContainer(payload_);
  if (!header.ok()) return reader_->Place(header.status());
  container_ = *std::move(header);
  return Status::OK();
}

Status StateMerge::Input::EnterContainer() {
  dropped_.clear();
  THALWEG_RETURN_NOT_OK(NextPayload());
  if (!at_end() && payload_[0] == 'D') {
    Result<KeyedReader> reader = KeyedReader::Open(payload_, container_.format);
    if (!reader.ok()) return reader_->Place(reader.status());
    for (int64_t section; reader->NextDropped(&section);) dropped_.push_back(section);
    THALWEG_RETURN_NOT_OK(NextPayload());
  }
  return OpenEntries();
}

// At a payload: opens it if it holds entries, else the container is over.
Status StateMerge::Input::OpenEntries() {
  entries_.reset();
  if (at_end()) return Status::OK();
  if (payload_[0] == 'C') {
    Result<ContainerHeader> header = DecodeContainer(payload_);
    if (!header.ok()) return reader_->Place(header.status());
    container_ = *std::move(header);
    return Status::OK();
  }
  Result<KeyedReader> reader = KeyedReader::Open(payload_, container_.format);
  if (!reader.ok()) return reader_->Place(reader.status());
  if (reader->dropped()) return reader_->Damaged("dropped slices behind entries");
  entries_ = *std::move(reader);
  return NextEntry();
}

Status StateMerge::Input::NextEntry() {
  if (entries_->Next(&entry_)) return Status::OK();
  if (!entries_->status().ok()) return reader_->Place(entries_->status());
  THALWEG_RETURN_NOT_OK(NextPayload());
  return OpenEntries();
}

StateMerge::StateMerge(StateMergeJob job, std::unique_ptr<StateFileWriter> writer)
    : job_(std::move(job)), writer_(std::move(writer)) {}

StateMerge::~StateMerge() = default;

Result<std::unique_ptr<StateMerge>> StateMerge::Begin(FileSystem& files, StateMergeJob job) {
  THALWEG_ASSIGN_OR_RETURN(std::unique_ptr<StateFileWriter> writer,
                           StateFileWriter::Create(files, job.output, job.header));
  std::unique_ptr<StateMerge> merge(new StateMerge(std::move(job), std::move(writer)));
  for (const std::string& path : merge->job_.inputs) {
    THALWEG_ASSIGN_OR_RETURN(std::unique_ptr<StateFileReader> reader,
                             StateFileReader::Open(files, path));
    merge->inputs_.push_back(std::make_unique<Input>(std::move(reader)));
    THALWEG_RETURN_NOT_OK(merge->inputs_.back()->NextContainer());
  }
  return merge;
}

Result<bool> StateMerge::Step(int64_t bytes) {
  const int64_t until = read_bytes() + bytes;
  bool done = false;
  while (!done && read_bytes() < until) {
    THALWEG_RETURN_NOT_OK(in_container_ ? MergeRun(&in_container_) : NextContainer(&done));
  }
  if (done) THALWEG_RETURN_NOT_OK(writer_->Finish(job_.sync));
  return done;
}

// Begins the first container by fingerprint that some input is at.
Status StateMerge::NextContainer(bool* done) {
  merging_.clear();
  for (const auto& input : inputs_) {
    if (input->at_end()) continue;
    const std::string& fingerprint = input->container().fingerprint;
    if (!merging_.empty() && fingerprint > container_.fingerprint) continue;
    if (merging_.empty() || fingerprint < container_.fingerprint) merging_.clear();
    if (!merging_.empty() && !input->container().SameLayout(container_)) {
      return input->Damaged("a container is laid out otherwise than in the file before");
    }
    container_ = input->container();  // the newest says how many entries there are
    merging_.push_back(input.get());
  }
  *done = merging_.empty();
  if (*done) return Status::OK();
  THALWEG_RETURN_NOT_OK(writer_->Append(EncodeContainer(container_)));
  std::vector<int64_t> dropped;
  for (Input* input : merging_) {
    THALWEG_RETURN_NOT_OK(input->EnterContainer());
    dropped.insert(dropped.end(), input->dropped().begin(), input->dropped().end());
  }
  std::sort(dropped.begin(), dropped.end());
  dropped.erase(std::unique(dropped.begin(), dropped.end()), dropped.end());
  entries_ = std::make_unique<KeyedWriter>(container_.format, *writer_);
  if (!job_.header.is_base()) THALWEG_RETURN_NOT_OK(entries_->Dropped(dropped));
  in_section_ = false;
  in_container_ = true;
  return Status::OK();
}

// Emits entries of one input as long as they come before those of all others.
Status StateMerge::MergeRun(bool* more) {
  Input* first = nullptr;   // the newest of those with the least key
  Input* second = nullptr;  // the least of the others
  for (Input* input : merging_) {
    if (!input->has_entry()) continue;
    if (first == nullptr || !first->Before(*input)) {
      if (first != nullptr && first->SameKey(*input)) {
        THALWEG_RETURN_NOT_OK(first->NextEntry());  // an older entry of the same key
      }
      if (first != nullptr && first->has_entry() && (second == nullptr || first->Before(*second))) {
        second = first;
      }
      first = input;
    } else if (second == nullptr || input->Before(*second)) {
      second = input;
    }
  }
  *more = first != nullptr;
  if (first == nullptr) return entries_->Flush();
  do {
    THALWEG_RETURN_NOT_OK(Emit(*first));
    THALWEG_RETURN_NOT_OK(first->NextEntry());
  } while (first->has_entry() && (second == nullptr || first->Before(*second)));
  return Status::OK();
}

Status StateMerge::Emit(const Input& input) {
  const bool is_base = job_.header.is_base();
  if (is_base && input.entry().erased()) return Status::OK();
  const int64_t section = input.section();
  for (auto newer = merging_.rbegin(); *newer != &input; ++newer) {
    if (!(*newer)->dropped().empty() && (*newer)->Drops(section)) return Status::OK();
  }
  if (!in_section_ || section_ != section) {
    THALWEG_RETURN_NOT_OK(entries_->BeginSection(section));
    in_section_ = true;
    section_ = section;
  }
  return entries_->Put(input.entry().op, input.entry().key, input.entry().value);
}

int64_t StateMerge::read_bytes() const {
  int64_t bytes = 0;
  for (const auto& input : inputs_) bytes += input->offset();
  return bytes;
}

int64_t StateMerge::output_bytes() const {
  return writer_->size_bytes();
}

}  // namespace thalweg
