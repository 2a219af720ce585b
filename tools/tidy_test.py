"""Tests of tidy.py and of the scanner below it: python3 -m unittest tidy_test, in tools/."""

import textwrap
import unittest

import cpp_scan
import tidy

CMAKE = """room(base LIBS fmt)
room(data USES base LIBS fmt)
room(state USES data HOT LIBS fmt)
room(api
     USES state)
"""
THROW = "thr" + "ow"


def scan(code):
    """(name, lines, parameters) of every function."""
    found = cpp_scan.functions(textwrap.dedent(code))
    return [(function.name, function.lines, function.parameters) for function in found]


def findings(**files):
    """The findings of a tree given as path=text; `__` stands for / and the last `_` for the dot."""
    tree = [tidy.SourceFile("CMakeLists.txt", CMAKE)]
    for name, text in files.items():
        path = name.replace("__", "/")
        stem, _, suffix = path.rpartition("_")
        tree.append(tidy.SourceFile(f"{stem}.{suffix}", text))
    return [(finding.rule, finding.path, finding.line) for finding in tidy.check(tree)]


def rules(text, path="src__base__thing_cc"):
    return [rule for rule, _, _ in findings(**{path: text})]


class ScannerTest(unittest.TestCase):
    def test_a_function_is_measured_from_its_head_to_its_brace(self):
        self.assertEqual(
            scan("""
            Status Sink::Write(const Batch& batch,
                               Output& out) {
              if (batch.empty()) {
                return Status::OK();
              }
              return out.Push(batch);
            }
            """),
            [("Write", 7, 2)],
        )

    def test_methods_inside_a_class(self):
        self.assertEqual(
            scan("""
            namespace thalweg {
            namespace {
            class Filter final : public Operator {
             public:
              explicit Filter(Expression e) : e_(std::move(e)), n_{1} {}
              ~Filter() override = default;

              int size() const { return n_; }
              Result<Flow> Push(int port, const Batch& b, Output& out) override;

             private:
              int n_ = 0;
              std::map<int, int> m_{};
              std::function<void(int)> f_;
            };
            }  // namespace
            }  // namespace thalweg
            """),
            [("Filter", 1, 1), ("~Filter", 0, 0), ("size", 1, 0), ("Push", 0, 3)],
        )

    def test_the_label_before_a_method_is_not_part_of_it(self):
        self.assertEqual(scan("class A {\n public:\n\n  int F() {\n    return 1;\n  }\n};"),
                         [("F", 3, 0)])

    def test_constructor_with_braced_members_has_its_body_found(self):
        self.assertEqual(
            scan("""
            Table::Table(int a, int b)
                : a_{a},
                  b_(b),
                  c_{std::move(b)} {
              Fill();
            }
            int After() { return 0; }
            """),
            [("Table", 6, 2), ("After", 1, 0)],
        )

    def test_templates(self):
        self.assertEqual(
            scan("""
            template <class Key, class Value = std::pair<int, int>>
            Value Find(const std::map<Key, Value>& in, std::pair<Key, int> key) {
              return in.at(key.first);
            }
            template <class T>
            class Box {
              T value() const { return value_; }
            };
            template <>
            struct Width<int> : std::integral_constant<int (*)(int), nullptr> {
              int F() { return 4; }
            };
            """),
            [("Find", 4, 2), ("value", 1, 0), ("F", 1, 0)],
        )

    def test_operators(self):
        self.assertEqual(
            scan("""
            bool operator<(const A& a, const A& b) { return a.x < b.x; }
            bool operator()(int a) const { return a; }
            A& operator=(A&& other) noexcept { return *this; }
            operator bool() const { return true; }
            T* operator->() { return &*value_; }
            """),
            [("operator<", 1, 2), ("operator()", 1, 1), ("operator=", 1, 1),
             ("operatorbool", 1, 0), ("operator->", 1, 0)],
        )

    def test_initializers_are_no_functions(self):
        self.assertEqual(
            scan("""
            const int kTable[] = {1, 2, 3};
            static const std::map<int, int> kMap = {{1, 2}, {3, 4}};
            const auto kMade = Make(1, {2, 3});
            enum class Kind : uint8_t { kA, kB };
            constexpr std::array<int (*)(int), 2> kFunctions{&F, &G};
            struct Options {
              int a = 1;
              std::vector<int> b = {1, 2};
            };
            """),
            [],
        )

    def test_a_struct_returned_by_name_is_a_function(self):
        self.assertEqual(scan("struct stat StatOf(int fd) {\n  return {};\n}"), [("StatOf", 3, 1)])

    def test_lambdas_and_blocks_stay_inside_their_function(self):
        self.assertEqual(
            scan("""
            void Run(Tasks& tasks) {
              tasks.Run(3, [&](int i) {
                for (int j = 0; j < i; ++j) { F(j); }
              });
              auto g = [](int x) { return x; };
              switch (1) { case 1: { break; } }
            }
            void Next() {}
            """),
            [("Run", 7, 1), ("Next", 1, 0)],
        )

    def test_literals_comments_and_directives_hide_their_braces(self):
        self.assertEqual(
            scan("""
            const char* F() {
              // a brace } in a comment
              const char c = '}';
              #define BROKEN {{{ \\
                 {{{
              return R"sql(SELECT '}' "}" )" )sql" "}\\"";  /* } */
            }
            int G() { return 1'000'000; }
            """),
            [("F", 7, 0), ("G", 1, 0)],
        )

    def test_parameters_are_counted_outside_their_own_commas(self):
        self.assertEqual(
            scan("""
            void F(std::map<int, std::pair<int, int>> a, int b = Max(1, 2), C c = {1, 2}) {}
            void G(std::function<void(int, int)> f);
            std::function<void(int, int, int)> H(int a);
            void I(void);
            auto J(int a, int b) -> std::pair<int, int>;
            """),
            [("F", 1, 3), ("G", 0, 1), ("H", 0, 1), ("I", 0, 0), ("J", 0, 2)],
        )

    def test_extern_c_and_attributes(self):
        self.assertEqual(
            scan("""
            extern "C" {
            [[nodiscard]] int Open(const char* path) { return 0; }
            }
            extern "C" __attribute__((visibility("default"))) int Go() { return 1; }
            TEST(Suite, Name) { EXPECT_TRUE(true); }
            int x GUARDED_BY(mutex);
            """),
            [("Open", 1, 1), ("Go", 1, 0), ("TEST", 1, 2)],
        )

    def test_namespace_alias_and_using_are_no_functions(self):
        code = "namespace a = b;\nusing F = int (*)(int, int);\nfriend void G(int);"
        self.assertEqual(scan(code), [])


class SizeTest(unittest.TestCase):
    def test_long_function(self):
        body = "  F();\n" * 58
        self.assertEqual(rules("void G() {\n" + body + "}\n"), [])
        self.assertEqual(rules("void G() {\n" + body + "  F();\n}\n"), ["function-length"])

    def test_long_file_but_not_a_table(self):
        self.assertEqual(rules("int a;\n" * 600), [])
        self.assertEqual(rules("int a;\n" * 601), ["file-length"])
        tree = {"src__base__table_inc": "X(1)\n" * 5000,
                "src__base__a_cc": '#include "base/table.inc"\n'}
        self.assertEqual(findings(**tree), [])

    def test_parameters(self):
        self.assertEqual(rules("void F(int a, int b, int c, int d, int e);\n"), [])
        self.assertEqual(rules("void F(int a, int b, int c, int d, int e, int f);\n"),
                         ["parameters"])

    def test_python_functions_too(self):
        text = "def f():\n" + "    pass\n" * 60
        self.assertEqual(rules(text, "tools__thing_py"), ["function-length"])

    def test_distribution(self):
        sizes = [(n, f"f{n}") for n in range(1, 101)]
        self.assertEqual(tidy.distribution(sizes),
                         "100, lines: median 51, p99 100, longest 100 (f100)")
        self.assertEqual(tidy.distribution([]), "none")


class WordsTest(unittest.TestCase):
    def test_unfinished_work(self):
        self.assertEqual(rules("// TO" + "DO: later\n"), ["unfinished"])
        self.assertEqual(rules("// XX" + "X later\n"), ["unfinished"])
        self.assertEqual(rules('const char* k = "XX' + 'X";  // zone pattern XX' + "X or X\n"), [])
        self.assertEqual(rules("# FIX" + "ME\n", "dev_sh"), ["unfinished"])

    def test_throwing(self):
        self.assertEqual(rules(f"void F() {{ {THROW} 1; }}\n"), [THROW])
        self.assertEqual(rules(f"// nothing here may {THROW}\n"), [])

    def test_stdout_belongs_to_cli_and_console(self):
        line = 'void F() { printf("x"); }\n'
        self.assertEqual(rules(line), ["stdout"])
        self.assertEqual(rules("void F() { std::cout << 1; }\n"), ["stdout"])
        self.assertEqual(rules('void F() { fprintf(stderr, "x"); snprintf(b, 1, "x"); }\n'), [])
        self.assertNotIn("stdout", rules(line, "src__cli__thing_cc"))
        self.assertNotIn("stdout", rules(line, "src__connectors__console__sink_cc"))

    def test_the_world_is_reached_through_env(self):
        for code in ("std::thread t;", "auto t = std::chrono::steady_clock::now();",
                     "int f = ::open(p, 0);", "int f = open(p, 0);", "std::ifstream in(p);",
                     "int r = rand();", "std::random_device d;", "sleep_for(1ms);",
                     "int s = socket(1, 2, 3);", "time(nullptr);", "std::condition_variable v;",
                     "std::filesystem::exists(p);"):
            self.assertEqual(rules("void F() {\n  " + code + "\n}\n"), ["env"], code)
        for code in ("files.open(p);", "Reopen(p);", "Open(p);", "env.clock().NowUs();",
                     "std::mutex m;", "x->connect(1);", "std::this_is_fine();", "runtime(0);"):
            self.assertEqual(rules("void F() {\n  " + code + "\n}\n"), [], code)

    def test_the_real_env_and_tests_may(self):
        code = "void F() { std::thread t; }\n"
        self.assertEqual(rules(code, "src__base__posix_files_cc"), [])
        self.assertEqual(rules(code, "src__base__thing_test_cc"), [])

    def test_names_that_say_nothing(self):
        self.assertEqual(rules("class StringUtils {};\n"), ["name"])
        self.assertEqual(rules("struct ParserHelper;\n"), ["name"])
        self.assertEqual(rules("struct CommonTableExpression {};\n"), [])
        self.assertEqual(rules("class StreamingQueryManager {};\n"), [])
        self.assertEqual(rules("int a;\n", "src__base__string_utils_cc"), ["name"])
        self.assertEqual(rules("int a;\n", "src__base__CamelCase_cc"), ["name"])


class TextTest(unittest.TestCase):
    def test_columns_whitespace_newline(self):
        self.assertEqual(rules("// " + "é" * 97 + "\n"), [])
        self.assertEqual(rules("// " + "é" * 98 + "\n"), ["columns"])
        self.assertEqual(rules("int a; \n"), ["whitespace"])
        self.assertEqual(rules("int a;"), ["whitespace"])

    def test_machine_paths(self):
        self.assertEqual(rules("// see /wo" + "rk/main\n"), ["machine-path"])
        self.assertEqual(rules("// see /ro" + "ot/.cache\n"), ["machine-path"])
        self.assertEqual(rules("// a net" + "work/work and my/root/dir\n"), [])
        recorded = {"tests__conformance__cases__a_json": "/wo" + "rk/x\n"}
        self.assertEqual(findings(**recorded), [])

    def test_licence_blocks(self):
        self.assertEqual(rules("// Copy" + "right 2026\n"), ["licence"])

    def test_header_comment(self):
        user = {"src__base__user_cc": '#include "base/thing.h"\n'}
        self.assertEqual(findings(src__base__thing_h="#pragma once\n", **user),
                         [("header-comment", "src/base/thing.h", 1)])
        self.assertEqual(findings(src__base__thing_h="// A thing.\n#pragma once\n", **user), [])


class HouseTest(unittest.TestCase):
    def test_rooms_are_read_from_cmake(self):
        rooms = tidy.read_rooms([tidy.SourceFile("CMakeLists.txt", CMAKE)])
        self.assertEqual(rooms["state"], {"base", "data", "state"})
        self.assertEqual(rooms["api"], {"base", "data", "state", "api"})

    def test_includes_go_downhill(self):
        def include(line, room="data"):
            return rules(f"#include {line}\n", f"src__{room}__thing_cc")

        self.assertEqual(include('"base/status.h"'), [])
        self.assertEqual(include('"state/table.h"'), ["include"])
        self.assertEqual(include('"../state/table.h"'), ["include"])
        self.assertEqual(include('"base/../state/table.h"'), ["include"])
        self.assertEqual(include('"sibling.h"'), ["include"])
        self.assertEqual(include("<state/table.h>"), ["include"])
        self.assertEqual(include("<vector>"), [])
        self.assertEqual(include('"thalweg/session.h"'), ["include"])
        self.assertEqual(include('"thalweg/session.h"', "api"), [])
        self.assertEqual(rules('// #include "state/table.h"\n', "src__data__thing_cc"), [])

    def test_the_front_door_includes_nothing_inner(self):
        header = '// x\n#include "base/status.h"\n'
        self.assertEqual(findings(include__thalweg__a_h=header), [
            ("include", "include/thalweg/a.h", 2)])

    def test_dead_headers(self):
        header = "// A thing.\n"
        own = '#include "base/thing.h"\n'
        alone = findings(src__base__thing_h=header, src__base__thing_cc=own)
        self.assertEqual(alone, [("dead", "src/base/thing.h", 1)])
        used = findings(src__base__thing_h=header, src__base__thing_cc=own,
                        src__data__user_cc=own)
        self.assertEqual(used, [])
        self.assertEqual(rules("X(1)\n", "src__base__table_inc"), ["dead"])

    def test_links(self):
        page = "[a](../b.md#part) [b](missing.md) [c](https://x.org/y) [d](../..)\n"
        self.assertEqual(findings(docs__a__page_md=page, docs__b_md="b\n"),
                         [("dead-link", "docs/a/page.md", 1)])

    def test_places(self):
        self.assertEqual(rules("int a;\n", "src__base__thing_cpp"), ["place"])
        self.assertEqual(rules("int a;\n", "src__attic__thing_cc"), ["place"])
        self.assertEqual(rules("int a;\n", "src__thing_cc"), ["place"])


if __name__ == "__main__":
    unittest.main()
