"""`exportgate repro`: a script without exportgate that shows what is wrong with a cell."""

import shutil
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

from support import CASE_PY, EXPORTGATE, RECORD, SOURCE, Scratch

sys.path.insert(0, str(SOURCE / "harness" / "repro"))
from exportgate_repro import leaves_text, shapes_text, sources  # noqa: E402
from exportgate_repro.problem import Problem  # noqa: E402

RECORDINGS = SOURCE / "tests" / "recordings"
ENVIRONMENTS = EXPORTGATE.parent / "environments"


class Repro(Scratch):
    def repro(self, cell, *options, record=RECORD):
        return self.exportgate(
            *("repro", cell, "--record", record, "--output", "shows.py", *options),
            *("--cases", SOURCE / "cases", "--environments", ENVIRONMENTS),
        )

    def test_what_the_export_rejects(self):
        written = self.repro("dynamic_cache/plain/nonstrict/named/b3c5")
        self.assert_says(written, 0, "wrote shows.py", "fails in torch 2.13.0")
        self.assert_says(written, 0, "torch._dynamo.exc.UserError: Constraints violated (batch)!")
        script = (self.folder / "shows.py").read_text()
        self.assertNotIn("exportgate", script)
        self.assertIn("dynamic_shapes=({0: batch}, [[{0: batch, 2: clength}], ", script)

    def test_what_a_check_finds(self):
        written = self.repro("dynamic_cache/plain/nonstrict/auto/b3c5")
        self.assert_says(written, 0, "AssertionError: x dim 0 is the constant 3")

    def test_what_passes_in_another_release_was_not_shown(self):
        cell = "dynamic_cache/plain/strict/named/b3c5"
        written = self.repro(cell, record=RECORDINGS / "2.9.1.jsonl")
        self.assertEqual(written.code, 2)
        self.assertIn("was not run in torch 2.9.1, in which the cell fails", written.err)
        self.assertIn("exportgate env add 2.9.1", written.err)

    def test_what_cannot_be_shown(self):
        for cell, said in {
            "kv_cache/plain/strict/named/b3c5": "all checks pass",
            "dynamic_cache/native/strict/named/b3c5": "has to be compiled",
            "dynamic_cache/plain/strict/*": "matches 8 cells",
            "dynamic_cache/plain/strict/named/b3c6": "did you mean",
        }.items():
            with self.subTest(cell):
                refused = self.repro(cell)
                self.assertEqual(refused.code, 2)
                self.assertIn(said, refused.err)
                self.assertFalse((self.folder / "shows.py").exists())

    def test_a_process_that_dies(self):
        dies = CASE_PY.replace(
            "    def forward(self, x, dc):\n",
            "    def forward(self, x, dc):\n"
            "        if torch.compiler.is_exporting():\n"
            "            os.abort()\n",
        )
        self.add_case("dies", "import os\n" + dies)
        environments = ("--environments", ENVIRONMENTS)
        self.exportgate("run", *environments)
        shown = self.exportgate("repro", "dies/*", "--output", "shows.py", *environments)
        self.assert_says(shown, 0, "fails in torch 2.13.0", "killed by signal 6")

    def test_another_exception_is_not_what_the_record_has(self):
        record = self.folder / "record.jsonl"
        text = RECORD.read_text()
        record.write_text(text.replace('"torch._dynamo.exc.UserError"', '"ValueError"'))
        shown = self.repro("dynamic_cache/plain/nonstrict/named/b3c5", record=record)
        self.assert_says(shown, 1, "fails otherwise in torch 2.13.0", "UserError: Constraints")
        self.assert_says(shown, 1, "does not show in torch 2.13.0 what the record has")

    def test_a_file_that_is_there_stays(self):
        (self.folder / "shows.py").write_text("mine")
        refused = self.repro("dynamic_cache/plain/nonstrict/named/b3c5")
        self.assert_says(refused, 2, "shows.py: is there already")
        self.assertEqual((self.folder / "shows.py").read_text(), "mine")


class TheSourcesOfACase(unittest.TestCase):
    """case.py and what it imports, as one text."""

    def merged(self, case, **others):
        folder = Path(tempfile.mkdtemp(prefix="exportgate-test-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        (folder / "mine").mkdir()
        (folder / "mine" / "case.py").write_text(textwrap.dedent(case))
        for name, text in others.items():
            (folder / f"{name}.py").write_text(textwrap.dedent(text))
        return sources.Merged(str(folder / "mine"), ["Model"])

    def text(self, case, **others):
        merged = self.merged(case, **others)
        return "\n".join([*merged.imports(), *("\n".join(block) for block in merged.body())])

    def test_only_what_is_needed_is_kept(self):
        text = self.text(
            """
            import math
            import os

            SIZE = 3
            UNUSED = 4

            # What it computes.
            class Model:
                size = SIZE * math.pi
            """
        )
        self.assertEqual(
            text,
            "import math\nSIZE = 3\n# What it computes.\nclass Model:\n    size = SIZE * math.pi",
        )

    def test_what_is_asked_for_may_be_imported(self):
        text = self.text("from fractions import Fraction as Model, gcd\nimport os\n")
        self.assertEqual(text, "from fractions import Fraction as Model")

    def test_files_of_the_cases_become_a_part(self):
        text = self.text(
            """
            import shared
            from other import size as how_large

            class Model(shared.Base):
                ä = shared.Base.of(shared.FACTS, "shared.FACTS", how_large)
            """,
            shared="import torch\nFACTS = 1\nclass Base(torch.nn.Module):\n    pass\n",
            other="def size():\n    return 2\n",
        )
        self.assertIn("class Model(Base):", text)
        self.assertIn('ä = Base.of(FACTS, "shared.FACTS", size)', text)
        self.assertLess(text.index("class Base"), text.index("class Model"))
        self.assertNotIn("import shared", text)
        compile(text, "script", "exec")

    def test_equal_names_of_two_files_stay_apart(self):
        text = self.text(
            """
            import shared
            from shared import of as Model

            FACTS = 1

            def own():
                return shared.FACTS, FACTS
            """,
            shared="FACTS = 2\ndef own():\n    return FACTS\ndef of():\n    return own(), FACTS\n",
        )
        defined = {}
        exec(text, defined)
        self.assertEqual(defined["Model"](), (2, 2))

    def test_both_names_are_used(self):
        text = self.text(
            "import shared\nSIZE = 1\nclass Model:\n    sizes = SIZE, shared.SIZE, shared.f()\n",
            shared="SIZE = 2\ndef f():\n    return SIZE\n",
        )
        defined = {}
        exec(text, defined)
        self.assertEqual(defined["Model"].sizes, (1, 2, 2))

    def test_what_cannot_be_one_text_is_refused(self):
        with self.assertRaisesRegex(Problem, "as an object"):
            self.text("import shared\nclass Model:\n    a = vars(shared)\n", shared="A = 1\n")


class WhatIsAskedAsText(unittest.TestCase):
    def test_leaves_are_made_as_they_are_declared(self):
        case = {
            "dims": [{"name": "n", "min": 1, "max": 8}],
            "inputs": [
                {"name": "a", "shape": ["n", 2], "dtype": "int64", "values": [0, "n - 1"]},
                {"name": "b", "shape": ["2*n"], "dtype": "bfloat16", "layout": "strided"},
                {"name": "c", "same_as": "b", "shape": ["2*n"], "dtype": "bfloat16"},
                {"name": "d", "value": {"dim": "n + 1"}},
                {"name": "e", "none": True},
                {"name": "f", "shape": [3], "dtype": "bool"},
                {"name": "g", "shape": [2, 3], "layout": {"transposed": [0, 1]}},
            ],
        }
        defined = {}
        exec("import torch\n" + "\n".join(leaves_text.function(case)), defined)
        made = defined["leaves"](4)
        self.assertEqual(made["a"].shape, (4, 2))
        self.assertLess(made["a"].max(), 4)
        self.assertEqual((str(made["b"].dtype), made["b"].stride()), ("torch.bfloat16", (2,)))
        self.assertIs(made["c"], made["b"])
        self.assertEqual((made["d"], made["e"], str(made["f"].dtype)), (5, None, "torch.bool"))
        self.assertEqual(made["g"].stride(), (1, 2))

    def test_dims_follow_from_others(self):
        case = {
            "dims": [{"name": d, "min": 1, "max": 8} for d in ("n", "packed", "new", "total")],
            "relations": ["packed == 2*n"],
            "inputs": [{"name": "a", "shape": ["n", "packed", "n + new", "2*n + 1", 3]}],
        }
        asked = shapes_text.asked(case, "named")
        self.assertEqual(asked, [{0: "n", 1: "2 * n", 2: "AUTO", 3: "2 * n + 1"}])
        self.assertEqual(shapes_text.dims(case, "named")[0], "AUTO = torch.export.Dim.AUTO")
        self.assertEqual(shapes_text.asked(case, "static"), [None])


if __name__ == "__main__":
    unittest.main()
