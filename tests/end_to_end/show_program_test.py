"""`exportgate show --program`: what checks made of an exported program, from an edited record."""

import json
import unittest

from support import RECORD, SOURCE, Scratch

CELL = "dynamic_cache/plain/strict/named/b3c5"
ADDED = "torch.ops.aten.add.Tensor"


class ShowProgram(Scratch):
    def setUp(self):
        super().setUp()
        self.record = self.folder / "record.jsonl"
        self.print = ""

    def write(self, **programs):
        """A record in which CELL has these programs beside the exported one."""
        lines = RECORD.read_text().splitlines()
        for number, line in enumerate(lines):
            observation = json.loads(line)
            if observation.get("cell") != CELL:
                continue
            exported = observation["exported"]
            self.print = exported["print"]
            self.assertIn(ADDED, self.print)
            for name in ("loaded", "decomposed", "retraced"):
                exported.pop(name, None)
            exported.update({name: edit(self.print) for name, edit in programs.items()})
            lines[number] = json.dumps(observation)
        self.record.write_text("\n".join(lines) + "\n")

    def show(self, *arguments):
        return self.exportgate(
            "show",
            CELL,
            *("--record", self.record),
            *("--cases", SOURCE / "cases"),
            *("--golden", self.folder / "golden"),
            *arguments,
        )

    def test_differs_from_the_exported_program(self):
        self.write(decomposed=lambda text: text.replace(ADDED, "torch.ops.aten.sub.Tensor", 1))
        shown = self.show("--program", "decomposed").out
        self.assertIn(f"{CELL}: the decomposed program\n", shown)
        self.assertIn("against the exported program\n  --- exported\n  +++ decomposed\n", shown)
        self.assertRegex(shown, r"\n  -  %\d+ = aten\.add\.Tensor")
        self.assertRegex(shown, r"\n  \+  %\d+ = aten\.sub\.Tensor")
        self.assertRegex(shown, r"\nexpected \(.*\)\n  nothing\n")
        self.assertRegex(
            self.show().out, r"decomposes into, against the exported one\n  --- exported"
        )

    def test_is_the_exported_program(self):
        self.write(retraced=lambda _: "=", decomposed=lambda _: "=")
        shown = self.show("--program", "retraced").out
        self.assertIn("against the exported program\n  the same graph\n", shown)
        self.assertNotIn("expected", shown)
        self.assertIn("against the exported one\n  the same graph\n", self.show().out)
        self.assertEqual(self.show("--program", "retraced", "--print").out, self.print)

    def guards_of(self, shown):
        """The lines of guards that are compared, and of those that are not."""
        lines = shown[: shown.index("\nexpected (")].splitlines()
        compared, implied = [], []
        for line in lines[lines.index("    guards") + 1 :]:
            if not line.startswith("    "):
                break
            compared.append(line.strip())
        first = lines.index("  guards that follow from shapes and ranges, not compared") + 1
        for line in lines[first:]:
            if not line.startswith("    "):
                break
            implied.append(line.strip())
        return compared, implied

    def test_guards_that_are_not_compared_are_shown(self):
        self.write()
        lines = [json.loads(line) for line in self.record.read_text().splitlines()]
        (seen,) = [line for line in lines if line.get("cell") == CELL]
        guard = "L['x'].size()[0] == L['x'].size()[0]"
        other = "L['x'].size()[0] != 7"
        seen["exported"]["facts"]["guards"] = [guard, other]
        self.record.write_text("".join(json.dumps(line) + "\n" for line in lines))
        compared, implied = self.guards_of(self.show().out)
        self.assertEqual((compared, implied), (["x dim 0 != 7"], ["x dim 0 == x dim 0"]))
        seen["exported"]["facts"]["guards"] = []
        self.record.write_text("".join(json.dumps(line) + "\n" for line in lines))
        self.assertEqual(self.guards_of(self.show().out), (["none"], ["none"]))
        del seen["exported"]["facts"]["guards"]
        self.record.write_text("".join(json.dumps(line) + "\n" for line in lines))
        self.assertNotIn("guards", self.show().out)

    def test_is_not_there(self):
        self.write()
        for more in ((), ("--print",)):
            gone = self.show("--program", "loaded", *more)
            self.assert_says(gone, 2, "record.jsonl", f"holds no loaded program of {CELL}")

    def test_cannot_be_read(self):
        self.write(loaded=lambda text: text.replace("Range constraints", "Range", 1))
        self.assert_says(self.show("--program", "loaded"), 2, f"{CELL}, loaded:")

    def test_is_none_that_is_known(self):
        self.write()
        self.assert_says(self.show("--program", "compiled"), 2, "--program", "retraced")


if __name__ == "__main__":
    unittest.main()
