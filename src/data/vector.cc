#include "data/vector.h"

#include <algorithm>
#include <cstring>

#include "data/copy_bytes.h"

namespace thalweg {
namespace {

constexpr size_t kStringBlockBytesMin = 4 << 10;
constexpr size_t kStringBlockBytesMax = 256 << 10;
constexpr int kOwnersSearchedMax = 32;  // beyond, a block may be listed twice: costs memory only

int ChildCount(const DataType& type) {
  if (type.physical() == PhysicalKind::kVariant) return 2;
  return static_cast<int>(type.fields().size());
}

bool HasOffsets(PhysicalKind kind) {
  return kind == PhysicalKind::kList || kind == PhysicalKind::kMap;
}

size_t ValidityBytes(int rows) {
  return sizeof(uint64_t) * ValidityWords(std::max(rows, 1));
}

// Bits behind the rows are valid too, so that a vector may be extended.
Buffer CopyValidity(const Buffer& from, int rows, int capacity) {
  Buffer to = Buffer::Allocate(ValidityBytes(std::max(rows, capacity)));
  std::memset(to.data(), 0xFF, to.capacity());
  if (from) std::memcpy(to.data(), from.data(), ValidityBytes(rows));
  return to;
}

}  // namespace

Vector::StringFill& Vector::StringFill::operator=(StringFill&& other) noexcept {
  top = std::exchange(other.top, nullptr);
  end = std::exchange(other.end, nullptr);
  owner = std::exchange(other.owner, -1);
  return *this;
}

void Vector::ResetFlat(const TypePtr& type, int size) {
  Begin(type, Encoding::kFlat, size);
}

void Vector::ResetConstant(const TypePtr& type, int size) {
  Begin(type, Encoding::kConstant, size);
}

void Vector::ResetNull(const TypePtr& type, int size) {
  Begin(type, Encoding::kConstant, size);
  if (values_) std::memset(values_.data(), 0, ValueBytes(1));
  const PhysicalKind kind = type_->physical();
  if (kind == PhysicalKind::kStruct || kind == PhysicalKind::kVariant) {
    for (Vector& child : children_) {
      const TypePtr child_type = child.type();
      child.ResetNull(child_type, 1);
    }
  }
  mutable_validity()[0] = 0;
}

void Vector::RepeatFirst(int size) {
  THALWEG_CHECK(is_flat() && size_ == 1, "only one row can become a constant");
  encoding_ = Encoding::kConstant;
  size_ = size;
  capacity_ = 1;
}

void Vector::ResetDictionary(const Vector& dictionary, int size) {
  THALWEG_DCHECK(dictionary.is_flat() && !dictionary.may_have_nulls(), "not a dictionary");
  type_ = dictionary.type();
  encoding_ = Encoding::kDictionary;
  size_ = size;
  capacity_ = size;
  validity_ = Buffer();
  RecycleStrings();
  children_.resize(1);
  children_[0] = dictionary;
  EnsureValues(size);
}

void Vector::Begin(const TypePtr& type, Encoding encoding, int size) {
  if (type_ != type) type_ = type;  // `type` may lie in a child: only type_ is read from here on
  encoding_ = encoding;
  size_ = size;
  capacity_ = encoding == Encoding::kConstant ? 1 : size;
  validity_ = Buffer();
  RecycleStrings();
  BeginChildren();
  EnsureValues(capacity_);
}

void Vector::BeginChildren() {
  const int count = ChildCount(*type_);
  children_.resize(count);
  for (int i = 0; i < count; ++i) {
    if (type_->physical() == PhysicalKind::kVariant) {
      children_[i].ResetFlat(BinaryType(), 0);
    } else {
      children_[i].ResetFlat(type_->fields()[i].type, 0);
    }
  }
}

size_t Vector::ValueBytes(int rows) const {
  const size_t count = static_cast<size_t>(rows);
  if (encoding_ == Encoding::kDictionary) return count * sizeof(int32_t);
  if (HasOffsets(type_->physical())) return (count + 1) * sizeof(int32_t);
  return count * PhysicalWidth(type_->physical());
}

void Vector::EnsureValues(int rows) {
  const size_t bytes = ValueBytes(rows);
  if (bytes > 0) {
    values_.EnsureUnique(bytes);
  } else if (values_ && !values_.unique()) {
    values_ = Buffer();  // an empty vector waits with taking a block until it is written
  }
  if (encoding_ != Encoding::kDictionary && HasOffsets(type_->physical())) {
    values_.as<int32_t>()[0] = 0;
  }
}

void Vector::RecycleStrings() {
  if (fill_.owner >= 0 && owners_[fill_.owner].unique()) {
    if (fill_.owner > 0) std::swap(owners_[0], owners_[fill_.owner]);
    owners_.resize(1);
    fill_.owner = 0;
    fill_.top = owners_[0].as<char>();
  } else {
    DropOwners();
  }
}

uint64_t* Vector::mutable_validity() {
  if (!validity_ || !validity_.unique()) {
    validity_ = CopyValidity(validity_, is_constant() ? 1 : size_, capacity_);
  }
  return validity_.as<uint64_t>();
}

void Vector::SetNull(int row) {
  mutable_validity()[row >> 6] &= ~(1ull << (row & 63));
  if (type_->physical() == PhysicalKind::kString && encoding_ != Encoding::kDictionary) {
    mutable_values<StringView>()[row] = StringView();
  }
}

void Vector::Reserve(int capacity) {
  THALWEG_DCHECK(is_flat(), "only flat vectors grow");
  const size_t used = ValueBytes(size_);
  const size_t bytes = ValueBytes(capacity);
  if (bytes > 0 && !(values_ && values_.unique() && values_.capacity() >= bytes)) {
    const bool grows = used > 0 && bytes > used;
    Buffer bigger = Buffer::Allocate(grows ? std::max(bytes, 2 * used) : bytes);
    if (values_ && used > 0) std::memcpy(bigger.data(), values_.data(), used);
    values_ = std::move(bigger);
  }
  if (validity_ && validity_.capacity() < ValidityBytes(capacity)) {
    validity_ = CopyValidity(validity_, size_, std::max(capacity, 2 * size_));
  }
  capacity_ = std::max(capacity_, capacity);
}

void Vector::SetString(int row, std::string_view text) {
  const uint32_t length = static_cast<uint32_t>(text.size());
  const char* bytes = text.data();
  if (length > StringView::kInlineBytes) {
    char* copy = AllocateString(length);
    std::memcpy(copy, bytes, length);
    bytes = copy;
  }
  mutable_values<StringView>()[row] = StringView(bytes, length);
}

char* Vector::AllocateString(size_t length) {
  if (static_cast<size_t>(fill_.end - fill_.top) < length) {
    size_t bytes = kStringBlockBytesMin;
    if (fill_.owner >= 0)
      bytes = std::min(2 * owners_[fill_.owner].capacity(), kStringBlockBytesMax);
    owners_.push_back(Buffer::Allocate(std::max(bytes, length)));
    fill_.owner = static_cast<int>(owners_.size()) - 1;
    fill_.top = owners_.back().as<char>();
    fill_.end = fill_.top + owners_.back().capacity();
  }
  return std::exchange(fill_.top, fill_.top + length);
}

void Vector::OwnStrings(int begin, int end) {
  StringView* views = mutable_values<StringView>();
  size_t long_bytes = 0;
  for (int i = begin; i < end; ++i) long_bytes += views[i].is_inline() ? 0 : views[i].size();
  if (long_bytes == 0) return;
  char* top = AllocateString(long_bytes);
  for (int i = begin; i < end; ++i) {
    if (views[i].is_inline()) continue;
    const uint32_t length = views[i].size();
    CopyBytes(views[i].data(), length, top);
    views[i] = StringView(top, length);
    top += length;
  }
}

void Vector::AddOwner(const Buffer& block) {
  if (!block) return;
  const int count = static_cast<int>(owners_.size());
  for (int i = count - 1; i >= std::max(0, count - kOwnersSearchedMax); --i) {
    if (owners_[i] == block) return;
  }
  owners_.push_back(block);
}

void Vector::AddOwnersOf(const Vector& other) {
  for (const Buffer& block : other.owners_) AddOwner(block);
  for (const Vector& child : other.children_) AddOwnersOf(child);
}

void Vector::DropOwners() {
  owners_.clear();
  fill_ = StringFill();
}

int64_t Vector::SizeBytes() const {
  int64_t bytes = 0;
  if (validity_) bytes += validity_.capacity();
  if (values_) bytes += values_.capacity();
  for (const Buffer& block : owners_) bytes += block.capacity();
  for (const Vector& child : children_) bytes += child.SizeBytes();
  return bytes;
}

}  // namespace thalweg
