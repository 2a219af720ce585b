// A physical plan as a tree, for EXPLAIN and golden tests: one node a line, inputs indented.
#include "exec/physical_plan.h"
#include "exec/scan_predicates.h"

namespace thalweg {
namespace {

class TreePrinter {
 public:
  explicit TreePrinter(const PhysicalPlan& plan) : plan_(plan) {}

  void Print(const PhysicalInput& input, int depth) {
    if (input.placement != Placement::kAny) {
      Line(depth++, "Exchange " + PlacementText(input));
    }
    if (input.node == nullptr) {
      Line(depth, ReadText(plan_.sources[input.source]));
      return;
    }
    Line(depth, NodeText(*input.node));
    for (const PhysicalInput& child : input.node->inputs) Print(child, depth + 1);
  }

  std::string text;

 private:
  void Line(int depth, const std::string& line) {
    text.append(2 * static_cast<size_t>(depth), ' ');
    text += line + "\n";
  }

  std::string PlacementText(const PhysicalInput& input) const {
    if (input.placement == Placement::kOneLane) return "to one lane";
    return input.placement == Placement::kBroadcast ? "to all lanes" : "by " + Keys(input);
  }

  std::string Keys(const PhysicalInput& input) const {
    const Schema& schema =
        input.node == nullptr ? *plan_.sources[input.source].request.schema : *input.node->schema;
    std::string keys;
    for (const int column : input.key_columns) {
      keys += (keys.empty() ? "" : ", ") + schema.column(column).name;
    }
    return keys;
  }

  static std::string ReadText(const PhysicalSource& source) {
    const TableInfo& table = source.table->info();
    std::string text = "Read " + table.description + " (" + source.request.schema->Ddl() + ")";
    const char* link = " where ";
    for (const ScanPredicate& predicate : source.request.predicates) {
      text += link + ToString(predicate, *table.schema);
      link = " and ";
    }
    return text;
  }

  static std::string NodeText(const PhysicalNode& node) {
    const auto made = node.make();
    if (!made.ok()) return made.status().ToString();
    const Description description = (*made)->Describe();
    std::string details;
    for (const auto& [name, value] : description.details) {
      details += (details.empty() ? "" : ", ") + name + ": " + value;
    }
    if (node.ordered_output) details += ", ordered";
    return description.name + " (" + details + ")";
  }

  const PhysicalPlan& plan_;
};

class NumberedPrinter {
 public:
  explicit NumberedPrinter(const PhysicalPlan& plan) : plan_(plan) {}

  void Print(const PhysicalInput& input, int depth) {
    const int number = ++last_;
    std::string name = "Read";
    std::string details;
    if (input.node == nullptr) {
      const PhysicalSource& source = plan_.sources[input.source];
      details = "Table: " + source.table->info().description + "\n";
      Output(*source.request.schema, &details);
    } else if (const auto made = input.node->make(); made.ok()) {
      const Description description = (*made)->Describe();
      name = description.name;
      Output(*input.node->schema, &details);
      for (const auto& [key, value] : description.details) details += key + ": " + value + "\n";
    }
    tree.append(2 * static_cast<size_t>(depth), ' ');
    tree += name + " (" + std::to_string(number) + ")\n";
    parts += "\n(" + std::to_string(number) + ") " + name + "\n" + details;
    if (input.node == nullptr) return;
    for (const PhysicalInput& child : input.node->inputs) Print(child, depth + 1);
  }

  std::string tree;
  std::string parts;

 private:
  static void Output(const Schema& schema, std::string* details) {
    *details += "Output [" + std::to_string(schema.size()) + "]: " + schema.Ddl() + "\n";
  }

  const PhysicalPlan& plan_;
  int last_ = 0;
};

}  // namespace

std::string ToNumberedString(const PhysicalPlan& plan) {
  NumberedPrinter printer(plan);
  printer.Print(plan.root, 0);
  return printer.tree + printer.parts;
}

std::string ToTreeString(const PhysicalPlan& plan) {
  TreePrinter printer(plan);
  printer.Print(plan.root, 0);
  return printer.text;
}

}  // namespace thalweg
