"""Mistakes in case.toml: named with file, line and a suggestion, and nothing runs."""

import unittest

from support import CASE_TOML, Scratch


class CaseFileFaults(Scratch):
    def assert_refused(self, toml, *texts):
        self.add_case("mine", toml=toml)
        finished = self.exportgate("run")
        self.assert_says(finished, 2, "cases/mine/case.toml:", *texts)
        self.assertFalse((self.folder / ".exportgate").exists(), "something ran")
        self.assertFalse((self.folder / "golden").exists())

    def line_of(self, toml, text):
        return f"case.toml:{toml[: toml.index(text)].count(chr(10)) + 1}:"

    def test_unknown_key(self):
        toml = CASE_TOML.replace("dims_styles =", "dim_styles =")
        self.assert_refused(toml, self.line_of(toml, "dim_styles"), '"dim_styles"', "dims_styles")

    def test_misspelt_dim(self):
        toml = CASE_TOML.replace('x = ["batch"', 'x = ["bacth"')
        self.assert_refused(toml, self.line_of(toml, "bacth"), '"bacth"', 'did you mean "batch"')

    def test_missing_pair_value(self):
        toml = CASE_TOML.replace("{ batch = 3, clength = 5 }", "{ batch = 3 }")
        self.assert_refused(toml, self.line_of(toml, "{ batch = 3 }"), "b3c5", "clength")

    def test_unknown_kind(self):
        toml = CASE_TOML.replace('kinds = ["plain"]', 'kinds = ["plian"]')
        self.assert_refused(toml, self.line_of(toml, "plian"), '"plian"', "plain")

    def test_not_toml(self):
        toml = CASE_TOML.replace("[dims]", "[dims")
        self.assert_refused(toml, "case.toml:")

    def test_all_mistakes_are_reported_at_once(self):
        toml = CASE_TOML.replace('x = ["batch"', 'x = ["bacth"').replace("plain", "plian")
        self.assert_refused(toml, "bacth", "plian")

    def test_duplicate_case(self):
        self.add_case("mine")
        (self.folder / "cases" / "again").symlink_to("mine")
        finished = self.exportgate("run")
        self.assert_says(finished, 2, "again", "mine")
        self.assertFalse((self.folder / ".exportgate").exists(), "something ran")

    def test_no_case_at_all(self):
        self.assert_says(self.exportgate("run"), 2, "cases")

    def test_missing_folder(self):
        self.assert_says(self.exportgate("run", "--cases", "nowhere"), 2, "nowhere")


if __name__ == "__main__":
    unittest.main()
