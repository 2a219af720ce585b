#include "functions/kernel.h"

#include <algorithm>

#include "functions/vectors.h"

namespace thalweg {
namespace {

struct KernelState final : FunctionState {
  std::vector<const Vector*> arguments;
  std::vector<Vector> held;         // by argument: flattened, or kept over a later ArgumentFor
  std::vector<RowIndex> live_rows;  // rows whose arguments so far are not NULL
  std::unique_ptr<FunctionState> own;

  // The last dictionary and what the kernel made of its entries. Holding the arguments keeps their
  // buffers from being rewritten, so the same buffer means the same values.
  std::vector<Vector> entry_arguments;
  std::vector<const Vector*> entry_pointers;  // to them
  Vector entries;
  bool entries_usable = false;
};

class KernelFunction final : public ScalarFunction {
 public:
  explicit KernelFunction(KernelSpec spec)
      : ScalarFunction(spec.signature, spec.traits), spec_(std::move(spec)) {}

  Status Evaluate(EvalCall& call, Vector* out) const override;
  std::unique_ptr<FunctionState> NewState() const override;

 private:
  Status EvaluateArguments(EvalCall& call, KernelState* state, bool* null) const;
  static Selection NarrowToValid(const Vector& argument, const Selection& live, KernelState* state);
  Result<const Vector*> EvaluateArgument(EvalCall& call, KernelState* state, int i,
                                         const Selection& live) const;
  Status RunOnce(EvalCall& call, const KernelState& state, Vector* out) const;
  bool EntriesPay(const KernelState& state, const Selection& rows, int* dictionary) const;
  Status RunOnEntries(EvalCall& call, int dictionary, KernelState* state) const;
  Status RunOnRows(EvalCall& call, KernelState* state, Vector* out) const;
  KernelCall MakeKernelCall(EvalCall& call, const KernelState& state) const;

  const KernelSpec spec_;
};

std::unique_ptr<FunctionState> KernelFunction::NewState() const {
  auto state = std::make_unique<KernelState>();
  const size_t count = argument_types().size();
  state->arguments.resize(count);
  state->held.resize(count);
  state->entry_arguments.resize(count);
  for (const Vector& argument : state->entry_arguments) state->entry_pointers.push_back(&argument);
  if (spec_.new_state != nullptr) state->own = spec_.new_state();
  return state;
}

Status KernelFunction::Evaluate(EvalCall& call, Vector* out) const {
  auto* state = static_cast<KernelState*>(call.state());
  bool null = false;
  THALWEG_RETURN_NOT_OK(EvaluateArguments(call, state, &null));
  if (null) {
    out->ResetNull(result_type(), call.physical_rows());
    return Status::OK();
  }
  const bool all_constant = std::all_of(state->arguments.begin(), state->arguments.end(),
                                        [](const Vector* v) { return v->is_constant(); });
  if (all_constant && deterministic()) return RunOnce(call, *state, out);
  int dictionary;
  if (EntriesPay(*state, call.rows(), &dictionary)) {
    THALWEG_RETURN_NOT_OK(RunOnEntries(call, dictionary, state));
    if (state->entries_usable) {
      const Vector& argument = *state->arguments[dictionary];
      out->ResetDictionary(state->entries, call.physical_rows());
      std::copy_n(argument.values<int32_t>(), argument.size(), out->mutable_values<int32_t>());
      if (argument.may_have_nulls()) {
        std::copy_n(argument.validity(), ValidityWords(argument.size()), out->mutable_validity());
      }
      return Status::OK();
    }
  }
  return RunOnRows(call, state, out);
}

/// `*null`: the result is NULL for every row, and what comes later was not evaluated.
Status KernelFunction::EvaluateArguments(EvalCall& call, KernelState* state, bool* null) const {
  Selection live = call.rows();
  const Vector* unseen = nullptr;  // has NULLs that `live` does not leave out yet
  const int count = call.argument_count();
  for (int k = 0; k < count && !*null; ++k) {
    const int i = !spec_.last_argument_first ? k : (k == 0 ? count - 1 : k - 1);
    if (unseen != nullptr && !call.ArgumentIsTotal(i)) {
      live = NarrowToValid(*unseen, live, state);
      *null = live.count == 0;
      if (*null) break;
    }
    THALWEG_ASSIGN_OR_RETURN(const Vector* argument, EvaluateArgument(call, state, i, live));
    state->arguments[i] = argument;
    if (spec_.sees_nulls) continue;
    if (argument->is_constant() || argument->physical() == PhysicalKind::kNull) {
      *null = argument->IsNull(0);
    } else if (argument->may_have_nulls()) {
      // With two such arguments before a third, narrow by the first one now.
      if (unseen != nullptr && k + 1 < count) live = NarrowToValid(*unseen, live, state);
      unseen = argument;
    }
  }
  return Status::OK();
}

Selection KernelFunction::NarrowToValid(const Vector& argument, const Selection& live,
                                        KernelState* state) {
  state->live_rows.resize(std::max<size_t>(state->live_rows.size(), kBatchRows));
  RowIndex* rows = state->live_rows.data();
  const int kept = SelectBits(argument.validity(), true, live, rows);
  return kept == live.count ? live : Selection{rows, kept};
}

/// A row whose earlier argument is NULL must not raise in this one.
Result<const Vector*> KernelFunction::EvaluateArgument(EvalCall& call, KernelState* state, int i,
                                                       const Selection& live) const {
  if (live.count == call.rows().count || call.ArgumentIsTotal(i)) return call.Argument(i);
  THALWEG_ASSIGN_OR_RETURN(const Vector* argument, call.ArgumentFor(i, live));
  state->held[i] = *argument;
  return &state->held[i];
}

KernelCall KernelFunction::MakeKernelCall(EvalCall& call, const KernelState& state) const {
  KernelCall kernel_call;
  kernel_call.arguments = state.arguments.data();
  kernel_call.rows = call.rows();
  kernel_call.physical_rows = call.physical_rows();
  kernel_call.on_failure = spec_.on_failure;
  kernel_call.errors = &call.errors();
  kernel_call.place = call.place();
  kernel_call.epoch = call.epoch();
  kernel_call.state = state.own.get();
  kernel_call.context = spec_.context.get();
  return kernel_call;
}

/// All arguments are constant: so is the result. An error is that of the first row.
Status KernelFunction::RunOnce(EvalCall& call, const KernelState& state, Vector* out) const {
  RowErrors errors;
  KernelCall once = MakeKernelCall(call, state);
  once.rows = Selection::All(1);
  once.physical_rows = 1;
  once.errors = &errors;
  out->ResetFlat(result_type(), 1);
  THALWEG_RETURN_NOT_OK(spec_.kernel(once, out));
  out->RepeatFirst(call.physical_rows());
  if (!errors.empty()) call.errors().Report(call.rows()[0], errors.status());
  return Status::OK();
}

/// One dictionary beside constants, not longer than the rows are many, or known from before.
bool KernelFunction::EntriesPay(const KernelState& state, const Selection& rows,
                                int* dictionary) const {
  if (spec_.sees_nulls || !deterministic()) return false;
  *dictionary = -1;
  for (size_t i = 0; i < state.arguments.size(); ++i) {
    const Vector& argument = *state.arguments[i];
    if (argument.is_flat()) return false;
    if (argument.is_constant()) continue;
    if (*dictionary >= 0) return false;
    *dictionary = static_cast<int>(i);
  }
  const Vector& entries = state.arguments[*dictionary]->child(0);
  return entries.size() <= rows.count ||
         entries.values<uint8_t>() == state.entry_arguments[*dictionary].values<uint8_t>();
}

/// Computes state->entries unless they are known. Entries that no row uses must not raise: with any
/// failure the rows are computed one by one instead.
Status KernelFunction::RunOnEntries(EvalCall& call, int dictionary, KernelState* state) const {
  const Vector& entries = state->arguments[dictionary]->child(0);
  bool known = true;
  for (size_t i = 0; i < state->arguments.size(); ++i) {
    const Vector& now = static_cast<int>(i) == dictionary ? entries : *state->arguments[i];
    const Vector& before = state->entry_arguments[i];
    known &= before.type() != nullptr && now.values<uint8_t>() == before.values<uint8_t>() &&
             now.encoding() == before.encoding() && now.size() == before.size();
  }
  if (known) return Status::OK();
  for (size_t i = 0; i < state->arguments.size(); ++i) {
    state->entry_arguments[i] = static_cast<int>(i) == dictionary ? entries : *state->arguments[i];
  }
  RowErrors errors;
  KernelCall once = MakeKernelCall(call, *state);
  once.arguments = state->entry_pointers.data();
  once.rows = Selection::All(entries.size());
  once.physical_rows = entries.size();
  once.errors = &errors;
  state->entries.ResetFlat(result_type(), entries.size());
  THALWEG_RETURN_NOT_OK(spec_.kernel(once, &state->entries));
  state->entries_usable = errors.empty() && !state->entries.may_have_nulls();
  return Status::OK();
}

Status KernelFunction::RunOnRows(EvalCall& call, KernelState* state, Vector* out) const {
  out->ResetFlat(result_type(), call.physical_rows());
  uint64_t* valid = nullptr;
  const int words = ValidityWords(call.physical_rows());
  for (size_t i = 0; i < state->arguments.size(); ++i) {
    const Vector* argument = state->arguments[i];
    if (argument->encoding() == Encoding::kDictionary) {
      const Vector dictionary = *argument;  // may lie in held[i] itself
      Flatten(dictionary, call.rows(), &state->held[i]);
      state->arguments[i] = argument = &state->held[i];
    }
    if (spec_.sees_nulls || argument->is_constant() || !argument->may_have_nulls()) continue;
    valid = out->mutable_validity();
    for (int w = 0; w < words; ++w) valid[w] &= argument->validity()[w];
  }
  KernelCall rows = MakeKernelCall(call, *state);
  rows.valid = valid;
  return spec_.kernel(rows, out);
}

}  // namespace

ScalarFunctionPtr MakeKernelFunction(KernelSpec spec) {
  return std::make_shared<KernelFunction>(std::move(spec));
}

}  // namespace thalweg
