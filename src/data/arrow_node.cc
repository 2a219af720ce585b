#include "data/arrow_node.h"

#include <charconv>

#include "data/type_text.h"

namespace thalweg {
namespace {

constexpr char kWholeKinds[] = "cCsSiIl";

/// Of what width and kind the numbers of a source are; 0: no numbers.
char NumberKind(std::string_view format) {
  if (format.size() == 1 && std::string_view("cCsSiIlLfg").find(format[0]) != format.npos) {
    return format[0];
  }
  if (format == "tdD" || format == "tts" || format == "ttm" || format == "tiM") return 'i';
  if (format.starts_with("ts") || format.starts_with("tt") || format.starts_with("tD")) return 'l';
  return format.starts_with("d:") ? 'd' : 0;
}

int64_t PowerOfTen(int digits) {
  int64_t power = 1;
  while (digits-- > 0) power *= 10;
  return power;
}

class NodeMaker {
 public:
  explicit NodeMaker(ArrowImporter::Mismatch* mismatch) : mismatch_(mismatch) {}

  bool Make(const ArrowSchema& schema, const TypePtr& type, const std::string& path,
            ArrowNode* out);

 private:
  bool MakeText(std::string_view format, ArrowNode* out);
  bool MakeNumbers(std::string_view format, ArrowNode* out);
  bool MakeDecimal(std::string_view format, ArrowNode* out);
  bool MakeTimes(std::string_view format, ArrowNode* out);
  bool MakeNested(const ArrowSchema& schema, const std::string& path, ArrowNode* out);
  bool MakeStruct(const ArrowSchema& schema, const std::string& path, ArrowNode* out);

  ArrowImporter::Mismatch* const mismatch_;
};

bool NodeMaker::Make(const ArrowSchema& schema, const TypePtr& type, const std::string& path,
                     ArrowNode* out) {
  out->type = type;
  const std::string_view format = schema.format;
  bool made = false;
  if (format == "n" || type->Is(TypeKind::kNull)) {
    return true;  // NULLs
  }
  if (schema.dictionary != nullptr) {
    out->reading = ArrowReading::kDictionary;
    out->source = NumberKind(format);
    out->children.resize(1);
    return Make(*schema.dictionary, type, path, &out->children[0]);
  }
  if (format == "b") {
    out->reading = ArrowReading::kBits;
    made = type->Is(TypeKind::kBoolean);
  } else if (type->physical() == PhysicalKind::kString) {
    made = MakeText(format, out);
  } else if (format.starts_with("+")) {
    const size_t before = mismatch_->column.size();
    made = MakeNested(schema, path, out);
    if (!made && mismatch_->column.size() > before) return false;  // a child has said why
  } else {
    made = MakeNumbers(format, out);
  }
  if (!made) *mismatch_ = {path, type->Simple(), ArrowTypeName(schema)};
  return made;
}

bool NodeMaker::MakeText(std::string_view format, ArrowNode* out) {
  if (format == "u" || format == "z") {
    out->reading = ArrowReading::kText32;
  } else if (format == "U" || format == "Z") {
    out->reading = ArrowReading::kText64;
  } else if (format == "vu" || format == "vz") {
    out->reading = ArrowReading::kTextViews;
  } else if (format.starts_with("w:")) {
    out->reading = ArrowReading::kFixedText;
    std::from_chars(format.data() + 2, format.data() + format.size(), out->width);
    return out->type->Is(TypeKind::kBinary);
  } else {
    return false;
  }
  return true;
}

bool NodeMaker::MakeNumbers(std::string_view format, ArrowNode* out) {
  out->reading = ArrowReading::kNumbers;
  out->source = NumberKind(format);
  const TypeKind kind = out->type->kind();
  const std::string_view exact = kWholeKinds;
  const bool whole = format.size() == 1 && exact.find(format[0]) != exact.npos;
  const auto source_bytes = [&] { return format.size() == 1 ? exact.find(format[0]) / 2 : 9; };
  switch (kind) {
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
      // Files keep small numbers in 32 bits: what was written as one is read as one.
      return whole && format[0] != 'I' && format[0] != 'l';
    case TypeKind::kInt:
    case TypeKind::kYearMonthInterval:
      return (whole && source_bytes() <= 2 && format[0] != 'I') || format == "tiM";
    case TypeKind::kBigint:
      return whole || format.starts_with("tD");
    case TypeKind::kDayTimeInterval:
      out->factor = format == "tDs" ? 1'000'000 : format == "tDm" ? 1000 : 1;
      out->divisor = format == "tDn" ? 1000 : 1;
      return format == "l" || format.starts_with("tD");
    case TypeKind::kFloat:
      return format == "f";
    case TypeKind::kDouble:
      return format == "f" || format == "g" || (whole && source_bytes() <= 2);
    case TypeKind::kDate:
      return format == "tdD";
    case TypeKind::kDecimal:
      return MakeDecimal(format, out);
    default:
      return MakeTimes(format, out);
  }
}

bool NodeMaker::MakeDecimal(std::string_view format, ArrowNode* out) {
  const int digits = out->type->precision(), scale = out->type->scale();
  int source_digits = 0, source_scale = 0;
  if (format.size() == 1) {
    const size_t at = std::string_view("cCsSiIlL").find(format[0]);
    if (at == format.npos) return false;
    static constexpr int kDigits[] = {3, 3, 5, 5, 10, 10, 20, 20};
    source_digits = kDigits[at];
  } else if (format.starts_with("d:")) {
    const char* const end = format.data() + format.size();
    const auto first = std::from_chars(format.data() + 2, end, source_digits);
    if (first.ec != std::errc() || first.ptr == end) return false;
    const auto second = std::from_chars(first.ptr + 1, end, source_scale);
    if (second.ec != std::errc() || second.ptr != end) return false;  // another width
  } else {
    return false;
  }
  const int grown = scale - source_scale;
  if (grown < 0 || digits - scale < source_digits - source_scale || grown > 18) return false;
  out->factor = PowerOfTen(grown);
  return true;
}

bool NodeMaker::MakeTimes(std::string_view format, ArrowNode* out) {
  const char unit = format.size() > 2 ? format[2] : '?';
  const TypeKind kind = out->type->kind();
  if (kind == TypeKind::kTime && format.starts_with("tt")) {
    out->factor = PowerOfTen(unit == 's' ? 9 : unit == 'm' ? 6 : unit == 'u' ? 3 : 0);
    return true;
  }
  if (kind == TypeKind::kTimestampNtz && format == "tdD") {
    out->factor = 86'400'000'000;
    return true;
  }
  if ((kind != TypeKind::kTimestamp && kind != TypeKind::kTimestampNtz) ||
      !format.starts_with("ts")) {
    return false;
  }
  out->factor = PowerOfTen(unit == 's' ? 6 : unit == 'm' ? 3 : 0);
  out->divisor = unit == 'n' ? 1000 : 1;
  return true;
}

bool NodeMaker::MakeNested(const ArrowSchema& schema, const std::string& path, ArrowNode* out) {
  const std::string_view format = schema.format;
  if (format == "+s") return MakeStruct(schema, path, out);
  if (format == "+m") {
    out->reading = ArrowReading::kMap;
    const ArrowSchema& entries = *schema.children[0];
    if (out->type->kind() != TypeKind::kMap || entries.n_children != 2) return false;
    out->children.resize(2);
    return Make(*entries.children[0], out->type->key(), path + ".key", &out->children[0]) &&
           Make(*entries.children[1], out->type->value(), path + ".value", &out->children[1]);
  }
  if (out->type->kind() != TypeKind::kArray || schema.n_children != 1) return false;
  if (format == "+l") {
    out->reading = ArrowReading::kList32;
  } else if (format == "+L") {
    out->reading = ArrowReading::kList64;
  } else if (format.starts_with("+w:")) {
    out->reading = ArrowReading::kFixedList;
    std::from_chars(format.data() + 3, format.data() + format.size(), out->width);
  } else {
    return false;
  }
  out->children.resize(1);
  return Make(*schema.children[0], out->type->element(), path + ".element", &out->children[0]);
}

bool NodeMaker::MakeStruct(const ArrowSchema& schema, const std::string& path, ArrowNode* out) {
  out->reading = ArrowReading::kStruct;
  if (out->type->kind() != TypeKind::kStruct) return false;
  for (const StructField& field : out->type->fields()) {
    int place = -1;
    for (int64_t i = 0; i < schema.n_children && place < 0; ++i) {
      if (EqualsIgnoringCase(schema.children[i]->name, field.name)) place = static_cast<int>(i);
    }
    out->places.push_back(place);
    ArrowNode& child = out->children.emplace_back();
    child.type = field.type;
    const std::string below = path.empty() ? field.name : path + "." + field.name;
    if (place >= 0 && !Make(*schema.children[place], field.type, below, &child)) return false;
  }
  return true;
}

}  // namespace

bool MakeArrowNode(const ArrowSchema& schema, const TypePtr& type, const std::string& path,
                   ArrowNode* out, ArrowImporter::Mismatch* mismatch) {
  return NodeMaker(mismatch).Make(schema, type, path, out);
}

}  // namespace thalweg
