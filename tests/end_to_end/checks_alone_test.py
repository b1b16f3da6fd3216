"""A check that is carried out alone says what it says beside all others.

Some leave out what `run` says already. A program that does not run as it should shows it.
"""

import json
import unittest

from support import SOURCE, Scratch

BUILD_ON_RUN = ("bounds", "traits", "save_load", "decompose", "retrace")


def status(line):
    return {check["name"]: check["status"] for check in line["exported"]["checks"]}


class ChecksAlone(Scratch):
    def setUp(self):
        super().setUp()
        lines = (SOURCE / "tests/recordings/2.13.0.jsonl").read_text().splitlines()
        seen = [line for line in map(json.loads, lines) if "exported" in line]
        failing = [line["cell"] for line in seen if status(line)["run"] == "fail"]
        self.cells = failing[:1] + failing[-1:]  # of two cases
        self.assertEqual(len(set(self.cells)), 2)

    def test_it_comes_to_what_is_expected_of_it(self):
        for check in BUILD_ON_RUN:
            with self.subTest(check):
                finished = self.exportgate(
                    *("run", *self.cells, "--checks", check, "--record", f"{check}.jsonl"),
                    *("--cases", SOURCE / "cases", "--golden", SOURCE / "golden", "--no-pending"),
                )
                self.assert_says(finished, 0, "2 cells on torch 2.13.0: all as expected. PASSED")
                head = json.loads((self.folder / f"{check}.jsonl").read_text().splitlines()[0])
                left_out = head["record"]["checks_left_out"]
                self.assertNotIn("run", left_out)
                self.assertNotIn(check, left_out)
                self.assertIn("model", left_out)


if __name__ == "__main__":
    unittest.main()
