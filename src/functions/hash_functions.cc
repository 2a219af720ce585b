// hash and xxhash64 of any number of values.
#include "functions/families.h"
#include "functions/nested_binding.h"
#include "functions/nested_lists.h"
#include "functions/signature.h"
#include "functions/spark_hash.h"

namespace thalweg {
namespace {

constexpr int kSeed = 42;

template <class Hash, class Stored, Hash (*kHashOf)(const Vector&, int, Hash)>
Status HashKernel(const KernelCall& call, Vector* out) {
  auto* result = out->mutable_values<Stored>();
  const int arguments = ArityOf(call);
  ForEachRow(call.rows, [&](int row) {
    Hash hash = kSeed;
    for (int i = 0; i < arguments; ++i) hash = kHashOf(*call.arguments[i], row, hash);
    result[row] = static_cast<Stored>(hash);
  });
  return Status::OK();
}

bool Contains(const DataType& type, bool (*test)(const DataType&)) {
  if (test(type)) return true;
  for (const StructField& field : type.fields()) {
    if (Contains(*field.type, test)) return true;
  }
  return false;
}

Result<ExprPtr> BindHash(Binding b) {
  if (b.count() == 0) return WrongArgumentCount(b.name, "> 0", 0, b.place);
  for (const ExprPtr& argument : b.arguments) {
    const DataType& type = *argument->type;
    if (Contains(type, [](const DataType& t) { return t.Is(TypeKind::kMap); })) {
      return Status::User(
          "DATATYPE_MISMATCH.HASH_MAP_TYPE",
          {{"sqlExpr", QuotedCall(b.name, b.arguments)}, {"functionName", "`" + b.name + "`"}},
          b.place);
    }
    const bool refused = Contains(type, [](const DataType& t) {
      return t.Is(TypeKind::kVariant) || (t.Is(TypeKind::kString) && !t.IsBinaryCollated());
    });
    if (refused) return NotSupportedYet(b.name + " of " + type.Sql(), b.place);
  }
  const bool wide = b.name == "xxhash64";
  KernelSpec spec;
  spec.kernel =
      wide ? HashKernel<uint64_t, int64_t, XxHash64Of> : HashKernel<uint32_t, int32_t, Murmur3Of>;
  spec.sees_nulls = true;
  spec.traits.nullability = ScalarTraits::Nullability::kNever;
  spec.context = std::make_shared<ArityContext>(b.arguments.size());
  return b.MakeKernelCall(std::move(spec), wide ? BigintType() : IntType());
}

}  // namespace

void RegisterHashes(FunctionRegistry* registry) {
  RegisterNested(registry, "hash", BindHash);
  RegisterNested(registry, "xxhash64", BindHash);
}

}  // namespace thalweg
