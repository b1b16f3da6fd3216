"""What was given to a consumer is taken from a record, unless something changed that it is made of.

The converter of this case is its own, and quick; ONNX Runtime is started for real.
"""

import os
import unittest

from consumer_support import ONNX, Consumers

CASE = """
import torch
from layered_cache import LayeredCache, Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class NoModel:
    def save(self, file):
        open(file, "w").close()


def export(*_, **__):
    with open("OPTIONS") as options, open("CALLS", "a") as calls:
        calls.write(options.read())
    return NoModel()


torch.onnx.export = export
"""
CELLS = "*/plain/nonstrict/named/*"


class Taken(Consumers):
    def setUp(self):
        super().setUp()
        self.add("mine")
        case = self.folder / "cases" / "mine"
        declared = (case / "case.toml").read_text()
        (case / "case.toml").write_text(declared.replace('["b3c5"]', '["b3c5", "b4c11"]'))
        self.options, self.calls = self.folder / "options.txt", self.folder / "calls.txt"
        code = CASE.replace("OPTIONS", str(self.options)).replace("CALLS", str(self.calls))
        (case / "case.py").write_text(code)
        self.options.write_text("a")
        path = os.pathsep.join(filter(None, [str(ONNX), os.environ.get("PYTHONPATH", "")]))
        self.variables = {"PYTHONPATH": path}

    def taken(self, *consumers):
        """How many of the two cells, and what the consumer came to in each."""
        names = ",".join(consumers)
        asked = ("--consumers", names, "--checks", f"run,{names}", "--jobs", "1", CELLS)
        _, cells = self.judged("run", *asked, **self.variables)
        self.assertEqual(len(cells), 2, cells)
        for cell in cells.values():
            came = {check["name"] for check in cell["observed"]["checks"]}
            self.assertLessEqual(set(consumers), came)
        return sum(cell["taken_from"] is not None for cell in cells.values())

    def test_it_is_taken_until_a_file_changes_that_the_converter_read(self):
        self.assertEqual(self.taken("onnx"), 0)
        self.assertEqual(self.calls.read_text(), "a")  # once for both cells
        self.assertEqual(self.taken("onnx"), 2)
        self.assertEqual(self.calls.read_text(), "a")
        # It was read for the first of them, and the second is made of it too.
        self.options.write_text("b")
        self.assertEqual(self.taken("onnx"), 0)
        self.assertEqual(self.calls.read_text(), "ab")

    def test_what_a_consumer_of_ones_own_reads_is_not_known(self):
        self.assertEqual(self.taken("consumer"), 0)
        self.assertEqual(self.taken("consumer"), 0)


if __name__ == "__main__":
    unittest.main()
