#include "base/status.h"

#include <cstdio>

namespace thalweg {

struct Status::Rep {
  ErrorKind kind = ErrorKind::kBug;
  std::string condition;
  std::string sqlstate;
  std::string message;
  ErrorParameters parameters;
  SqlPlace place;
};

namespace {

const ErrorCondition kErrorConditions[] = {
#define X(name, sqlstate, message) {name, sqlstate, message},
#include "base/error_conditions.inc"
#undef X
};

std::string FillTemplate(std::string_view text, const ErrorParameters& parameters);
std::string WithoutFinalPeriod(const std::string& message);

}  // namespace

Status Status::User(std::string_view condition, ErrorParameters parameters, SqlPlace place) {
  const ErrorCondition* known = FindErrorCondition(condition);
  if (known == nullptr) return Bug("unknown error condition " + std::string(condition));
  auto rep = std::make_shared<Rep>();
  rep->kind = ErrorKind::kUser;
  rep->condition = condition;
  rep->sqlstate = known->sqlstate;
  rep->message = FillTemplate(known->message, parameters);
  rep->parameters = std::move(parameters);
  rep->place = place;
  return Status(std::move(rep));
}

Status Status::Legacy(int number, std::string message, SqlPlace place) {
  char condition[40];
  std::snprintf(condition, sizeof condition, "_LEGACY_ERROR_TEMP_%04d", number);
  auto rep = std::make_shared<Rep>();
  rep->kind = ErrorKind::kUser;
  rep->condition = condition;
  rep->message = std::move(message);
  rep->place = place;
  return Status(std::move(rep));
}

Status Status::World(std::string message) {
  auto rep = std::make_shared<Rep>();
  rep->kind = ErrorKind::kWorld;
  rep->message = std::move(message);
  return Status(std::move(rep));
}

Status Status::World(std::string_view condition, ErrorParameters parameters) {
  const Status user = User(condition, std::move(parameters));
  if (user.kind() == ErrorKind::kBug) return user;
  auto rep = std::make_shared<Rep>(*user.rep_);
  rep->kind = ErrorKind::kWorld;
  return Status(std::move(rep));
}

Status Status::Bug(std::string message) {
  auto rep = std::make_shared<Rep>();
  rep->kind = ErrorKind::kBug;
  rep->condition = "INTERNAL_ERROR";
  rep->sqlstate = "XX000";
  rep->parameters.emplace_back("message", message);
  rep->message = std::move(message);
  return Status(std::move(rep));
}

ErrorKind Status::kind() const {
  THALWEG_CHECK(!ok(), "an OK status has no kind");
  return rep_->kind;
}

const std::string& Status::condition() const {
  static const std::string none;
  return ok() ? none : rep_->condition;
}

const std::string& Status::sqlstate() const {
  static const std::string none;
  return ok() ? none : rep_->sqlstate;
}

const std::string& Status::message() const {
  static const std::string none;
  return ok() ? none : rep_->message;
}

const ErrorParameters& Status::parameters() const {
  static const ErrorParameters none;
  return ok() ? none : rep_->parameters;
}

const SqlPlace& Status::place() const {
  static const SqlPlace none;
  return ok() ? none : rep_->place;
}

std::string Status::ToString() const {
  if (ok()) return "OK";
  std::string text;
  if (!rep_->condition.empty()) text = "[" + rep_->condition + "] ";
  if (rep_->place.line > 0) {
    text += WithoutFinalPeriod(rep_->message) + " (line " + std::to_string(rep_->place.line) +
            ", column " + std::to_string(rep_->place.column) + ").";
  } else {
    text += rep_->message;
  }
  if (rep_->sqlstate.empty()) return text;
  if (std::string_view(".?!").find(text.back()) == std::string_view::npos) text += '.';
  return text + " SQLSTATE: " + rep_->sqlstate;
}

Status Status::WithPlace(const SqlPlace& place) const {
  if (ok() || rep_->place.line > 0) return *this;
  auto rep = std::make_shared<Rep>(*rep_);
  rep->place = place;
  return Status(std::move(rep));
}

Status Status::WithContext(const std::string& text) const {
  if (ok()) return *this;
  auto rep = std::make_shared<Rep>(*rep_);
  rep->message = WithoutFinalPeriod(rep->message) + " (" + text + ").";
  return Status(std::move(rep));
}

Status NotSupportedYet(std::string feature, SqlPlace place) {
  return Status::User("THALWEG_NOT_SUPPORTED_YET", {{"feature", std::move(feature)}}, place);
}

const ErrorCondition* FindErrorCondition(std::string_view name) {
  for (const ErrorCondition& condition : kErrorConditions) {
    if (name == condition.name) return &condition;
  }
  return nullptr;
}

namespace {

// A "<name>" without a parameter of that name stays as it is: templates may hold other "<".
std::string FillTemplate(std::string_view text, const ErrorParameters& parameters) {
  std::string filled;
  while (!text.empty()) {
    const size_t open = text.find('<');
    const size_t close = open == text.npos ? text.npos : text.find('>', open);
    if (close == text.npos) break;
    const std::string_view name = text.substr(open + 1, close - open - 1);
    const std::string* value = nullptr;
    for (const auto& [key, parameter] : parameters) {
      if (key == name) value = &parameter;
    }
    filled += text.substr(0, open);
    filled += value != nullptr ? std::string_view(*value) : text.substr(open, 1);
    text.remove_prefix(value != nullptr ? close + 1 : open + 1);
  }
  filled += text;
  return filled;
}

std::string WithoutFinalPeriod(const std::string& message) {
  if (message.empty() || message.back() != '.') return message;
  return message.substr(0, message.size() - 1);
}

}  // namespace
}  // namespace thalweg
