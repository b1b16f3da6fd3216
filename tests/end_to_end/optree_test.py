"""Where optree is installed torch has a second pytree: pytree and registry look there too."""

import json
import os
import shutil
import unittest

from support import SOURCE, Prepared

OPTREE = SOURCE / "build" / "optree"  # where ci/test installs it, beside no environment
FORGETS = """
import layered_cache
layered_cache.unregister_from_optree = lambda _: None
"""
CLONES = """
import layered_cache


def register(cache_class):
    import optree

    layered_cache.register(cache_class)
    optree.unregister_pytree_node(cache_class, namespace="torch")
    optree.register_pytree_node(
        cache_class,
        lambda cache: (*layered_cache.flatten(cache), ("key_cache", "value_cache")),
        lambda context, children: layered_cache.unflatten_into(
            cache_class, [[leaf.clone() for leaf in layers] for layers in children], context
        ),
        namespace="torch",
    )
"""


class Optree(Prepared):
    def prepare(self):
        """One run of a case that passes all checks, and of two that have code after its imports."""
        self.assertTrue(OPTREE.is_dir(), f"{OPTREE} is missing: ci/test installs it")
        cases = self.folder / "cases"
        shutil.copy(SOURCE / "cases" / "layered_cache.py", cases)
        for name, code in (("sound", ""), ("forgets", FORGETS), ("clones", CLONES)):
            shutil.copytree(SOURCE / "cases" / "layers_2", cases / name)
            case_py = cases / name / "case.py"
            case_py.write_text(case_py.read_text() + code)
        path = os.pathsep.join(filter(None, [str(OPTREE), os.environ.get("PYTHONPATH", "")]))
        self.judged("run", "*/nonstrict/*", "--no-pending", PYTHONPATH=path)

    def checks_of(self, case):
        """The checks of the case's cells, by name."""
        cells = json.loads((self.folder / "report.json").read_text())["cells"]
        found = [cell["observed"]["checks"] for cell in cells if cell["name"].startswith(case)]
        self.assertTrue(found)
        return [{check["name"]: check for check in checks} for checks in found]

    def test_a_case_that_unregisters_everywhere_passes(self):
        for checks in self.checks_of("sound"):
            self.assertEqual({check["status"] for check in checks.values()}, {"pass"}, checks)

    def test_an_unregister_that_forgets_optree_fails_registry(self):
        for checks in self.checks_of("forgets"):
            registry = checks["registry"]
            self.assertEqual(registry["status"], "fail")
            stays = 'LayeredCache stays in optree\'s namespace "torch"'
            self.assertIn(stays, registry["reasons"])

    def test_an_unflatten_that_is_another_one_in_optree_fails_pytree(self):
        for checks in self.checks_of("clones"):
            pytree = checks["pytree"]
            self.assertEqual(pytree["status"], "fail")
            self.assertEqual(len(pytree["reasons"]), 1)
            self.assertIn("C++ pytree: leaf identity is lost", pytree["reasons"][0])


if __name__ == "__main__":
    unittest.main()
