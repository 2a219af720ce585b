#include "thalweg/status.h"

#include "api/library/access.h"

namespace thalweg {
namespace api {
namespace {

const std::string kNone;

}  // namespace

Status Access::Wrap(const thalweg::Status& status) {
  Status wrapped;
  if (!status.ok()) wrapped.rep_ = std::make_shared<Status::Rep>(Status::Rep{status});
  return wrapped;
}

thalweg::Status Access::Unwrap(const Status& status) {
  return status.ok() ? thalweg::Status::OK() : status.rep_->status;
}

Status Status::Error(std::string_view message) {
  return Access::Wrap(thalweg::Status::World(std::string(message)));
}

const std::string& Status::condition() const {
  return ok() ? kNone : rep_->status.condition();
}
const std::string& Status::sqlstate() const {
  return ok() ? kNone : rep_->status.sqlstate();
}
const std::string& Status::message() const {
  return ok() ? kNone : rep_->status.message();
}
int Status::line() const {
  return ok() ? 0 : rep_->status.place().line;
}
int Status::column() const {
  return ok() ? 0 : rep_->status.place().column;
}
std::string Status::ToString() const {
  return ok() ? "OK" : rep_->status.ToString();
}

}  // namespace api
}  // namespace thalweg
