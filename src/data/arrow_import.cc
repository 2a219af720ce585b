#include "data/arrow_import.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "data/arrow_node.h"

namespace thalweg {
namespace {

using Wide = __int128;

template <class F>
void WithSource(char kind, F&& f) {
  switch (kind) {
    case 'c':
      return f(int8_t());
    case 'C':
      return f(uint8_t());
    case 's':
      return f(int16_t());
    case 'S':
      return f(uint16_t());
    case 'i':
      return f(int32_t());
    case 'I':
      return f(uint32_t());
    case 'l':
      return f(int64_t());
    case 'L':
      return f(uint64_t());
    case 'f':
      return f(float());
    case 'g':
      return f(double());
    default:
      return f(Wide());
  }
}

template <class F>
void WithTarget(PhysicalKind kind, F&& f) {
  switch (kind) {
    case PhysicalKind::kInt8:
      return f(int8_t());
    case PhysicalKind::kInt16:
      return f(int16_t());
    case PhysicalKind::kInt32:
      return f(int32_t());
    case PhysicalKind::kInt64:
      return f(int64_t());
    case PhysicalKind::kFloat:
      return f(float());
    case PhysicalKind::kDouble:
      return f(double());
    default:
      return f(Wide());
  }
}

bool IsValid(const ArrowArray& array, int64_t row) {
  const auto* bits = static_cast<const uint8_t*>(array.buffers[0]);
  const int64_t at = array.offset + row;
  return bits == nullptr || (bits[at >> 3] >> (at & 7) & 1) != 0;
}

template <class T>
const T* BufferOf(const ArrowArray& array, int buffer) {
  return static_cast<const T*>(array.buffers[buffer]);
}

// 64 bits from bit `at` on, of a bitmap of `end` bits.
uint64_t BitsAt(const uint8_t* bits, int64_t at, int64_t end) {
  uint64_t low = 0;
  const int64_t first = at >> 3, behind = (end + 7) >> 3;
  std::memcpy(&low, bits + first, static_cast<size_t>(std::min<int64_t>(8, behind - first)));
  const int shift = static_cast<int>(at & 7);
  low >>= shift;
  if (shift > 0 && first + 8 < behind)
    low |= static_cast<uint64_t>(bits[first + 8]) << (64 - shift);
  return low;
}

void CopyValidity(const ArrowArray& array, int64_t begin, int64_t count, Vector* out) {
  if (array.null_count == 0 || array.n_buffers == 0 || array.buffers[0] == nullptr) return;
  const auto* bits = BufferOf<uint8_t>(array, 0);
  const int64_t first = array.offset + begin;
  uint64_t* words = out->mutable_validity();
  for (int64_t row = 0; row < count; row += 64) {
    const uint64_t word = BitsAt(bits, first + row, first + count);
    const int64_t left = count - row;
    const uint64_t behind = left >= 64 ? 0 : ~0ull << left;
    words[row >> 6] = word | behind;
  }
}

void ReadBits(const ArrowArray& array, int64_t begin, int64_t count, Vector* out) {
  const auto* bits = BufferOf<uint8_t>(array, 1);
  uint8_t* values = out->mutable_values<uint8_t>();
  for (int64_t i = 0, at = array.offset + begin; i < count; ++i, ++at) {
    values[i] = bits[at >> 3] >> (at & 7) & 1;
  }
}

struct Scaling {
  int64_t factor;
  int64_t divisor;
};

/// The first row whose value does not fit, -1: none.
template <class From, class To>
int64_t ConvertNumbers(const From* from, int64_t count, Scaling scaling, To* to) {
  int64_t misfit = -1;
  for (int64_t i = 0; i < count; ++i) {
    if constexpr (std::is_floating_point_v<From> || std::is_floating_point_v<To>) {
      to[i] = static_cast<To>(from[i]);
    } else {
      Wide value = static_cast<Wide>(from[i]) * scaling.factor;
      if (scaling.divisor != 1) {
        const Wide rest = value % scaling.divisor;
        value = value / scaling.divisor - (rest < 0 ? 1 : 0);
      }
      to[i] = static_cast<To>(value);
      if (static_cast<Wide>(to[i]) != value && misfit < 0) misfit = i;
    }
  }
  return misfit;
}

/// Views of `count` texts whose bytes are copied as a whole where one of them is long.
template <class Offset>
void ReadTexts(const ArrowArray& array, int64_t begin, int64_t count, Vector* out) {
  const Offset* offsets = BufferOf<Offset>(array, 1) + array.offset + begin;
  const char* bytes = BufferOf<char>(array, 2);
  StringView* views = out->mutable_values<StringView>();
  bool long_ones = false;
  for (int64_t i = 0; i < count; ++i) {
    long_ones |= offsets[i + 1] - offsets[i] > static_cast<Offset>(StringView::kInlineBytes);
  }
  if (long_ones) {
    const size_t total = static_cast<size_t>(offsets[count] - offsets[0]);
    char* copy = out->AllocateString(total);
    std::memcpy(copy, bytes + offsets[0], total);
    bytes = copy - offsets[0];
  }
  for (int64_t i = 0; i < count; ++i) {
    const auto length = static_cast<uint32_t>(offsets[i + 1] - offsets[i]);
    views[i] = length == 0 ? StringView() : StringView(bytes + offsets[i], length);
  }
}

void ReadFixedTexts(const ArrowArray& array, int64_t begin, int64_t count, int64_t width,
                    Vector* out) {
  const char* bytes = BufferOf<char>(array, 1) + (array.offset + begin) * width;
  for (int64_t i = 0; i < count; ++i) {
    out->SetString(static_cast<int>(i), {bytes + i * width, static_cast<size_t>(width)});
  }
}

/// Arrow's views: length, then 12 bytes of the text, or 4 of them, the buffer's number and an
/// offset.
void ReadTextViews(const ArrowArray& array, int64_t begin, int64_t count, Vector* out) {
  struct View {
    int32_t length;
    char prefix[4];
    int32_t buffer;
    int32_t offset;
  };
  const View* views = BufferOf<View>(array, 1) + array.offset + begin;
  for (int64_t i = 0; i < count; ++i) {
    const View& view = views[i];
    const bool here = view.length <= static_cast<int32_t>(StringView::kInlineBytes);
    if (!IsValid(array, begin + i)) {
      out->SetString(static_cast<int>(i), "");
      continue;
    }
    const char* text = here ? view.prefix : BufferOf<char>(array, 2 + view.buffer) + view.offset;
    out->SetString(static_cast<int>(i), {text, static_cast<size_t>(view.length)});
  }
}

Status DoesNotFit(const DataType& type) {
  return Status::World("A value does not fit its column's type " + type.Sql());
}

// The nodes' own readers, which come back to ReadNode for their children.
Status ReadNode(const ArrowNode& node, const ArrowArray& array, int64_t begin, int64_t count,
                Vector* out);

Status ReadNumbers(const ArrowNode& node, const ArrowArray& array, int64_t begin, int64_t count,
                   Vector* out) {
  int64_t misfit = -1;
  WithSource(node.source, [&](auto source) {
    using From = decltype(source);
    const From* from = BufferOf<From>(array, 1) + array.offset + begin;
    WithTarget(node.type->physical(), [&](auto target) {
      using To = decltype(target);
      if (std::is_same_v<From, To> && node.factor == 1 && node.divisor == 1) {
        std::memcpy(out->mutable_values<To>(), from, static_cast<size_t>(count) * sizeof(To));
      } else {
        misfit = ConvertNumbers(from, count, Scaling{node.factor, node.divisor},
                                out->mutable_values<To>());
      }
    });
  });
  for (; misfit >= 0 && misfit < count; ++misfit) {
    // Under a NULL may lie anything: such rows are looked at one by one.
    if (!IsValid(array, begin + misfit)) continue;
    int64_t again = -1;
    WithSource(node.source, [&](auto source) {
      using From = decltype(source);
      const From* from = BufferOf<From>(array, 1) + array.offset + begin + misfit;
      WithTarget(node.type->physical(), [&](auto target) {
        again = ConvertNumbers(from, 1, Scaling{node.factor, node.divisor}, &target);
      });
    });
    if (again >= 0) return DoesNotFit(*node.type);
  }
  return Status::OK();
}

Status ReadDictionary(const ArrowNode& node, const ArrowArray& array, int64_t begin, int64_t count,
                      Vector* out) {
  Vector values;
  THALWEG_RETURN_NOT_OK(
      ReadNode(node.children[0], *array.dictionary, 0, array.dictionary->length, &values));
  std::vector<int32_t> rows(static_cast<size_t>(count));
  WithSource(node.source, [&](auto source) {
    using From = decltype(source);
    const From* from = BufferOf<From>(array, 1) + array.offset + begin;
    for (int64_t i = 0; i < count; ++i) {
      rows[i] = IsValid(array, begin + i) ? static_cast<int32_t>(from[i]) : 0;
    }
  });
  out->ResetFlat(node.type, 0);
  if (values.size() == 0) {
    AppendNulls(static_cast<int>(count), out);
    return Status::OK();
  }
  AppendValuesAt(values, rows.data(), static_cast<int>(count), out);
  for (int64_t i = 0; i < count; ++i) {
    if (!IsValid(array, begin + i)) out->SetNull(static_cast<int>(i));
  }
  return Status::OK();
}

template <class Offset>
Status ReadLists(const ArrowNode& node, const ArrowArray& array, int64_t begin, int64_t count,
                 Vector* out) {
  const Offset* offsets = BufferOf<Offset>(array, 1) + array.offset + begin;
  int32_t* to = out->mutable_offsets();
  for (int64_t i = 0; i <= count; ++i) to[i] = static_cast<int32_t>(offsets[i] - offsets[0]);
  const bool map = node.reading == ArrowReading::kMap;
  const ArrowArray& holder = *array.children[0];
  for (size_t i = 0; i < node.children.size(); ++i) {
    const ArrowArray& child = map ? *holder.children[i] : holder;
    const int64_t first = offsets[0] + (map ? holder.offset : 0);
    THALWEG_RETURN_NOT_OK(ReadNode(node.children[i], child, first, offsets[count] - offsets[0],
                                   &out->mutable_child(static_cast<int>(i))));
  }
  return Status::OK();
}

Status ReadFixedLists(const ArrowNode& node, const ArrowArray& array, int64_t begin, int64_t count,
                      Vector* out) {
  int32_t* to = out->mutable_offsets();
  for (int64_t i = 0; i <= count; ++i) to[i] = static_cast<int32_t>(i * node.width);
  return ReadNode(node.children[0], *array.children[0], (array.offset + begin) * node.width,
                  count * node.width, &out->mutable_child(0));
}

Status ReadStruct(const ArrowNode& node, const ArrowArray& array, int64_t begin, int64_t count,
                  Vector* out) {
  for (size_t i = 0; i < node.children.size(); ++i) {
    const int place = node.places[i];
    const ArrowArray& child = place < 0 ? array : *array.children[place];
    THALWEG_RETURN_NOT_OK(ReadNode(node.children[i], child, array.offset + begin, count,
                                   &out->mutable_child(static_cast<int>(i))));
  }
  return Status::OK();
}

Status ReadNode(const ArrowNode& node, const ArrowArray& array, int64_t begin, int64_t count,
                Vector* out) {
  if (node.reading == ArrowReading::kMissing) {
    out->ResetFlat(node.type, 0);
    AppendNulls(static_cast<int>(count), out);
    return Status::OK();
  }
  if (node.reading == ArrowReading::kDictionary)
    return ReadDictionary(node, array, begin, count, out);
  out->ResetFlat(node.type, static_cast<int>(count));
  CopyValidity(array, begin, count, out);
  switch (node.reading) {
    case ArrowReading::kBits:
      ReadBits(array, begin, count, out);
      return Status::OK();
    case ArrowReading::kText32:
      ReadTexts<int32_t>(array, begin, count, out);
      return Status::OK();
    case ArrowReading::kText64:
      ReadTexts<int64_t>(array, begin, count, out);
      return Status::OK();
    case ArrowReading::kFixedText:
      ReadFixedTexts(array, begin, count, node.width, out);
      return Status::OK();
    case ArrowReading::kTextViews:
      ReadTextViews(array, begin, count, out);
      return Status::OK();
    case ArrowReading::kList64:
      return ReadLists<int64_t>(node, array, begin, count, out);
    case ArrowReading::kFixedList:
      return ReadFixedLists(node, array, begin, count, out);
    case ArrowReading::kStruct:
      return ReadStruct(node, array, begin, count, out);
    case ArrowReading::kNumbers:
      return ReadNumbers(node, array, begin, count, out);
    default:
      return ReadLists<int32_t>(node, array, begin, count, out);
  }
}

}  // namespace

ArrowImporter::ArrowImporter(std::unique_ptr<ArrowNode> root) : root_(std::move(root)) {}
ArrowImporter::~ArrowImporter() = default;

std::unique_ptr<ArrowImporter> ArrowImporter::Make(const ArrowSchema& schema, const TypePtr& type,
                                                   Mismatch* mismatch) {
  *mismatch = Mismatch();
  auto root = std::make_unique<ArrowNode>();
  const char* const name = schema.name == nullptr ? "" : schema.name;
  if (!MakeArrowNode(schema, type, name, root.get(), mismatch)) return nullptr;
  return std::unique_ptr<ArrowImporter>(new ArrowImporter(std::move(root)));
}

Status ArrowImporter::Import(const ArrowArray& array, int64_t begin, int64_t count,
                             Vector* out) const {
  return ReadNode(*root_, array, begin, count, out);
}

}  // namespace thalweg
