#include "report.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include <fmt/format.h>

namespace thalweg {
namespace {

struct Counts {
  int passed = 0;
  int wrong = 0;
  int unsupported = 0;
  void Add(Outcome outcome) {
    ++(outcome == Outcome::kPassed ? passed : outcome == Outcome::kWrong ? wrong : unsupported);
  }
};

Counts CountAll(const std::vector<PlayedCase>& cases) {
  Counts counts;
  for (const PlayedCase& one : cases) counts.Add(one.verdict.outcome);
  return counts;
}

void PrintTable(const std::vector<PlayedCase>& cases, CaseKind kind, const char* title);
void PrintWeakerLevel(const std::vector<PlayedCase>& cases);
std::string Indented(const std::string& text);

}  // namespace

void PrintReport(const std::vector<PlayedCase>& cases, bool verbose) {
  for (const PlayedCase& one : cases) {
    if (!verbose || one.verdict.outcome == Outcome::kPassed) continue;
    const bool wrong = one.verdict.outcome == Outcome::kWrong;
    fmt::print("{} {}\n{}", wrong ? "wrong" : "unsupported", one.played->name,
               Indented(one.verdict.text));
  }
  PrintTable(cases, CaseKind::kScenario, "streaming scenarios");
  PrintTable(cases, CaseKind::kExpression, "expressions");
  PrintWeakerLevel(cases);
}

void PrintCounts(const std::vector<PlayedCase>& cases) {
  const Counts counts = CountAll(cases);
  fmt::print("wrong {}, unsupported {}\n", counts.wrong, counts.unsupported);
  fmt::print("{} passed, {} failed\n", counts.passed, counts.wrong + counts.unsupported);
}

Status WritePassing(const std::vector<PlayedCase>& cases, const std::string& path) {
  std::set<std::string> names;
  for (const PlayedCase& one : cases) {
    if (one.verdict.outcome == Outcome::kPassed) names.insert(one.played->name);
  }
  std::ofstream file(path);
  for (const std::string& name : names) file << name << '\n';
  return file.flush() ? Status::OK() : Status::World(path + " could not be written");
}

Result<bool> CheckPassing(const std::vector<PlayedCase>& cases, const std::string& path) {
  std::ifstream file(path);
  if (!file) return Status::World(path + " could not be read");
  std::set<std::string> listed;
  for (std::string name; std::getline(file, name);) listed.insert(name);
  for (const PlayedCase& one : cases) {
    if (one.verdict.outcome != Outcome::kUnsupported || listed.contains(one.played->name)) continue;
    fmt::print("not built {}: {}\n", one.played->name, one.verdict.text);
  }
  int passed = 0;
  int failed = 0;
  for (const PlayedCase& one : cases) {
    const bool is_listed = listed.erase(one.played->name) > 0;
    if (one.verdict.outcome == Outcome::kPassed) {
      passed += is_listed ? 1 : 0;
    } else if (is_listed || one.verdict.outcome == Outcome::kWrong) {
      ++failed;
      const bool wrong = one.verdict.outcome == Outcome::kWrong;
      fmt::print("{} {}\n{}", wrong ? "wrong" : "lost", one.played->name,
                 Indented(one.verdict.text));
    }
  }
  for (const std::string& name : listed) fmt::print("lost {}: there is no such case\n", name);
  failed += static_cast<int>(listed.size());
  const Counts counts = CountAll(cases);
  fmt::print("wrong {}, unsupported {}\n", counts.wrong, counts.unsupported);
  fmt::print("{} passed, {} failed\n", passed, failed);
  return failed == 0;
}

namespace {

void PrintTable(const std::vector<PlayedCase>& cases, CaseKind kind, const char* title) {
  std::map<std::string, Counts> groups;
  Counts total;
  for (const PlayedCase& one : cases) {
    if (one.played->kind != kind) continue;
    groups[one.played->group].Add(one.verdict.outcome);
    total.Add(one.verdict.outcome);
  }
  if (groups.empty()) return;
  constexpr const char* kLine = "{:<28} {:>8} {:>8} {:>12}\n";
  fmt::print(kLine, title, "passed", "wrong", "unsupported");
  for (const auto& [group, counts] : groups) {
    fmt::print(kLine, group, counts.passed, counts.wrong, counts.unsupported);
  }
  fmt::print(kLine, "all", total.passed, total.wrong, total.unsupported);
  fmt::print("\n");
}

void PrintWeakerLevel(const std::vector<PlayedCase>& cases) {
  int names = 0;
  int nullability = 0;
  for (const PlayedCase& one : cases) {
    if (one.verdict.outcome != Outcome::kPassed) continue;
    names += one.verdict.names_differ ? 1 : 0;
    nullability += one.verdict.nullability_differs ? 1 : 0;
  }
  fmt::print("of those that passed: other column names {}, other nullability {} (not counted)\n",
             names, nullability);
}

std::string Indented(const std::string& text) {
  std::string out;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    out += "    " + text.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return out;
}

}  // namespace
}  // namespace thalweg
