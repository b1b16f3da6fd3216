"""One program given to AOTInductor and a C++ process, one to ONNX Runtime: for real."""

import os
import subprocess
import unittest

from consumer_support import PAIR, STATIC, Consumers, example
from support import EXPORTGATE, SOURCE

ONNX = SOURCE / "build" / "onnx"  # where ci/test installs it, beside no environment
BUDGET = ("--consumer-timeout", "600")

# As the example, but for what runs the program: a package that does not check its inputs.
UNCHECKED = """
            package = message["prepare"]["folder"] + "/package.pt2"
            program = torch.export.load(message["prepare"]["program"])
            torch._inductor.aoti_compile_and_package(program, package_path=package)
            program = torch._inductor.aoti_load_package(package)
"""


class GivenAway(Consumers):
    def only(self, check, cell, **variables):
        finished, checks = self.checks_of(
            *("--consumers", check, "--checks", f"run,{check}", *BUDGET, cell), **variables
        )
        self.assertEqual(len(checks), 1, finished)
        return checks.popitem()[1][check]

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

    def test_a_package_without_checks_takes_what_it_was_not_compiled_for(self):
        self.add("sound")
        loads = '            program = torch.export.load(message["prepare"]["program"]).module()\n'
        self.assertIn(loads, example())
        (self.folder / "consumer.py").write_text(example().replace(loads, UNCHECKED))
        found = self.only("consumer", f"sound/{STATIC}")
        self.assertEqual(found["status"], "fail", found)
        self.assertEqual(found["reasons"], ["pair b4c11: accepted by a static program"])

    def test_onnx_runs_in_a_process_without_torch(self):
        self.assertTrue(ONNX.is_dir(), f"{ONNX} is missing: ci/test installs it")
        self.add("sound")
        path = os.pathsep.join(filter(None, [str(ONNX), os.environ.get("PYTHONPATH", "")]))
        found = self.only("onnx", f"sound/{PAIR}", PYTHONPATH=path)
        self.assertEqual(found["status"], "pass", found)


if __name__ == "__main__":
    unittest.main()
