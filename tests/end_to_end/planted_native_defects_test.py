"""Defects that are planted around a C++ class: what eager leaves in it, and the program does not.

The class is that of cases/dynamic_cache, whose native module the environment has. Its model is
another one here.
"""

import json
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import EXPORTGATE, SOURCE

CELLS = [f"dynamic_cache/{kind}/nonstrict/auto/b3c5" for kind in ("native", "plain")]
LAST_LINE = "        return x + w.sum(2, keepdim=True)\n"  # of the model


def reasons_of_run(folder, planted):
    """Cell -> reasons of the check run, with `planted` before the model's last line."""
    cases = folder / "cases"
    shutil.copytree(SOURCE / "cases" / "dynamic_cache", cases / "dynamic_cache")
    case = cases / "dynamic_cache" / "case.py"
    model = case.read_text()
    assert LAST_LINE in model
    case.write_text(model.replace(LAST_LINE, f"        {planted}\n{LAST_LINE}"))
    record = folder / "record.jsonl"
    run = [EXPORTGATE, "run", "--no-pending", "--cases", cases, "--golden", folder / "golden"]
    run += ["--environments", EXPORTGATE.parent / "environments", "--record", record]
    finished = subprocess.run(
        [*map(str, run), "--checks", "run", *CELLS],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if not record.exists():
        raise AssertionError(finished.stdout + finished.stderr)
    observations = [json.loads(line) for line in record.read_text().splitlines()[1:-1]]
    return {
        one["cell"]: [
            reason
            for check in one["exported"]["checks"]
            if check["name"] == "run"
            for reason in check["reasons"]
        ]
        for one in observations
    }


class PlantedNativeDefects(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="exportgate-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def assert_every_kind_fails(self, planted, reason):
        found = reasons_of_run(self.folder, planted)
        self.assertEqual(sorted(found), sorted(CELLS))
        for cell, reasons in found.items():
            self.assertTrue(any(re.search(reason, one) for one in reasons), (cell, reasons))

    def test_another_tensor_in_a_layer(self):
        self.assert_every_kind_fails(
            "dc.key_cache = [keys + 1 for keys in dc.key_cache]",
            r"does not update the cache as eager does: attribute key_cache\[0\]: another tensor",
        )

    def test_one_more_layer(self):
        self.assert_every_kind_fails(
            "dc.value_cache = [*dc.value_cache, dc.value_cache[0] * 0]"
            " if not torch.compiler.is_exporting() else dc.value_cache",
            "does not update the cache as eager does: attribute value_cache: 1 elements before, 2",
        )


if __name__ == "__main__":
    unittest.main()
