"""Tests of wrap_comments.py."""

import unittest

from wrap_comments import wrap

WORDS = "word " * 18  # 90 columns


class WrapTest(unittest.TestCase):
    def test_the_rest_begins_the_next_line_of_the_comment(self):
        text = f"// {WORDS}end of it\n// goes on\nint a;\n"
        self.assertEqual(wrap(text), f"// {WORDS}end of\n// it goes on\nint a;\n")

    def test_a_new_line_where_the_comment_ends(self):
        text = f"  /// {WORDS}end of it\n  int a;\n"
        self.assertEqual(wrap(text), f"  /// {WORDS}end\n  /// of it\n  int a;\n")

    def test_list_items_keep_their_breaks_and_their_indent(self):
        text = f"//  1. {WORDS}end of\n//  2. two\n"
        self.assertEqual(wrap(text), f"//  1. {WORDS}end\n//     of\n//  2. two\n")

    def test_long_tails_ripple(self):
        text = f"// {WORDS}end of it\n// {WORDS}end of\n"
        self.assertEqual(wrap(text), f"// {WORDS}end of\n// it {WORDS}end\n// of\n")

    def test_code_tables_and_short_lines_are_left_alone(self):
        for text in (f"int a;  // {WORDS}end\n", f"//  kWord    {WORDS}end\n", f"// ─ {WORDS}end\n",
                     "// " + "x" * 120 + "\n", f"// {WORDS}\n// short\n"):
            self.assertEqual(wrap(text), text)


if __name__ == "__main__":
    unittest.main()
