"""Where optree is installed torch has a second pytree: pytree and registry look there too."""

import os
import shutil
import unittest

from support import SOURCE, Scratch

OPTREE = SOURCE / "build" / "optree"  # where ci/test installs it, beside no environment


class Optree(Scratch):
    def checks_of(self, code=""):
        """The checks of cells of a case that passes them all, with `code` after its imports."""
        self.assertTrue(OPTREE.is_dir(), f"{OPTREE} is missing: ci/test installs it")
        cases = self.folder / "cases"
        shutil.copy(SOURCE / "cases" / "layered_cache.py", cases)
        shutil.copytree(SOURCE / "cases" / "layers_2", cases / "layers_2")
        case_py = cases / "layers_2" / "case.py"
        case_py.write_text(case_py.read_text() + code)
        path = os.pathsep.join(filter(None, [str(OPTREE), os.environ.get("PYTHONPATH", "")]))
        _, cells = self.judged("run", "*/nonstrict/*", "--no-pending", PYTHONPATH=path)
        self.assertTrue(cells)
        return [
            {check["name"]: check for check in cell["observed"]["checks"]}
            for cell in cells.values()
        ]

    def test_a_case_that_unregisters_everywhere_passes(self):
        for checks in self.checks_of():
            self.assertEqual({check["status"] for check in checks.values()}, {"pass"}, checks)

    def test_an_unregister_that_forgets_optree_fails_registry(self):
        code = "\nimport layered_cache\nlayered_cache.unregister_from_optree = lambda _: None\n"
        for checks in self.checks_of(code):
            registry = checks["registry"]
            self.assertEqual(registry["status"], "fail")
            stays = 'LayeredCache stays in optree\'s namespace "torch"'
            self.assertIn(stays, registry["reasons"])

    def test_an_unflatten_that_is_another_one_in_optree_fails_pytree(self):
        code = """
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
        for checks in self.checks_of(code):
            pytree = checks["pytree"]
            self.assertEqual(pytree["status"], "fail")
            self.assertEqual(len(pytree["reasons"]), 1)
            self.assertIn("C++ pytree: leaf identity is lost", pytree["reasons"][0])


if __name__ == "__main__":
    unittest.main()
