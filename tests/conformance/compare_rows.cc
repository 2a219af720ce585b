#include "compare_rows.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base64.h"
#include "data/json_text.h"
#include "data/text.h"

namespace thalweg {
namespace {

constexpr size_t kRowsShown = 10;

struct TextRow {
  std::string text;
  const Row* row = nullptr;
};

std::vector<TextRow> Texts(const std::vector<Row>& rows, bool ordered);
void TakeCloseRows(std::vector<TextRow>* missing, std::vector<TextRow>* surplus,
                   const RowComparison& comparison);
std::string OrderedDifference(const std::vector<TextRow>& expected,
                              const std::vector<TextRow>& actual, const RowComparison& comparison);
void AppendRowsShown(const char* what, const std::vector<TextRow>& rows, std::string* out);
bool CloseRows(const Row& a, const Row& b, const RowComparison& comparison);
bool CloseValues(const Value& a, const Value& b, const RowComparison& comparison);
bool CloseNumbers(double a, double b, double tolerance);
std::vector<size_t> EntryOrder(const Value& map, bool ordered);
void AppendJson(const Value& value, bool ordered_maps, std::string* out);
void AppendMapJson(const Value& value, bool ordered_maps, std::string* out);

}  // namespace

std::string CompareRows(const std::vector<Row>& expected, const std::vector<Row>& actual,
                        const RowComparison& comparison) {
  std::vector<TextRow> expected_texts = Texts(expected, comparison.ordered);
  std::vector<TextRow> actual_texts = Texts(actual, comparison.ordered);
  if (comparison.ordered) return OrderedDifference(expected_texts, actual_texts, comparison);
  const auto by_text = [](const TextRow& a, const TextRow& b) { return a.text < b.text; };
  std::sort(expected_texts.begin(), expected_texts.end(), by_text);
  std::sort(actual_texts.begin(), actual_texts.end(), by_text);
  std::vector<TextRow> missing;
  std::vector<TextRow> surplus;
  std::set_difference(expected_texts.begin(), expected_texts.end(), actual_texts.begin(),
                      actual_texts.end(), std::back_inserter(missing), by_text);
  std::set_difference(actual_texts.begin(), actual_texts.end(), expected_texts.begin(),
                      expected_texts.end(), std::back_inserter(surplus), by_text);
  if (comparison.tolerance > 0) TakeCloseRows(&missing, &surplus, comparison);
  std::string difference;
  AppendRowsShown("missing", missing, &difference);
  AppendRowsShown("too much", surplus, &difference);
  return difference;
}

std::string RowText(const Row& row, bool ordered_maps) {
  std::string text = "[";
  for (const Value& value : row) {
    if (text.size() > 1) text += ", ";
    AppendJson(value, ordered_maps, &text);
  }
  return text + "]";
}

namespace {

std::vector<TextRow> Texts(const std::vector<Row>& rows, bool ordered) {
  std::vector<TextRow> texts;
  texts.reserve(rows.size());
  for (const Row& row : rows) texts.push_back({RowText(row, ordered), &row});
  return texts;
}

// Pairs that differ by no more than the tolerance are no difference.
void TakeCloseRows(std::vector<TextRow>* missing, std::vector<TextRow>* surplus,
                   const RowComparison& comparison) {
  std::erase_if(*missing, [&](const TextRow& expected) {
    const auto close = std::find_if(surplus->begin(), surplus->end(), [&](const TextRow& actual) {
      return CloseRows(*expected.row, *actual.row, comparison);
    });
    if (close == surplus->end()) return false;
    surplus->erase(close);
    return true;
  });
}

std::string OrderedDifference(const std::vector<TextRow>& expected,
                              const std::vector<TextRow>& actual, const RowComparison& comparison) {
  bool same = expected.size() == actual.size();
  for (size_t i = 0; same && i < expected.size(); ++i) {
    same = expected[i].text == actual[i].text ||
           (comparison.tolerance > 0 && CloseRows(*expected[i].row, *actual[i].row, comparison));
  }
  if (same) return "";
  std::string difference;
  AppendRowsShown("expected in this order", expected, &difference);
  AppendRowsShown("found in this order", actual, &difference);
  return difference;
}

void AppendRowsShown(const char* what, const std::vector<TextRow>& rows, std::string* out) {
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i == kRowsShown) {
      *out += "  … " + std::to_string(rows.size() - i) + " more\n";
      return;
    }
    *out += std::string(what) + "  " + rows[i].text + "\n";
  }
}

bool CloseRows(const Row& a, const Row& b, const RowComparison& comparison) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (!CloseValues(a[i], b[i], comparison)) return false;
  }
  return a.size() == b.size();
}

bool CloseValues(const Value& a, const Value& b, const RowComparison& comparison) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  switch (a.type()->kind()) {
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return CloseNumbers(a.float64(), b.float64(), comparison.tolerance);
    case TypeKind::kArray:
    case TypeKind::kStruct:
      return CloseRows(a.list(), b.list(), comparison);
    case TypeKind::kMap: {
      if (a.list().size() != b.list().size()) return false;
      const std::vector<size_t> a_entries = EntryOrder(a, comparison.ordered);
      const std::vector<size_t> b_entries = EntryOrder(b, comparison.ordered);
      for (size_t i = 0; i < a_entries.size(); ++i) {
        for (const size_t part : {0, 1}) {
          const Value& left = a.list()[a_entries[i] + part];
          if (!CloseValues(left, b.list()[b_entries[i] + part], comparison)) return false;
        }
      }
      return true;
    }
    default:
      return RowText({a}) == RowText({b});
  }
}

bool CloseNumbers(double a, double b, double tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (a == b) return std::signbit(a) == std::signbit(b);
  if (std::isinf(a) || std::isinf(b)) return false;
  return std::fabs(a - b) <= tolerance * std::max(std::fabs(a), std::fabs(b));
}

// Where the entries of a map begin in its list: as they stand, or by the text of their keys.
std::vector<size_t> EntryOrder(const Value& map, bool ordered) {
  std::vector<std::pair<std::string, size_t>> entries;
  for (size_t i = 0; i < map.list().size(); i += 2) {
    entries.emplace_back(ordered ? "" : RowText({map.list()[i]}, ordered), i);
  }
  std::sort(entries.begin(), entries.end());
  std::vector<size_t> order;
  for (const auto& [key, begin] : entries) order.push_back(begin);
  return order;
}

std::string Quoted(const std::string& text) {
  return "\"" + text + "\"";
}

std::string ScalarText(const Value& value) {
  std::string text;
  switch (value.type()->kind()) {
    case TypeKind::kFloat:
      AppendFloat(static_cast<float>(value.float64()), &text);
      return text;
    case TypeKind::kDouble:
      AppendDouble(value.float64(), &text);
      return text;
    case TypeKind::kDecimal:
      AppendDecimal(value.int128(), value.type()->scale(), &text);
      return Quoted(text);
    case TypeKind::kString:
      AppendJsonString(value.text(), &text);
      return text;
    case TypeKind::kBinary:
      return Quoted(ToBase64(value.text()));
    case TypeKind::kDate:
      AppendDate(static_cast<int32_t>(value.int64()), &text);
      return Quoted(text);
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      AppendTimestampNtz(value.int64(), &text);
      return Quoted(text);
    case TypeKind::kTime:
      AppendTime(value.int64(), &text);
      return Quoted(text);
    case TypeKind::kBoolean:
      return value.boolean() ? "true" : "false";
    default:
      return std::to_string(value.int64());
  }
}

void AppendList(const Value::List& list, bool ordered_maps, std::string* out) {
  *out += '[';
  for (size_t i = 0; i < list.size(); ++i) {
    if (i > 0) *out += ", ";
    AppendJson(list[i], ordered_maps, out);
  }
  *out += ']';
}

void AppendJson(const Value& value, bool ordered_maps, std::string* out) {
  if (value.is_null()) {
    *out += "null";
    return;
  }
  switch (value.type()->kind()) {
    case TypeKind::kCalendarInterval: {
      const CalendarInterval& interval = value.interval();
      *out += '[' + std::to_string(interval.months) + ", " + std::to_string(interval.days) + ", " +
              std::to_string(interval.us) + ']';
      return;
    }
    case TypeKind::kArray:
    case TypeKind::kStruct:
      return AppendList(value.list(), ordered_maps, out);
    case TypeKind::kVariant:
      *out += Quoted(ToBase64(value.list()[0].text()) + " " + ToBase64(value.list()[1].text()));
      return;
    case TypeKind::kMap:
      return AppendMapJson(value, ordered_maps, out);
    default:
      *out += ScalarText(value);
  }
}

void AppendMapJson(const Value& value, bool ordered_maps, std::string* out) {
  *out += '[';
  const size_t begin = out->size();
  for (const size_t entry : EntryOrder(value, ordered_maps)) {
    if (out->size() > begin) *out += ", ";
    AppendList({value.list()[entry], value.list()[entry + 1]}, ordered_maps, out);
  }
  *out += ']';
}

}  // namespace
}  // namespace thalweg
