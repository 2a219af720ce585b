// Casts of ARRAY, MAP and STRUCT: offsets stay, members are cast as columns of their own. Members
// of rows that are NULL or not selected never raise; the error of an element is that of its row.
#include <algorithm>

#include "data/batch.h"
#include "functions/cast_loops.h"

namespace thalweg {
namespace {

/// Which members count, one bit each.
using MemberBits = std::vector<uint64_t>;

void SetBits(int begin, int end, MemberBits* bits) {
  for (int i = begin; i < end; ++i) (*bits)[i >> 6] |= 1ull << (i & 63);
}

/// The member column as a flat one.
const Vector& FlatMember(const Vector& member, int count, Vector* held) {
  if (member.is_flat()) return member;
  held->ResetFlat(member.type(), 0);
  AppendRange(member, 0, count, held);
  return *held;
}

/// Casts the members, of which those of `bits` count; call.errors takes their numbers.
Status CastMembers(const KernelCall& call, const CastPlan& plan, const Vector& member,
                   MemberBits bits, Vector* out) {
  if (plan.kernel == nullptr) {
    *out = member;
    return Status::OK();
  }
  const CastContext& context = *plan.context;
  const int count = static_cast<int>(bits.size()) > 0 ? member.size() : 0;
  out->ResetFlat(context.to, count);
  if (count == 0) return Status::OK();
  if (context.from->Is(TypeKind::kNull)) {
    for (int i = 0; i < count; ++i) out->SetNull(i);
    return Status::OK();
  }
  Vector held;
  const Vector& flat = FlatMember(member, count, &held);
  for (int w = 0; w < ValidityWords(count); ++w) {
    if (flat.may_have_nulls()) bits[w] &= flat.validity()[w];
    out->mutable_validity()[w] = bits[w];
  }
  const Vector* arguments[] = {&flat};
  KernelCall members = call;
  members.arguments = arguments;
  members.rows = Selection::All(count);
  members.physical_rows = count;
  members.valid = bits.data();
  members.on_failure = plan.on_failure;
  members.context = plan.context.get();
  return plan.kernel(members, out);
}

/// The row whose elements include `element`, reported with the element's error.
void ReportElement(const KernelCall& call, const RowErrors& errors) {
  if (errors.empty()) return;
  const int32_t* offsets = call.arguments[0]->offsets();
  ForEachValidRow(call, [&](int r) {
    const bool inside = offsets[r] <= errors.row() && errors.row() < offsets[r + 1];
    if (inside && call.errors->Wants(r)) call.errors->Report(r, errors.status());
  });
}

/// ARRAY and MAP.
Status CastLists(const KernelCall& call, Vector* out) {
  const Vector& list = *call.arguments[0];
  const CastContext& context = ContextOf(call);
  const int32_t* offsets = list.offsets();
  const int rows = call.physical_rows;
  std::copy_n(offsets, rows + 1, out->mutable_offsets());
  RowErrors errors;
  KernelCall elements = call;
  elements.errors = &errors;
  for (int c = 0; c < list.child_count(); ++c) {
    MemberBits bits(ValidityWords(list.child(c).size()));
    ForEachValidRow(call, [&](int r) { SetBits(offsets[r], offsets[r + 1], &bits); });
    THALWEG_RETURN_NOT_OK(CastMembers(elements, context.members[c], list.child(c), std::move(bits),
                                      &out->mutable_child(c)));
  }
  ReportElement(call, errors);
  return Status::OK();
}

Status CastStructs(const KernelCall& call, Vector* out) {
  const Vector& value = *call.arguments[0];
  const CastContext& context = ContextOf(call);
  MemberBits bits(ValidityWords(call.physical_rows));
  ForEachValidRow(call, [&](int r) { SetBits(r, r + 1, &bits); });
  for (int c = 0; c < value.child_count(); ++c) {
    THALWEG_RETURN_NOT_OK(
        CastMembers(call, context.members[c], value.child(c), bits, &out->mutable_child(c)));
  }
  return Status::OK();
}

}  // namespace

Kernel NestedCast(const DataType& from, const DataType& to) {
  if (from.kind() != to.kind()) return nullptr;
  if (from.Is(TypeKind::kStruct)) return CastStructs;
  return from.Is(TypeKind::kArray) || from.Is(TypeKind::kMap) ? CastLists : nullptr;
}

}  // namespace thalweg
