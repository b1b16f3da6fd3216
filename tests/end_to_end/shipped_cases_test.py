"""What the shipped cases promise about themselves, and no run of them shows."""

import difflib
import unittest

from support import SOURCE, Scratch

CASES = SOURCE / "cases"


def changed_lines(one, other):
    """The lines of two Python files that differ, stripped, without their docstrings."""
    code = [path.read_text().split('"""', 2)[2].splitlines() for path in (one, other)]
    return [line for line in difflib.ndiff(*code) if line[:2] in ("- ", "+ ")]


class ShippedCases(Scratch):
    def test_the_fixed_recipe_differs_in_nothing_but_the_fix(self):
        recipe, fixed = CASES / "dynamic_cache", CASES / "dynamic_cache_fixed"
        self.assertEqual(
            changed_lines(recipe / "case.py", fixed / "case.py"),
            [
                "-             or len(self.key_cache[layer_idx]) == 0",
                "+             or self.key_cache[layer_idx].numel() == 0",
            ],
        )

    def test_every_case_can_be_listed_and_says_why_it_is_there(self):
        listed = self.assert_says(self.exportgate("list", "--cases", CASES), 0)
        for case in CASES.glob("*/case.toml"):
            self.assertIn(f"{case.parent.name}/", listed.out)
            self.assertTrue(case.read_text().startswith('summary = "'), case)
            self.assertIn(f"`{case.parent.name}`", self.table_of_cases(), "in cases/README.md")

    def table_of_cases(self):
        text = (CASES / "README.md").read_text()
        names = ", ".join(
            line.split("|")[1] for line in text.splitlines() if line.startswith("| `")
        )
        for tail in ("clones", "concatenates", "slices"):
            names = names.replace(f"`_{tail}`", f"`leaf_identity_{tail}`")
        return names


if __name__ == "__main__":
    unittest.main()
