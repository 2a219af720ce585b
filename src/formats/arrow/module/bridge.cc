#include "formats/arrow/module/bridge.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>

#include <arrow/buffer.h>
#include <arrow/result.h>

namespace thalweg::arrow_module {
namespace {

constexpr char kCallbackFailed[] = "thalweg: a callback failed";

/// malloc, counted: no cache and no thread of an allocator of the library's own.
class CountingPool final : public arrow::MemoryPool {
 public:
  using arrow::MemoryPool::Allocate;
  using arrow::MemoryPool::Free;
  using arrow::MemoryPool::Reallocate;

  arrow::Status Allocate(int64_t size, int64_t alignment, uint8_t** out) override {
    if (size < 0) return arrow::Status::Invalid("a negative size");
    if (size == 0) {
      *out = kNothing;
      return arrow::Status::OK();
    }
    void* bytes = nullptr;
    const size_t aligned = std::max<size_t>(static_cast<size_t>(alignment), sizeof(void*));
    if (posix_memalign(&bytes, aligned, static_cast<size_t>(size)) != 0) {
      return arrow::Status::OutOfMemory("no memory for ", size, " bytes");
    }
    *out = static_cast<uint8_t*>(bytes);
    used_ += size;
    total_ += size;
    ++count_;
    return arrow::Status::OK();
  }
  arrow::Status Reallocate(int64_t old_size, int64_t new_size, int64_t alignment,
                           uint8_t** bytes) override {
    uint8_t* bigger = nullptr;
    ARROW_RETURN_NOT_OK(Allocate(new_size, alignment, &bigger));
    const int64_t kept = std::min(old_size, new_size);
    if (kept > 0) std::memcpy(bigger, *bytes, static_cast<size_t>(kept));
    Free(*bytes, old_size, alignment);
    *bytes = bigger;
    return arrow::Status::OK();
  }
  void Free(uint8_t* buffer, int64_t size, int64_t) override {
    if (buffer == kNothing) return;
    std::free(buffer);
    used_ -= size;
  }
  int64_t bytes_allocated() const override { return used_; }
  int64_t total_bytes_allocated() const override { return total_; }
  int64_t num_allocations() const override { return count_; }
  std::string backend_name() const override { return "thalweg"; }

 private:
  alignas(64) static uint8_t kNothing[64];
  std::atomic<int64_t> used_{0};
  std::atomic<int64_t> total_{0};
  std::atomic<int64_t> count_{0};
};

alignas(64) uint8_t CountingPool::kNothing[64];

class Input final : public arrow::io::RandomAccessFile {
 public:
  explicit Input(const ThalwegArrowInput& input) : input_(input) {}
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<int64_t> Tell() const override { return position_; }
  arrow::Status Seek(int64_t position) override {
    position_ = position;
    return arrow::Status::OK();
  }
  arrow::Result<int64_t> GetSize() override { return input_.size_bytes; }

  arrow::Result<int64_t> ReadAt(int64_t position, int64_t bytes, void* out) override {
    if (position < 0 || bytes < 0) return arrow::Status::Invalid("a read at a negative place");
    const int64_t read = input_.read_at(input_.self, position, bytes, out);
    if (read < 0) return arrow::Status::IOError(kCallbackFailed);
    return read;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position, int64_t bytes) override {
    // A damaged footer may ask for any length.
    if (position < 0 || bytes < 0 || bytes > input_.size_bytes) {
      return arrow::Status::Invalid("a read of ", bytes, " bytes at ", position, " of a file of ",
                                    input_.size_bytes);
    }
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(bytes, Pool()));
    ARROW_ASSIGN_OR_RAISE(const int64_t read, ReadAt(position, bytes, buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(read));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
  }
  arrow::Result<int64_t> Read(int64_t bytes, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const int64_t read, ReadAt(position_, bytes, out));
    position_ += read;
    return read;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t bytes) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, bytes));
    position_ += buffer->size();
    return buffer;
  }

 private:
  const ThalwegArrowInput input_;
  int64_t position_ = 0;
  bool closed_ = false;
};

class CallbackOutput final : public Output {
 public:
  explicit CallbackOutput(const ThalwegArrowOutput& output) : output_(output) {}
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<int64_t> Tell() const override { return position_; }
  using arrow::io::OutputStream::Write;
  arrow::Status Write(const void* data, int64_t bytes) override {
    position_ += bytes;
    if (given_up_) return arrow::Status::OK();
    if (output_.append(output_.self, data, bytes) == 0) return arrow::Status::OK();
    return arrow::Status::IOError(kCallbackFailed);
  }
  void GiveUp() override { given_up_ = true; }

 private:
  const ThalwegArrowOutput output_;
  int64_t position_ = 0;
  bool closed_ = false;
  bool given_up_ = false;
};

}  // namespace

arrow::MemoryPool* Pool() {
  static auto* pool = new CountingPool();
  return pool;
}

std::shared_ptr<arrow::io::RandomAccessFile> MakeInput(const ThalwegArrowInput& input) {
  return std::make_shared<Input>(input);
}

std::shared_ptr<Output> MakeOutput(const ThalwegArrowOutput& output) {
  return std::make_shared<CallbackOutput>(output);
}

int Report(const arrow::Status& status, ThalwegArrowError* error) {
  const std::string& message = status.message();
  error->kind = message.find(kCallbackFailed) != std::string::npos ? kThalwegArrowCallback
                : status.IsOutOfMemory()                           ? kThalwegArrowMemory
                : status.IsNotImplemented()                        ? kThalwegArrowNotBuilt
                                                                   : kThalwegArrowDamaged;
  const size_t length = std::min(message.size(), sizeof(error->text) - 1);
  std::memcpy(error->text, message.data(), length);
  error->text[length] = '\0';
  return error->kind;
}

}  // namespace thalweg::arrow_module
