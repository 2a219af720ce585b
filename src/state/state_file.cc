#include "state/state_file.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/crc32c.h"

namespace thalweg {
namespace {

constexpr std::string_view kMagic = "THWGSTAT";
constexpr size_t kFrameBytes = 8;
constexpr size_t kFlushBytes = 256 << 10;
constexpr size_t kReadBytes = 256 << 10;

struct HeaderBytes {
  char magic[8];
  uint32_t format;
  uint32_t oldest_reader;
  int64_t version;
  int64_t previous;
  uint64_t seal;
  uint64_t previous_seal;
  uint64_t sequence;
  uint32_t level;
  uint32_t crc;
};
static_assert(sizeof(HeaderBytes) == 64);

struct EndBytes {
  char kind = 'Z';
  char zeros[7] = {};
  int64_t records = 0;
};
static_assert(sizeof(EndBytes) == 16);

struct ContainerBytes {
  char record = 'C';
  uint8_t kind = 0;
  uint8_t word_keys = 0;
  uint8_t zero = 0;
  uint32_t block_bytes = 0;
  int64_t entries = 0;
  uint32_t spans = 0;
};

template <class T>
std::string_view BytesOf(const T& value, size_t bytes = sizeof(T)) {
  return {reinterpret_cast<const char*>(&value), bytes};
}

constexpr size_t kContainerBytes = 20;  // without padding behind

uint32_t CrcOfRecord(uint32_t salt, int64_t number, std::string_view payload) {
  struct {
    int64_t number;
    uint64_t length;
  } const place{number, payload.size()};
  return Crc32c(payload, Crc32c(BytesOf(place), salt));
}

}  // namespace

std::string EncodeContainer(const ContainerHeader& header) {
  ContainerBytes bytes;
  bytes.kind = static_cast<uint8_t>(header.kind);
  bytes.word_keys = header.format.word_keys;
  bytes.block_bytes = static_cast<uint32_t>(header.format.block_bytes);
  bytes.entries = header.entries;
  bytes.spans = static_cast<uint32_t>(header.format.spans.size());
  std::string payload(BytesOf(bytes, kContainerBytes));
  for (const int span : header.format.spans) payload += BytesOf(static_cast<uint32_t>(span));
  return payload + header.fingerprint;
}

Result<ContainerHeader> DecodeContainer(std::string_view payload) {
  ContainerBytes bytes;
  if (payload.size() < kContainerBytes) return MalformedRecord("a container's head is cut");
  std::memcpy(static_cast<void*>(&bytes), payload.data(), kContainerBytes);
  payload.remove_prefix(kContainerBytes);
  if (bytes.kind != static_cast<uint8_t>(ContainerKind::kGroups) &&
      bytes.kind != static_cast<uint8_t>(ContainerKind::kSlices)) {
    return MalformedRecord("a container of unknown kind");
  }
  ContainerHeader header;
  header.kind = static_cast<ContainerKind>(bytes.kind);
  header.format.word_keys = bytes.word_keys != 0;
  header.format.block_bytes = static_cast<int>(bytes.block_bytes);
  header.entries = bytes.entries;
  if (bytes.block_bytes > (64 << 20) || bytes.block_bytes % 8 != 0 ||
      bytes.spans > payload.size() / sizeof(uint32_t)) {
    return MalformedRecord("a container's layout is out of range");
  }
  for (uint32_t i = 0; i < bytes.spans; ++i) {
    uint32_t span;
    std::memcpy(&span, payload.data(), sizeof(span));
    payload.remove_prefix(sizeof(span));
    if (span > bytes.block_bytes || span % 8 != 0 || bytes.block_bytes - span < 16) {
      return MalformedRecord("a span lies outside its block");
    }
    header.format.spans.push_back(static_cast<int>(span));
  }
  header.fingerprint = payload;
  return header;
}

Result<std::unique_ptr<StateFileWriter>> StateFileWriter::Create(FileSystem& files,
                                                                 const std::string& path,
                                                                 const StateFileHeader& header) {
  THALWEG_ASSIGN_OR_RETURN(std::unique_ptr<AppendFile> file, files.Create(path));
  std::unique_ptr<StateFileWriter> writer(new StateFileWriter(std::move(file)));
  HeaderBytes bytes{
      {},          kStateFormat,         kStateOldestReader, header.version, header.previous,
      header.seal, header.previous_seal, header.sequence,    header.level,   0};
  std::memcpy(bytes.magic, kMagic.data(), kMagic.size());
  bytes.crc = Crc32c(BytesOf(bytes, sizeof(bytes) - sizeof(bytes.crc)));
  writer->salt_ = bytes.crc;
  writer->buffer_ = BytesOf(bytes);
  return writer;
}

Status StateFileWriter::Append(std::string_view payload) {
  if (payload.size() > UINT32_MAX) return Status::Bug("a record of state above 4 GB");
  const uint32_t frame[2] = {static_cast<uint32_t>(payload.size()),
                             CrcOfRecord(salt_, records_++, payload)};
  buffer_ += BytesOf(frame);
  buffer_ += payload;
  return buffer_.size() >= kFlushBytes ? Flush() : Status::OK();
}

Status StateFileWriter::Finish(bool sync) {
  EndBytes end;
  end.records = records_;
  THALWEG_RETURN_NOT_OK(Append(BytesOf(end)));
  THALWEG_RETURN_NOT_OK(Flush());
  return sync ? file_->Sync() : Status::OK();
}

Status StateFileWriter::Flush() {
  THALWEG_RETURN_NOT_OK(file_->Append(buffer_));
  written_bytes_ += static_cast<int64_t>(buffer_.size());
  buffer_.clear();
  return Status::OK();
}

Result<std::unique_ptr<StateFileReader>> StateFileReader::Open(FileSystem& files,
                                                               const std::string& path) {
  THALWEG_ASSIGN_OR_RETURN(std::unique_ptr<RandomFile> file, files.OpenRead(path));
  std::unique_ptr<StateFileReader> reader(new StateFileReader(path, std::move(file)));
  THALWEG_RETURN_NOT_OK(reader->ReadHeader());
  return reader;
}

Status StateFileReader::ReadHeader() {
  THALWEG_RETURN_NOT_OK(Fill(sizeof(HeaderBytes)));
  HeaderBytes bytes;
  std::memcpy(&bytes, buffer_.data(), sizeof(bytes));
  if (std::string_view(bytes.magic, kMagic.size()) != kMagic) {
    return DamagedAt(0, "it does not begin as a file of state");
  }
  if (bytes.oldest_reader > kStateFormat) {
    return DamagedAt(8, "it was written by a newer version of Thalweg (format " +
                            std::to_string(bytes.format) + ")");
  }
  if (bytes.crc != Crc32c(BytesOf(bytes, sizeof(bytes) - sizeof(bytes.crc)))) {
    return DamagedAt(0, "the header's checksum is wrong");
  }
  header_ = {bytes.version,       bytes.previous, bytes.seal,
             bytes.previous_seal, bytes.sequence, bytes.level};
  salt_ = bytes.crc;
  offset_ = sizeof(bytes);
  return Status::OK();
}

Result<std::string_view> StateFileReader::Next() {
  record_offset_ = offset_;
  if (ended_) {
    if (offset_ != size_bytes()) return Damaged("bytes are left behind the end");
    return std::string_view();
  }
  THALWEG_RETURN_NOT_OK(Fill(kFrameBytes));
  uint32_t frame[2];
  std::memcpy(frame, buffer_.data() + (offset_ - buffer_offset_), sizeof(frame));
  const size_t length = frame[0];
  if (length == 0) return Damaged("an empty record");
  THALWEG_RETURN_NOT_OK(Fill(kFrameBytes + length));
  const std::string_view payload(buffer_.data() + (offset_ - buffer_offset_) + kFrameBytes, length);
  if (CrcOfRecord(salt_, records_, payload) != frame[1]) return Damaged("the checksum is wrong");
  offset_ += static_cast<int64_t>(kFrameBytes + length);
  if (payload[0] != 'Z') {
    ++records_;
    return payload;
  }
  EndBytes end;
  if (length != sizeof(end)) return Damaged("the last record has another length");
  std::memcpy(&end, payload.data(), sizeof(end));
  if (end.records != records_) return Damaged("records are missing");
  ended_ = true;
  return Next();
}

Status StateFileReader::Fill(size_t bytes) {
  const auto wanted = static_cast<int64_t>(bytes);
  if (offset_ + wanted > size_bytes()) return DamagedAt(size_bytes(), "the file is cut here");
  const int64_t have = buffer_offset_ + static_cast<int64_t>(buffer_.size()) - offset_;
  if (wanted <= have) return Status::OK();
  const size_t kept = static_cast<size_t>(std::max<int64_t>(have, 0));
  buffer_.erase(0, buffer_.size() - kept);
  buffer_offset_ = offset_;
  const int64_t read_from = offset_ + static_cast<int64_t>(kept);
  const int64_t length = std::min(
      std::max(wanted - static_cast<int64_t>(kept), int64_t{kReadBytes}), size_bytes() - read_from);
  buffer_.resize(kept + static_cast<size_t>(length));
  THALWEG_ASSIGN_OR_RETURN(const int64_t read,
                           file_->ReadAt(read_from, length, buffer_.data() + kept));
  if (read < length) return DamagedAt(read_from + read, "the file is cut here");
  return Status::OK();
}

Status StateFileReader::DamagedAt(int64_t offset, std::string what) const {
  return Status::World(
      "THALWEG_CHECKPOINT_DAMAGED",
      {{"file", path_}, {"offset", std::to_string(offset)}, {"what", std::move(what)}});
}

Status StateFileReader::Place(const Status& status) const {
  if (status.ok() || status.condition() != "THALWEG_CHECKPOINT_DAMAGED") return status;
  for (const auto& [name, value] : status.parameters()) {
    if (name == "what") return Damaged(value);
  }
  return status;
}

}  // namespace thalweg
