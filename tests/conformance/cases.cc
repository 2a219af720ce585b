#include "cases.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

namespace thalweg {
namespace {

using Path = std::filesystem::path;
using nlohmann::json;

constexpr const char* kFixtures = "fixtures.json";

Status AddScenario(const Path& path, std::vector<Case>* cases);
Status AddExpressions(const Path& path, std::vector<Case>* cases);
Result<std::shared_ptr<const Fixtures>> LoadFixtures(const Path& directory);
std::string ReadText(const Path& path);
Status Malformed(const Path& path, int line, const std::string& what);

}  // namespace

Result<std::vector<Case>> LoadCases(const std::string& directory) {
  std::error_code error;
  std::vector<Path> paths;
  const auto entries = std::filesystem::recursive_directory_iterator(directory, error);
  if (error) return Status::World(directory + ": " + error.message());
  for (const auto& entry : entries) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Case> cases;
  for (const Path& path : paths) {
    if (path.extension() == ".jsonl") {
      THALWEG_RETURN_NOT_OK(AddExpressions(path, &cases));
    } else if (path.extension() == ".json" && path.filename() != kFixtures) {
      THALWEG_RETURN_NOT_OK(AddScenario(path, &cases));
    }
  }
  return cases;
}

namespace {

Status AddScenario(const Path& path, std::vector<Case>* cases) {
  json body = json::parse(ReadText(path), nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return Malformed(path, 1, "is not a JSON object");
  for (const char* key : {"name", "feature", "streams", "sql", "output_mode"}) {
    if (!body.contains(key)) return Malformed(path, 1, std::string("has no \"") + key + "\"");
  }
  Case made;
  made.kind = CaseKind::kScenario;
  made.name = body["name"].get<std::string>();
  const json& feature = body["feature"];
  made.group = feature.is_array() && !feature.empty() ? feature[0].get<std::string>()
                                                      : feature.get<std::string>();
  made.body = std::make_shared<const json>(std::move(body));
  cases->push_back(std::move(made));
  return Status::OK();
}

Status AddExpressions(const Path& path, std::vector<Case>* cases) {
  THALWEG_ASSIGN_OR_RETURN(const auto fixtures, LoadFixtures(path.parent_path()));
  std::ifstream file(path);
  std::string text;
  for (int line = 1; std::getline(file, text); ++line) {
    if (text.empty()) continue;
    json body = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!body.is_object() || !body.contains("sql")) {
      return Malformed(path, line, "is not a case with \"sql\"");
    }
    if (!body.contains("error") && !(body.contains("schema") && body.contains("rows"))) {
      return Malformed(path, line, "expects neither rows of a schema nor an error");
    }
    Case made;
    made.group = path.stem().string();
    made.name = body.contains("name") ? body["name"].get<std::string>()
                                      : made.group + ":" + std::to_string(line);
    made.body = std::make_shared<const json>(std::move(body));
    made.fixtures = fixtures;
    cases->push_back(std::move(made));
  }
  return Status::OK();
}

// Those beside the cases; none where there is no such file.
Result<std::shared_ptr<const Fixtures>> LoadFixtures(const Path& directory) {
  auto fixtures = std::make_shared<Fixtures>();
  const Path path = directory / kFixtures;
  if (std::filesystem::exists(path)) {
    const json body = json::parse(ReadText(path), nullptr, /*allow_exceptions=*/false);
    if (!body.is_object()) return Malformed(path, 1, "is not a JSON object");
    for (const auto& [name, statements] : body.items()) {
      (*fixtures)[name] = statements.get<std::vector<std::string>>();
    }
  }
  return std::shared_ptr<const Fixtures>(std::move(fixtures));
}

std::string ReadText(const Path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

Status Malformed(const Path& path, int line, const std::string& what) {
  return Status::World(path.string() + ":" + std::to_string(line) + " " + what);
}

}  // namespace
}  // namespace thalweg
