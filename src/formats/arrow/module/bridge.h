// What the parts of the module share: its memory pool, Env's files as Arrow's, and how Arrow's
// errors cross the border.
#pragma once

#include <memory>

#include <arrow/io/interfaces.h>
#include <arrow/memory_pool.h>
#include <arrow/status.h>

#include "formats/arrow/arrow_module.h"

namespace thalweg::arrow_module {

/// The one pool of the module: it counts what the library holds. Thread-safe.
arrow::MemoryPool* Pool();

std::shared_ptr<arrow::io::RandomAccessFile> MakeInput(const ThalwegArrowInput& input);

/// The bytes of a new file.
class Output : public arrow::io::OutputStream {
 public:
  /// From now on bytes are taken and dropped: the file is given up.
  virtual void GiveUp() = 0;
};
std::shared_ptr<Output> MakeOutput(const ThalwegArrowOutput& output);

/// Fills `error` from `status`, which is not OK; returns the kind.
int Report(const arrow::Status& status, ThalwegArrowError* error);

/// `body()` gives a Status; exceptions of the library become errors too. 0: it succeeded.
template <class Body>
int Guarded(ThalwegArrowError* error, Body&& body) {
  try {
    const arrow::Status status = body();
    return status.ok() ? 0 : Report(status, error);
  } catch (const std::exception& problem) {
    return Report(arrow::Status::Invalid(problem.what()), error);
  }
}

}  // namespace thalweg::arrow_module
