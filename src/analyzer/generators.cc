// Generators: LATERAL VIEW, in a select list, and as table functions in FROM.
#include "analyzer/relation_analyzer.h"
#include "functions/generator.h"

namespace thalweg {
namespace {

bool IsGenerator(const Expression& expr) {
  return expr.kind() == ExprKind::kGeneratorCall;
}

/// The generator that an item of a select list is, its name aside; null: none.
const GeneratorCall* GeneratorOf(const ExprPtr& item) {
  const auto* alias = As<Alias>(item);
  return As<GeneratorCall>(alias == nullptr ? item : alias->child);
}

ExprPtr Unaliased(const ExprPtr& item) {
  const auto* alias = As<Alias>(item);
  return alias == nullptr ? item : alias->child;
}

bool IsNested(const ExprPtr& item) {
  const GeneratorCall* generator = GeneratorOf(item);
  if (generator == nullptr) return Any(item, IsGenerator);
  for (const ExprPtr& argument : generator->arguments) {
    if (Any(argument, IsGenerator)) return true;
  }
  return false;
}

Status CheckList(const std::vector<ExprPtr>& list, bool over_aggregation) {
  int count = 0;
  std::string names;
  SqlPlace place;
  for (const ExprPtr& item : list) {
    if (IsNested(item)) {
      return Status::User("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS",
                          {{"expression", "\"" + ColumnName(Unaliased(item)) + "\""}}, item->place);
    }
    if (GeneratorOf(item) == nullptr) continue;
    names += (count++ > 0 ? ", " : "") + ("\"" + ColumnName(Unaliased(item)) + "\"");
    place = item->place;
  }
  if (count < 2 || !over_aggregation) return Status::OK();
  return Status::User("UNSUPPORTED_GENERATOR.MULTI_GENERATOR",
                      {{"num", std::to_string(count)}, {"generators", names}}, place);
}

/// The columns that `call` makes, named as in `names` where it says so.
Result<std::vector<AttributePtr>> MadeColumns(const GeneratorCall& call,
                                              const std::vector<std::string>& names, bool outer,
                                              const SqlPlace& place) {
  const auto& columns = static_cast<const GeneratorFunction&>(*call.function).columns();
  if (!names.empty() && names.size() != columns.size()) {
    std::string given;
    for (const std::string& name : names) given += (given.empty() ? "" : ", ") + name;
    return Status::User("UDTF_ALIAS_NUMBER_MISMATCH",
                        {{"aliasesSize", std::to_string(columns.size())}, {"aliasesNames", given}},
                        place);
  }
  std::vector<AttributePtr> made;
  for (size_t i = 0; i < columns.size(); ++i) {
    auto column = std::make_shared<Attribute>();
    column->id = NextExpressionId();
    column->column = names.empty() ? columns[i].name : names[i];
    column->type = columns[i].type;
    column->nullable = columns[i].nullable || outer;
    made.push_back(std::move(column));
  }
  return made;
}

Status NotAGenerator(const Generate& generate) {
  const auto* call = As<UnresolvedFunction>(generate.generator);
  const std::string name = call == nullptr ? "" : call->function.back();
  return Status::User("UNSUPPORTED_GENERATOR.NOT_GENERATOR",
                      {{"functionName", "`" + name + "`"}, {"classCanonicalName", name}},
                      generate.place);
}

}  // namespace

// input LATERAL VIEW [OUTER] generator(…) alias AS columns
Result<RelationPtr> RelationAnalyzer::AnalyzeGenerate(const Generate& generate) {
  THALWEG_ASSIGN_OR_RETURN(RelationPtr input, Analyze(generate.input));
  const Scope scope = ScopeOf(input->output);
  ExpressionAnalyzer analyzer(context_, scope);
  THALWEG_ASSIGN_OR_RETURN(const ExprPtr typed, analyzer.Resolve(generate.generator));
  const auto* call = As<GeneratorCall>(typed);
  if (call == nullptr && generate.lateral_join) {
    return NotSupportedYet("this table function behind LATERAL", generate.place);
  }
  if (call == nullptr) return NotAGenerator(generate);
  if (IsNested(typed) || ContainsAggregate(typed)) {
    return NotSupportedYet("this argument of a generator in LATERAL VIEW", generate.place);
  }
  const bool outer = generate.outer || call->outer;
  THALWEG_ASSIGN_OR_RETURN(const std::vector<AttributePtr> made,
                           MadeColumns(*call, generate.column_names, outer, generate.place));
  std::vector<AttributePtr> qualified;
  for (const AttributePtr& column : made) {
    auto copy = std::make_shared<Attribute>(*column);
    if (!generate.alias.empty()) copy->qualifier = {generate.alias};
    qualified.push_back(std::move(copy));
  }
  return MakeGenerate(std::move(input), typed, outer, std::move(qualified));
}

// SELECT explode(x), …: the first generator is the innermost one.
Result<RelationPtr> RelationAnalyzer::WithGenerators(RelationPtr input, std::vector<ExprPtr>* list,
                                                     bool over_aggregation) {
  THALWEG_RETURN_NOT_OK(CheckList(*list, over_aggregation));
  std::vector<ExprPtr> columns;
  for (const ExprPtr& item : *list) {
    const GeneratorCall* call = GeneratorOf(item);
    if (call == nullptr) {
      columns.push_back(item);
      continue;
    }
    const auto* alias = As<Alias>(item);
    THALWEG_ASSIGN_OR_RETURN(
        const std::vector<AttributePtr> made,
        MadeColumns(*call, alias == nullptr ? std::vector<std::string>() : alias->names,
                    call->outer, item->place));
    columns.insert(columns.end(), made.begin(), made.end());
    input = MakeGenerate(std::move(input), Unaliased(item), call->outer, made);
  }
  *list = std::move(columns);
  return input;
}

// FROM explode(…): a generator over one row, of which only the made columns are seen.
Result<RelationPtr> RelationAnalyzer::AnalyzeTableGenerator(const UnresolvedTableFunction& call) {
  const Scope none = ScopeOf({});
  ExpressionAnalyzer analyzer(context_, none);
  auto function = std::make_shared<UnresolvedFunction>();
  function->function = {call.function};
  function->arguments = call.arguments;
  function->place = call.place;
  THALWEG_ASSIGN_OR_RETURN(const ExprPtr typed, analyzer.Resolve(function));
  const auto* generator = As<GeneratorCall>(typed);
  if (generator == nullptr || IsNested(typed) || ContainsAggregate(typed)) {
    return NotSupportedYet("the table function " + call.function + " with these arguments",
                           call.place);
  }
  THALWEG_ASSIGN_OR_RETURN(const std::vector<AttributePtr> made,
                           MadeColumns(*generator, {}, generator->outer, call.place));
  auto one_row = std::make_shared<UnresolvedInlineTable>();
  one_row->row_widths = {0};
  THALWEG_ASSIGN_OR_RETURN(RelationPtr input, Analyze(one_row));
  input = MakeGenerate(std::move(input), typed, generator->outer, made);
  return MakeProject(std::move(input), std::vector<ExprPtr>(made.begin(), made.end()));
}

}  // namespace thalweg
