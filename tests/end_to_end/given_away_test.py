"""One program given to AOTInductor and a C++ process, one to ONNX Runtime: for real."""

import os
import subprocess
import unittest

from consumer_support import ALL, ONNX, PAIR, STATIC, Consumers, example
from support import EXPORTGATE

BUDGET = ("--consumer-timeout", "600")

# As the example, except for what runs the program: a package that does not check its inputs.
UNCHECKED = """
            package = message["prepare"]["folder"] + "/package.pt2"
            program = torch.export.load(message["prepare"]["program"])
            torch._inductor.aoti_compile_and_package(program, package_path=package)
            program = torch._inductor.aoti_load_package(package)
"""


# The mistake of exporting again without dynamic shapes, on the way to ONNX.
BECOMES_STATIC = """
import torch

convert = torch.onnx.export


def without_dynamic_shapes(program, **options):
    arguments, _ = program.example_inputs
    return convert(torch.export.export(program.module(), arguments), **options)


torch.onnx.export = without_dynamic_shapes
"""


def is_failed(check):
    return check["status"] == "fail"


class GivenAway(Consumers):
    def only(self, check, cell, **variables):
        finished, checks = self.checks_of(
            *("--consumers", check, "--checks", f"run,{check}", *BUDGET, cell), **variables
        )
        self.assertEqual(len(checks), 1, finished)
        return checks.popitem()[1][check]

    @unittest.skipUnless(ALL, "compiles a program for a minute: ci/test --all")
    def test_aoti_runs_in_a_process_without_python(self):
        self.add("sound")
        found = self.only("aoti", f"sound/{PAIR}")
        self.assertEqual(found["status"], "pass", found)
        runner = EXPORTGATE.resolve().parent / "environments/default/worker/exportgate-aoti"
        libraries = subprocess.run(
            ["ldd", runner], capture_output=True, text=True, check=True
        ).stdout
        self.assertIn("libtorch_cpu", libraries)
        self.assertNotIn("libpython", libraries)
        self.assertNotIn("torch_python", libraries)

    @unittest.skipUnless(ALL, "compiles a second program: ci/test --all")
    def test_a_package_without_checks_takes_what_it_was_not_compiled_for(self):
        self.add("sound")
        loads = '            program = torch.export.load(message["prepare"]["program"]).module()\n'
        self.assertIn(loads, example())
        (self.folder / "consumer.py").write_text(example().replace(loads, UNCHECKED))
        _, checks = self.checks_of("--consumers", "consumer", *BUDGET, f"sound/{STATIC}")
        found = checks["sound/static"]
        failing = {name: check["reasons"] for name, check in found.items() if is_failed(check)}
        self.assertEqual(failing, {"consumer": ["pair b4c11: accepted by a static program"]})
        self.assertIn("run", found)

    def test_onnx_runs_in_a_process_without_torch_and_dims_that_it_loses_are_named(self):
        self.assertTrue(ONNX.is_dir(), f"{ONNX} is missing: ci/test installs it")
        self.add("sound")
        self.add("becomes_static")
        case = self.folder / "cases" / "becomes_static" / "case.py"
        case.write_text(case.read_text() + BECOMES_STATIC)
        path = os.pathsep.join(filter(None, [str(ONNX), os.environ.get("PYTHONPATH", "")]))
        asked = ("--consumers", "onnx", *BUDGET, f"*/{PAIR}")
        _, checks = self.checks_of(*asked, PYTHONPATH=path)
        self.assertEqual(checks["sound/named"]["onnx"]["status"], "pass", checks["sound/named"])
        found = checks["becomes_static/named"]
        self.assertEqual([name for name in found if is_failed(found[name])], ["onnx"], found)
        reasons = found["onnx"]["reasons"]
        named = 'cache.key_cache[0] dim 2: symbolic "length" in the program, 5 in the model'
        self.assertIn(named, reasons)
        self.assertTrue(any(one.startswith("pair b4c11: refused: ") for one in reasons), reasons)


if __name__ == "__main__":
    unittest.main()
