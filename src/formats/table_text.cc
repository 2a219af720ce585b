#include "formats/table_text.h"

#include <algorithm>

#include "data/text.h"

namespace thalweg {
namespace {

constexpr int kWidthMin = 3;

using Cells = std::vector<std::string>;

std::vector<Cells> CellsOf(const Schema& schema, const std::vector<Batch>& batches,
                           const TimeZone& zone, const TableTextOptions& options);
std::string Shortened(const std::string& text, int width_max);
std::string Escaped(const std::string& text);
int WidthOf(const std::string& text);
void AppendRule(const std::vector<int>& widths, std::string* out);
void AppendCells(const Cells& cells, const std::vector<int>& widths, std::string* out);

}  // namespace

std::string DrawTable(const Schema& schema, const std::vector<Batch>& batches, const TimeZone& zone,
                      const TableTextOptions& options) {
  if (schema.size() == 0) return "";
  const std::vector<Cells> rows = CellsOf(schema, batches, zone, options);
  std::vector<int> widths(static_cast<size_t>(schema.size()), kWidthMin);
  for (const Cells& cells : rows) {
    for (size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], WidthOf(cells[i]));
  }
  std::string out;
  AppendRule(widths, &out);
  AppendCells(rows.front(), widths, &out);
  AppendRule(widths, &out);
  for (size_t row = 1; row < rows.size(); ++row) AppendCells(rows[row], widths, &out);
  AppendRule(widths, &out);
  int64_t count = 0;
  for (const Batch& batch : batches) count += batch.row_count();
  if (options.rows_max >= 0 && count > options.rows_max) {
    out += "only showing top " + std::to_string(options.rows_max) +
           (options.rows_max == 1 ? " row\n" : " rows\n");
  }
  return out;
}

namespace {

// The names of the columns, then the rows.
std::vector<Cells> CellsOf(const Schema& schema, const std::vector<Batch>& batches,
                           const TimeZone& zone, const TableTextOptions& options) {
  std::vector<Cells> rows(1);
  for (const StructField& column : schema.columns()) rows[0].push_back(Escaped(column.name));
  for (const Batch& batch : batches) {
    ForEachRow(batch.selection(), [&](int row) {
      if (options.rows_max >= 0 && static_cast<int64_t>(rows.size()) > options.rows_max) return;
      Cells& cells = rows.emplace_back();
      for (int i = 0; i < batch.column_count(); ++i) {
        std::string text;
        AppendValueText(GetValue(batch.column(i), row), zone, &text);
        cells.push_back(Shortened(Escaped(text), options.width_max));
      }
    });
  }
  return rows;
}

// Cut to `width_max` characters.
std::string Shortened(const std::string& text, int width_max) {
  if (width_max <= 0) return text;
  std::vector<size_t> starts;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<uint8_t>(text[i]) & 0xC0) != 0x80) starts.push_back(i);
  }
  if (starts.size() <= static_cast<size_t>(width_max)) return text;
  if (width_max < 4) return text.substr(0, starts[width_max]);
  return text.substr(0, starts[width_max - 3]) + "...";
}

// Characters that would break the table, as Spark shows them.
std::string Escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\v':
        out += "\\v";
        break;
      case '\a':
        out += "\\a";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// East Asian characters that a terminal draws two columns wide (the ranges that Spark knows).
bool IsWide(uint32_t point) {
  static constexpr struct {
    uint32_t first, last;
  } kRanges[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
                 {0xFE10, 0xFE19}, {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}};
  return std::any_of(std::begin(kRanges), std::end(kRanges), [&](const auto& range) {
    return point >= range.first && point <= range.last;
  });
}

int WidthOf(const std::string& text) {
  int width = 0;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<uint8_t>(text[i++]);
    uint32_t point = lead < 0x80 ? lead : lead < 0xE0 ? lead & 0x1F : lead & 0x0F;
    while (i < text.size() && (static_cast<uint8_t>(text[i]) & 0xC0) == 0x80) {
      point = point << 6 | (static_cast<uint8_t>(text[i++]) & 0x3F);
    }
    width += IsWide(point) ? 2 : 1;
  }
  return width;
}

void AppendRule(const std::vector<int>& widths, std::string* out) {
  for (const int width : widths) *out += "+" + std::string(static_cast<size_t>(width), '-');
  *out += "+\n";
}

void AppendCells(const Cells& cells, const std::vector<int>& widths, std::string* out) {
  for (size_t i = 0; i < cells.size(); ++i) {
    *out += "|" + std::string(static_cast<size_t>(widths[i] - WidthOf(cells[i])), ' ') + cells[i];
  }
  *out += "|\n";
}

}  // namespace
}  // namespace thalweg
