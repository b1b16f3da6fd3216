"""Programs that export and are wrong: none of them may end as expected."""

import json
import shutil
import unittest

from support import CASE_PY, CASE_TOML, SOURCE, Prepared

FORWARD = "    def forward(self, x, dc):\n"
SUM = "w = values + keys"


def with_line(line, replacement):
    """The case with one of its lines replaced."""
    assert CASE_PY.count(line) == 1, line
    return CASE_PY.replace(line, replacement)


# What is exported subtracts; what runs eagerly adds.
SUBTRACTS = "w = values - keys if torch.compiler.is_exporting() else values + keys\n        w = w"
BAKED = "        if torch.compiler.is_exporting():\n            x = torch.full_like(x, 0.5)\n"
# What is exported has dynamic dims although none was asked for.
LOOSE = """
_export = torch.export.export
_auto = torch.export.Dim.AUTO
_cache = [{0: _auto, 2: _auto}]
torch.export.export = lambda model, args, dynamic_shapes, strict: _export(
    model, args, dynamic_shapes=({0: _auto}, [_cache, _cache]), strict=strict
)
"""


class PlantedDefects(Prepared):
    def prepare(self):
        """One run of all the cases."""
        self.add_case("sound")
        self.add_case("subtracts", code=with_line(SUM, SUBTRACTS))
        self.add_case("bakes_in", code=with_line(FORWARD, FORWARD + BAKED))
        loose = with_line(
            "or len(self.key_cache[layer_idx]) == 0", "or self.key_cache[layer_idx].numel() == 0"
        )
        second_pair = "b4c11 = { batch = 4, clength = 11 }\n"
        self.add_case("loose", code=loose + LOOSE, toml=CASE_TOML + second_pair)
        # Named like the case whose native module the worker was built with.
        case = self.add_case("dynamic_cache", code=with_line(SUM, "w = values - keys"))
        shutil.copy(SOURCE / "cases" / "dynamic_cache" / "native.cpp", case)
        finished = self.exportgate("run", "--no-pending", "--json", "report.json")
        self.assertEqual(finished.code, 2, finished)
        (self.folder / "said.txt").write_text(finished.out)

    def observed(self, case):
        report = json.loads((self.folder / "report.json").read_text())
        name = f"{case}/plain/nonstrict/static/b3c5"
        return next(cell["observed"] for cell in report["cells"] if cell["name"] == name)

    def checks_of(self, case):
        """The checks of the case's exported cell, by name."""
        observed = self.observed(case)
        self.assertEqual(observed["status"], "exported", observed)
        return {check["name"]: check for check in observed["checks"]}

    def test_the_case_without_a_defect_fails_of_the_recipe_alone(self):
        checks = self.checks_of("sound")
        failing = {name for name, check in checks.items() if check["status"] == "fail"}
        self.assertEqual(failing, {"pytree", "registry"})

    def test_a_program_that_computes_something_else(self):
        run = self.checks_of("subtracts")["run"]
        self.assertEqual(run["status"], "fail")
        self.assertEqual(run["reasons"], ["pair b3c5: differs from eager"])

    def test_a_program_that_kept_the_values_it_was_exported_with(self):
        run = self.checks_of("bakes_in")["run"]
        self.assertEqual(run["reasons"], ["pair b3c5: differs from eager"])

    def test_a_static_program_that_accepts_another_pair(self):
        checks = self.checks_of("loose")
        self.assertEqual(checks["run"]["reasons"], ["pair b4c11: accepted by a static program"])
        self.assertEqual(checks["dims"]["status"], "fail")

    def test_a_model_that_is_not_the_one_of_the_reference(self):
        self.assertEqual(self.observed("dynamic_cache")["status"], "rejected")
        said = (self.folder / "said.txt").read_text()
        self.assertIn("rejected in eager", said)
        self.assertIn("differs from the C++ reference", said)


if __name__ == "__main__":
    unittest.main()
