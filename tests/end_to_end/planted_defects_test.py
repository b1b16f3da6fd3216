"""Programs that export and are wrong: none of them may end as expected."""

import shutil
import textwrap
import unittest

from support import CASE_PY, CASE_TOML, SOURCE, Scratch

FORWARD = "    def forward(self, x, dc):\n"
SUM = "w = values + keys"


class PlantedDefects(Scratch):
    def checks_of(self, code, toml=CASE_TOML):
        """The checks of an exported cell whose case has `code`, by name."""
        self.add_case("mine", code=code, toml=toml)
        finished, cells = self.judged("run", "--no-pending")
        self.assertEqual(finished.code, 1, finished)
        observed = cells["mine/plain/nonstrict/static/b3c5"]["observed"]
        self.assertEqual(observed["status"], "exported", finished)
        return {check["name"]: check for check in observed["checks"]}

    def test_the_case_without_a_defect_fails_of_the_recipe_alone(self):
        checks = self.checks_of(CASE_PY)
        failing = {name for name, check in checks.items() if check["status"] == "fail"}
        self.assertEqual(failing, {"pytree", "registry"})

    def test_a_program_that_computes_something_else(self):
        # What is exported subtracts; what runs eagerly adds.
        wrong = "w = values - keys if torch.compiler.is_exporting() else values + keys"
        self.assertIn(SUM, CASE_PY)
        run = self.checks_of(CASE_PY.replace(SUM, f"{wrong}\n        w = w"))["run"]
        self.assertEqual(run["status"], "fail")
        self.assertEqual(run["reasons"], ["pair b3c5: differs from eager"])

    def test_a_program_that_kept_the_values_it_was_exported_with(self):
        baked = (
            "        if torch.compiler.is_exporting():\n            x = torch.full_like(x, 0.5)\n"
        )
        run = self.checks_of(CASE_PY.replace(FORWARD, FORWARD + baked))["run"]
        self.assertEqual(run["reasons"], ["pair b3c5: differs from eager"])

    def test_a_static_program_that_accepts_another_pair(self):
        # What is exported has dynamic dims although none was asked for.
        loose = """
        _export = torch.export.export
        _auto = torch.export.Dim.AUTO
        _cache = [{0: _auto, 2: _auto}]
        torch.export.export = lambda model, args, dynamic_shapes, strict: _export(
            model, args, dynamic_shapes=({0: _auto}, [_cache, _cache]), strict=strict
        )
        """
        code = CASE_PY.replace(
            "or len(self.key_cache[layer_idx]) == 0", "or self.key_cache[layer_idx].numel() == 0"
        )
        toml = CASE_TOML + "b4c11 = { batch = 4, clength = 11 }\n"
        checks = self.checks_of(code + textwrap.dedent(loose), toml)
        self.assertEqual(checks["run"]["reasons"], ["pair b4c11: accepted by a static program"])
        self.assertEqual(checks["dims"]["status"], "fail")

    def test_a_model_that_is_not_the_one_of_the_reference(self):
        # Named like the case whose native module the worker was built with.
        case = self.add_case(
            "dynamic_cache", code=CASE_PY.replace(SUM, "w = values - keys"), toml=CASE_TOML
        )
        shutil.copy(SOURCE / "cases" / "dynamic_cache" / "native.cpp", case)
        finished = self.exportgate("run", "--no-pending")
        self.assert_says(finished, 1, "rejected in eager", "differs from the C++ reference")


if __name__ == "__main__":
    unittest.main()
