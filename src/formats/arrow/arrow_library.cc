#include "formats/arrow/arrow_library.h"

#include "base/module.h"

namespace thalweg {
namespace {

Result<const ThalwegArrowModule*> Open() {
  THALWEG_ASSIGN_OR_RETURN(void* const door,
                           OpenModule("arrow", kThalwegArrowDoor, "Reading and writing Parquet"));
  const ThalwegArrowModule* const module =
      reinterpret_cast<const ThalwegArrowModule* (*)()>(door)();
  if (module != nullptr && module->version == kThalwegArrowVersion) return module;
  return Status::World("libthalweg_arrow.so is of another version of Thalweg: install both anew");
}

}  // namespace

Result<const ThalwegArrowModule*> OpenArrow() {
  static const Result<const ThalwegArrowModule*> module = Open();
  return module;
}

}  // namespace thalweg
