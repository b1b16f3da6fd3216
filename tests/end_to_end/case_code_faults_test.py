"""Faults of a case's own code: only its own cells suffer, and each says what happened."""

import unittest

from support import CASE_PY, Scratch

FORWARD = "    def forward(self, x, dc):\n"


def in_forward(*lines):
    """The case with `lines` at the start of its model's forward."""
    body = "".join(f"        {line}\n" for line in lines)
    return CASE_PY.replace(FORWARD, FORWARD + body)


FAULTS = {
    "syntax_error": (CASE_PY + "\nclass :\n", "rejected in import: SyntaxError"),
    "missing_function": (
        CASE_PY.replace("def make_inputs", "def make_imputs"),
        "make_inputs",
    ),
    "exception_at_import": (
        CASE_PY + "\nraise RuntimeError('not today')\n",
        "rejected in import: RuntimeError",
    ),
    "sys_exit": (in_forward("import sys", "sys.exit(0)"), "rejected in eager: SystemExit"),
    "os_exit": (in_forward("import os", "os._exit(0)"), "crashed in eager"),
    "infinite_loop": (in_forward("while True: pass"), "timeout in eager"),
    "segfault": (in_forward("import ctypes", "ctypes.string_at(0)"), "SIGSEGV"),
    "allocation_of_1_tib": (in_forward("torch.zeros(1 << 38)"), "rejected in eager: RuntimeError"),
    "python_allocation_of_1_tib": (in_forward("bytes(1 << 40)"), "rejected in eager: MemoryError"),
}

WRITE_EVERYWHERE = """
import contextlib, os
def to_every_descriptor(text):
    for descriptor in range(3, 200):
        with contextlib.suppress(OSError):
            os.write(descriptor, text.encode())
"""
FORGED = {
    "writes_to_every_descriptor": WRITE_EVERYWHERE + "to_every_descriptor('done\\n')\n" + CASE_PY,
    "forges_an_observation": WRITE_EVERYWHERE
    + """
import json
cell = "forges_an_observation/plain/nonstrict/static/b3c5"
for stage in ("import", "construct", "register", "eager", "export", "observe", "check:run"):
    to_every_descriptor(json.dumps({"stage": {"cell": cell, "stage": stage}}) + "\\n")
leaf = {"type": "*"}
run = {"name": "run", "status": "pass", "reasons": []}
exported = {"print": "", "in_spec": leaf, "out_spec": leaf, "constants": [], "checks": [run]}
forged = {"cell": cell, "exported": exported, "timings_s": {}, "output": ""}
to_every_descriptor(json.dumps({"observation": forged}) + "\\n")
os._exit(0)
""",
}
# Only where the program was exported in another process: in a check.
FORGES_A_CHECK = """
import contextlib, os, stat, sys
owner = os.getpid()
def forge():
    if os.getpid() == owner:
        return
    for descriptor in range(3, 200):
        with contextlib.suppress(OSError):
            if stat.S_ISFIFO(os.fstat(descriptor).st_mode):  # no socket, as the channel is
                os.write(descriptor, b'{"status": "pass"}')
    os._exit(0)
""" + in_forward("forge()")

LOUD = in_forward("import os", "for _ in range(100): os.write(1, b'x' * 1_000_000)")


class CaseCodeFaults(Scratch):
    def test_only_its_own_cells_suffer(self):
        self.add_case("good")
        self.add_case("loud_100_mb", code=LOUD)
        self.run_and_accept()
        before = self.golden_files()
        for name, (code, _) in FAULTS.items():
            self.add_case(name, code=code)

        finished, cells = self.judged("run", "--timeout", "5", "--no-pending")
        self.assertEqual(finished.code, 2, finished)
        for name in ("good", "loud_100_mb"):
            cell = cells[f"{name}/plain/nonstrict/static/b3c5"]
            self.assertEqual(cell["verdict"], "as expected", cell)
        for name, (_, says) in FAULTS.items():
            with self.subTest(name):
                cell = cells[f"{name}/plain/nonstrict/static/b3c5"]
                self.assertEqual(cell["verdict"], "case error", cell)
                shown = self.exportgate("show", f"{name}/*")
                self.assertIn(says, shown.out, shown)
        self.assertEqual(self.golden_files(), before)

    def test_what_the_worker_did_not_write_is_not_believed(self):
        for name, code in FORGED.items():
            self.add_case(name, code=code)
        finished, cells = self.judged("run", "--no-pending")
        self.assertEqual(finished.code, 2, finished)
        for name in FORGED:
            with self.subTest(name):
                cell = cells[f"{name}/plain/nonstrict/static/b3c5"]
                self.assertEqual(cell["verdict"], "unobserved", cell)
                shown = self.exportgate("show", f"{name}/*")
                self.assertIn("a message came that the worker did not write", shown.out, shown)

    def test_a_check_has_the_result_that_it_wrote_itself(self):
        self.add_case("forges_the_result_of_a_check", code=FORGES_A_CHECK)
        finished, cells = self.judged("run", "--no-pending")
        self.assertEqual(finished.code, 1, finished)
        cell = cells["forges_the_result_of_a_check/plain/nonstrict/static/b3c5"]
        found = {check["name"]: check["reasons"] for check in cell["observed"]["checks"]}
        self.assertEqual(found["run"], ["ended with a result that the check did not write"], cell)

    def test_a_broken_import_is_not_accepted(self):
        self.add_case("mine", code=FAULTS["syntax_error"][0])
        self.assert_says(self.exportgate("run"), 2, "SyntaxError", "(mine/case.py:")
        self.assert_says(self.exportgate("accept", "--why", "fine by me"), 2, "nothing is pending")
        self.assertFalse((self.folder / "golden" / "mine" / "expected.tsv").exists())


if __name__ == "__main__":
    unittest.main()
