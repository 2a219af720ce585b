#include "report.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace thalweg {
namespace {

constexpr const char* kHeadings[] = {"figure", "value",   "unit",     "noise", "limit",  "ratio",
                                     "to A",   "CPU s/M", "state MB", "gate",  "verdict"};
constexpr int kColumns = 11;
constexpr int kWidths[kColumns] = {46, 8, 10, 6, 8, 6, 6, 8, 9, 14, 7};

std::vector<std::string> Cells(const Figure& figure);
std::string Number(double value);
std::string GateText(const std::optional<Gate>& gate);
void PrintRow(const std::vector<std::string>& cells);
std::string Machine();
std::string CacheText(int name);
nlohmann::json ToJson(const Figure& figure);
bool WriteText(const std::string& path, const std::string& text);

}  // namespace

bool Figure::passed() const {
  if (!gate) return true;
  const double judged = gate->of_limit ? ratio() : value;
  return gate->at_least ? judged >= gate->bound : judged <= gate->bound;
}

double Figure::ratio() const {
  return unit == "µs" || unit == "ns/event" ? limit / value : value / limit;
}

Figure Throughput(std::string name, double rows, const Series& series) {
  Figure figure;
  figure.name = std::move(name);
  figure.unit = "M rows/s";
  figure.value = MillionsPerSecond(rows, series);
  figure.noise = series.Noise();
  figure.cpu_per_million = series.Best().cpu_seconds / (rows / 1e6);
  return figure;
}

double MillionsPerSecond(double rows, const Series& series) {
  return rows / series.Best().seconds / 1e6;
}

void Report::Begin(const std::string& title, const std::string& explanation) {
  ResetPeakMemory();
  sections_.push_back({title, explanation, {}, 0});
  std::printf("\n%s\n%s\n", title.c_str(), explanation.c_str());
  PrintRow({std::begin(kHeadings), std::end(kHeadings)});
}

void Report::Add(Figure figure) {
  PrintRow(Cells(figure));
  if (!figure.remark.empty()) std::printf("    %s\n", figure.remark.c_str());
  std::fflush(stdout);
  sections_.back().figures.push_back(std::move(figure));
  sections_.back().peak_mb = static_cast<double>(PeakMemoryBytes()) / 1e6;
}

bool Report::all_passed() const {
  for (const Section& section : sections_) {
    for (const Figure& figure : section.figures) {
      if (!figure.passed()) return false;
    }
  }
  return true;
}

bool Report::WriteMarkdown(const std::string& path) const {
  std::string text = fmt::format("Command: `{}`, best of {} interleaved passes.\n\nMachine: {}.\n",
                                 command_, rounds_, Machine());
  for (const Section& section : sections_) {
    text += fmt::format("\n## {}\n{}\n\n|", section.title, section.explanation);
    for (const char* heading : kHeadings) text += fmt::format(" {} |", heading);
    text += "\n|";
    for (int i = 0; i < kColumns; ++i) text += "---|";
    text += "\n";
    std::string remarks;
    for (const Figure& figure : section.figures) {
      text += "|";
      for (const std::string& cell : Cells(figure)) text += fmt::format(" {} |", cell);
      text += "\n";
      if (!figure.remark.empty()) remarks += fmt::format("* {}: {}\n", figure.name, figure.remark);
    }
    text += fmt::format("\n{}Peak resident size of the whole process: {:.0f} MB.\n", remarks,
                        section.peak_mb);
  }
  return WriteText(path, text);
}

bool Report::WriteJson(const std::string& path) const {
  nlohmann::json sections = nlohmann::json::array();
  for (const Section& section : sections_) {
    nlohmann::json figures = nlohmann::json::array();
    for (const Figure& figure : section.figures) figures.push_back(ToJson(figure));
    sections.push_back({{"title", section.title},
                        {"explanation", section.explanation},
                        {"peak_mb", std::round(section.peak_mb)},
                        {"figures", figures}});
  }
  const nlohmann::json all = {{"command", command_},
                              {"rounds", rounds_},
                              {"machine", Machine()},
                              {"passed", all_passed()},
                              {"cases", sections}};
  return WriteText(path, all.dump(1) + "\n");
}

namespace {

std::vector<std::string> Cells(const Figure& figure) {
  const bool judged = figure.gate.has_value();
  return {figure.name,
          Number(figure.value),
          figure.unit,
          std::isnan(figure.noise) ? "" : fmt::format("{:.0f} %", figure.noise * 100),
          Number(figure.limit),
          std::isnan(figure.limit) ? "" : fmt::format("{:.2f}", figure.ratio()),
          std::isnan(figure.limit_a) ? "" : fmt::format("{:.2f}", figure.value / figure.limit_a),
          Number(figure.cpu_per_million),
          Number(figure.state_mb),
          GateText(figure.gate),
          !judged           ? ""
          : figure.passed() ? "pass"
                            : "FAIL"};
}

std::string Number(double value) {
  if (std::isnan(value)) return "";
  if (value >= 100) return fmt::format("{:.0f}", value);
  if (value >= 10) return fmt::format("{:.1f}", value);
  if (value >= 1) return fmt::format("{:.2f}", value);
  return fmt::format("{:.4f}", value);
}

std::string GateText(const std::optional<Gate>& gate) {
  if (!gate) return "";
  return fmt::format("{} {}{}", gate->at_least ? ">=" : "<=", gate->bound,
                     gate->of_limit ? " of limit" : "");
}

void PrintRow(const std::vector<std::string>& cells) {
  std::string line;
  for (int i = 0; i < kColumns; ++i) {
    line += i == 0 ? fmt::format("{:<{}}", cells[i], kWidths[i])
                   : fmt::format(" {:>{}}", cells[i], kWidths[i]);
  }
  std::printf("%s\n", line.c_str());
}

std::string Machine() {
  utsname system;
  uname(&system);
  const std::string release = system.release;
  return fmt::format("{} cores, L1d {}, L2 {}, L3 {}; {}; {} {}", sysconf(_SC_NPROCESSORS_ONLN),
                     CacheText(_SC_LEVEL1_DCACHE_SIZE), CacheText(_SC_LEVEL2_CACHE_SIZE),
                     CacheText(_SC_LEVEL3_CACHE_SIZE), "g++ " __VERSION__, system.sysname,
                     release.substr(0, release.find('-')));
}

std::string CacheText(int name) {
  const long bytes = sysconf(name);
  if (bytes <= 0) return "unknown";
  return bytes >= 1 << 20 ? fmt::format("{} MB", bytes >> 20) : fmt::format("{} KB", bytes >> 10);
}

nlohmann::json ToJson(const Figure& figure) {
  nlohmann::json json = {{"name", figure.name}, {"unit", figure.unit}};
  const auto add = [&](const char* key, double value) {
    if (!std::isnan(value)) json[key] = value;
  };
  add("value", figure.value);
  add("noise", figure.noise);
  add("limit", figure.limit);
  add("limit_a", figure.limit_a);
  add("ratio", figure.ratio());
  add("cpu_seconds_per_million", figure.cpu_per_million);
  add("state_mb", figure.state_mb);
  if (figure.gate) {
    json["gate"] = GateText(figure.gate);
    json["passed"] = figure.passed();
  }
  if (!figure.remark.empty()) json["remark"] = figure.remark;
  return json;
}

bool WriteText(const std::string& path, const std::string& text) {
  FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) return false;
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && written;
}

}  // namespace
}  // namespace thalweg
