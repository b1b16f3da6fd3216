"""What consumers make of a program is made once for all cells of a case with that program."""

import os
import unittest

from consumer_support import ONNX, Consumers

# Says each time that it is called, and makes what is no model.
CASE = """
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister
from layered_cache import Model as WithoutBuffer

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]
SCALE = 3.0 if issubclass(LayeredCache, torch.nn.Module) else 2.0


class Model(WithoutBuffer):
    def __init__(self):
        super().__init__()
        self.register_buffer("scale", torch.tensor([SCALE]))

    def forward(self, x, cache):
        return super().forward(self.scale * x, cache)


class NoModel:
    def save(self, file):
        open(file, "w").close()


def export(*_, **__):
    with open("CALLS", "a") as calls:
        calls.write(f"{SCALE} ")
    return NoModel()


torch.onnx.export = export
"""


class Shared(Consumers):
    def test_equal_programs_are_made_once_and_other_values_are_another_program(self):
        calls = self.folder / "calls"
        self.add("scales")
        case = self.folder / "cases" / "scales"
        (case / "case.py").write_text(CASE.replace("CALLS", str(calls)))
        declared = (case / "case.toml").read_text()
        declared = declared.replace('["plain"]\nmodes', '["plain", "module"]\nmodes')
        declared = declared.replace('["b3c5"]', '["b3c5", "b4c11"]')
        (case / "case.toml").write_text(declared)
        path = os.pathsep.join(filter(None, [str(ONNX), os.environ.get("PYTHONPATH", "")]))
        asked = ("--consumers", "onnx", "--checks", "run,onnx", "--jobs", "1", "*/named/*")
        _, cells = self.judged("run", *asked, PYTHONPATH=path)
        checks = [cell["observed"]["checks"][-1] for cell in cells.values()]
        # Each cell was given away, and to no avail.
        self.assertEqual([check["name"] for check in checks], ["onnx"] * 4)
        self.assertEqual({check["status"] for check in checks}, {"fail"})
        self.assertEqual(calls.read_text().split(), ["2.0", "3.0"])
        # Nothing outlives the run.
        calls.unlink()
        self.judged("run", "--fresh", *asked, PYTHONPATH=path)
        self.assertEqual(calls.read_text().split(), ["2.0", "3.0"])


if __name__ == "__main__":
    unittest.main()
