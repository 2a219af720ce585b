// What Arrow's types stand for, from the format strings of the C data interface.
#include <charconv>
#include <cstring>
#include <string_view>

#include "data/arrow_import.h"

namespace thalweg {
namespace {

constexpr int kDecimalDigitsMax = 38;
constexpr int kTimeDigits = 6;

struct NamedFormat {
  std::string_view format;
  const char* name;
  TypePtr (*type)();
};

constexpr NamedFormat kFormats[] = {
    {"n", "null", NullType},           {"b", "bool", BooleanType},
    {"c", "int8", TinyintType},        {"C", "uint8", SmallintType},
    {"s", "int16", SmallintType},      {"S", "uint16", IntType},
    {"i", "int32", IntType},           {"I", "uint32", BigintType},
    {"l", "int64", BigintType},        {"f", "float", FloatType},
    {"g", "double", DoubleType},       {"u", "string", StringType},
    {"U", "large_string", StringType}, {"vu", "string_view", StringType},
    {"z", "binary", BinaryType},       {"Z", "large_binary", BinaryType},
    {"vz", "binary_view", BinaryType}, {"tdD", "date32", DateType},
};

const NamedFormat* FindFormat(std::string_view format) {
  for (const NamedFormat& known : kFormats) {
    if (known.format == format) return &known;
  }
  return nullptr;
}

/// "d:10,2" (128 bits); false for other widths.
bool ReadDecimal(std::string_view format, int* precision, int* scale) {
  const char* const end = format.data() + format.size();
  const auto first = std::from_chars(format.data() + 2, end, *precision);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ',') return false;
  const auto second = std::from_chars(first.ptr + 1, end, *scale);
  return second.ec == std::errc() && second.ptr == end;
}

Result<TypePtr> NoType(const ArrowSchema& schema) {
  return NotSupportedYet("Arrow's type " + ArrowTypeName(schema) + " of " +
                         (schema.name == nullptr ? "a column" : schema.name));
}

Result<TypePtr> NestedType(const ArrowSchema& schema) {
  std::vector<StructField> fields;
  const bool map = std::strcmp(schema.format, "+m") == 0;
  const ArrowSchema& holder = map ? *schema.children[0] : schema;
  for (int64_t i = 0; i < holder.n_children; ++i) {
    const ArrowSchema& child = *holder.children[i];
    THALWEG_ASSIGN_OR_RETURN(TypePtr type, TypeOfArrow(child));
    fields.push_back({child.name == nullptr ? "" : child.name, std::move(type),
                      (child.flags & ARROW_FLAG_NULLABLE) != 0});
  }
  if (std::strcmp(schema.format, "+s") == 0) return StructType(std::move(fields));
  if (map && fields.size() == 2) {
    return MapType(fields[0].type, fields[1].type, fields[1].nullable);
  }
  const std::string_view format = schema.format;
  const bool list = format == "+l" || format == "+L" || format.starts_with("+w:");
  if (list && fields.size() == 1) return ArrayType(fields[0].type, fields[0].nullable);
  return NoType(schema);
}

}  // namespace

Result<TypePtr> TypeOfArrow(const ArrowSchema& schema) {
  if (schema.dictionary != nullptr) return TypeOfArrow(*schema.dictionary);
  const std::string_view format = schema.format;
  if (const NamedFormat* known = FindFormat(format)) return known->type();
  if (format == "L") return DecimalType(20, 0);
  int precision = 0, scale = 0;
  if (format.starts_with("d:") && ReadDecimal(format, &precision, &scale)) {
    const bool fits =
        precision >= 1 && precision <= kDecimalDigitsMax && scale >= 0 && scale <= precision;
    return fits ? Result<TypePtr>(DecimalType(precision, scale)) : NoType(schema);
  }
  if (format.starts_with("ts") && format.size() >= 4) {
    return format.size() == 4 ? TimestampNtzType() : TimestampType();
  }
  if (format.starts_with("tt")) return TimeType(kTimeDigits);
  if (format == "tiM") return YearMonthIntervalType(IntervalUnit::kYear, IntervalUnit::kMonth);
  if (format.starts_with("tD")) {
    return DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kSecond);
  }
  if (format.starts_with("w:")) return BinaryType();
  if (format.starts_with("+")) return NestedType(schema);
  return NoType(schema);
}

std::string ArrowTypeName(const ArrowSchema& schema) {
  const std::string_view format = schema.format;
  if (const NamedFormat* known = FindFormat(format)) return known->name;
  if (format == "L") return "uint64";
  if (format.starts_with("d:")) return "decimal(" + std::string(format.substr(2)) + ")";
  static constexpr std::string_view kUnits[] = {"s", "m", "u", "n"};
  static constexpr const char* kUnitNames[] = {"s", "ms", "us", "ns"};
  for (size_t unit = 0; unit < std::size(kUnits); ++unit) {
    if (!format.starts_with("t") || format.substr(2, 1) != kUnits[unit]) continue;
    if (format[1] == 's') return std::string("timestamp[") + kUnitNames[unit] + "]";
    if (format[1] == 't') return std::string("time[") + kUnitNames[unit] + "]";
    if (format[1] == 'D') return std::string("duration[") + kUnitNames[unit] + "]";
  }
  if (format.starts_with("w:")) return "fixed_size_binary(" + std::string(format.substr(2)) + ")";
  if (format == "+s") return "struct";
  if (format == "+m") return "map";
  if (format.starts_with("+")) return "list";
  return std::string(format);
}

}  // namespace thalweg
