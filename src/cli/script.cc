#include "cli/script.h"

#include <algorithm>
#include <array>

namespace thalweg {
namespace {

constexpr std::string_view kExpectedBegins = "----";
constexpr std::array<std::string_view, 12> kKeywords = {
    "sql",  "conf",  "static", "stream",  "watermark", "query",
    "mode", "epoch", "clock",  "restart", "ordered",   "steady"};

std::vector<std::string> SplitLines(std::string_view text);
bool IsSkipped(const std::string& line);

}  // namespace

bool Script::Has(std::string_view keyword) const {
  return std::any_of(directives.begin(), directives.end(),
                     [&](const Directive& directive) { return directive.keyword == keyword; });
}

Result<Script> ReadScript(std::string path, std::string_view text) {
  Script script;
  script.path = std::move(path);
  script.lines = SplitLines(text);
  const std::vector<std::string>& lines = script.lines;
  for (size_t i = 0; i < lines.size();) {
    if (IsSkipped(lines[i])) {
      ++i;
      continue;
    }
    Directive directive;
    directive.line = static_cast<int>(i) + 1;
    const size_t word_end = std::min(lines[i].find(' '), lines[i].size());
    directive.keyword = lines[i].substr(0, word_end);
    if (std::find(kKeywords.begin(), kKeywords.end(), directive.keyword) == kKeywords.end()) {
      return Status::World(script.path + ":" + std::to_string(directive.line) +
                           ": no directive begins so: " + lines[i]);
    }
    directive.text = lines[i].substr(std::min(word_end + 1, lines[i].size()));
    for (++i; i < lines.size() && lines[i].starts_with(' '); ++i) {
      directive.text += "\n" + lines[i];
    }
    directive.end_line = static_cast<int>(i);
    directive.has_expected = i < lines.size() && lines[i] == kExpectedBegins;
    if (directive.has_expected) {
      for (++i; i < lines.size() && !lines[i].empty(); ++i) {
        directive.expected.push_back(lines[i]);
      }
    }
    script.directives.push_back(std::move(directive));
  }
  return script;
}

std::string RewriteScript(const Script& script, const std::vector<ScriptOutput>& outputs) {
  std::string text;
  size_t next_line = 0;
  const auto copy_until = [&](size_t end) {
    for (; next_line < end; ++next_line) text += script.lines[next_line] + "\n";
  };
  for (size_t i = 0; i < script.directives.size(); ++i) {
    const Directive& directive = script.directives[i];
    copy_until(static_cast<size_t>(directive.end_line));
    if (directive.has_expected) next_line += 1 + directive.expected.size();
    if (!directive.has_expected && outputs[i].empty()) continue;
    text += std::string(kExpectedBegins) + "\n";
    for (const std::string& line : outputs[i]) text += line + "\n";
    const bool more = next_line < script.lines.size();
    if (more && !script.lines[next_line].empty()) text += "\n";
  }
  copy_until(script.lines.size());
  return text;
}

namespace {

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool IsSkipped(const std::string& line) {
  return line.find_first_not_of(' ') == std::string::npos || line.starts_with('#');
}

}  // namespace
}  // namespace thalweg
