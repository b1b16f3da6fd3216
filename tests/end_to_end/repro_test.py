"""`exportgate repro`: a script without exportgate that shows what is wrong with a cell."""

import contextlib
import io
import json
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
from exportgate_repro.script import Script  # noqa: E402

RECORDINGS = SOURCE / "tests" / "recordings"
ENVIRONMENTS = EXPORTGATE.parent / "environments"

# With "while not" for the "if", its model does not end where nothing is exported.
RAISES = "class NoExport(Exception):\n    pass\n\n\n" + CASE_PY.replace(
    "    def forward(self, x, dc):\n",
    "    def forward(self, x, dc):\n"
    "        if torch.compiler.is_exporting():\n"
    '            raise NoExport("not for export")\n',
)

SMALL = """\
import torch
from torch.utils import _pytree as pytree


class Cache:
    def __init__(self, a):
        self.a = a


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return x + cache.a * FACTOR


def make_inputs(cache_class, leaves):
    return leaves["x"], cache_class(leaves["cache.a"])


def register(cache_class):
    pytree.register_pytree_node(
        cache_class,
        lambda cache: ([cache.a], None),
        lambda a, _: cache_class(*a),
        flatten_with_keys_fn=lambda cache: ([(pytree.GetAttrKey("a"), cache.a)], None),
    )
"""


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

    def test_what_torch_says_would_have_to_change(self):
        cell = "dynamic_cache/plain/nonstrict/named/b3c5"
        written = self.repro(cell, "--draft")
        self.assert_says(written, 0, "draft_export in torch 2.13.0", "Guard Added.")
        self.assert_says(written, 0, "or len(self.key_cache[layer_idx]) == 0:")
        self.assertNotIn("[93m", written.out)
        script = (self.folder / "shows.py").read_text()
        self.assertIn("torch.export.draft_export(", script)
        self.assertNotIn("as it should be", script)
        (self.folder / "shows.py").unlink()
        exported = self.repro("dynamic_cache/plain/nonstrict/auto/b3c5", "--draft")
        self.assert_says(exported, 2, "is not rejected on torch 2.13.0")
        shown = self.exportgate("show", cell, "--record", RECORD, "--cases", SOURCE / "cases")
        self.assertIn(f"exportgate explain {cell} --draft", shown.out)

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

    def test_another_message_is_not_what_the_record_has(self):
        record = self.folder / "record.jsonl"
        text = RECORD.read_text()
        record.write_text(text.replace("Constraints violated (batch)!", "No such thing!"))
        shown = self.repro("dynamic_cache/plain/nonstrict/named/b3c5", record=record)
        self.assert_says(shown, 1, "fails otherwise in torch 2.13.0", "UserError: Constraints")
        self.assertNotIn("the check calls", shown.err)

    def test_a_check_that_did_not_end_is_not_shown(self):
        cell = "kv_cache/plain/strict/named/b3c5"
        record = self.folder / "record.jsonl"
        lines = []
        for line in RECORD.read_text().splitlines():
            value = json.loads(line)
            for check in value["exported"]["checks"] if value.get("cell") == cell else ():
                if check["name"] == "save_load":
                    check["status"] = "fail"
                    check["reasons"] = ["timeout: longer than its budget of 8 s"]
            lines.append(json.dumps(value))
        record.write_text("\n".join(lines) + "\n")
        refused = self.repro(cell, record=record)
        self.assert_says(refused, 2, "a script that does not end shows nothing")
        self.assertFalse((self.folder / "shows.py").exists())

    def test_a_script_has_a_budget_and_a_case_may_be_mended(self):
        case = self.add_case("raises", RAISES)
        environments = ("--environments", ENVIRONMENTS)
        self.exportgate("run", *environments)
        shown = self.exportgate("repro", "raises/*", "--output", "shows.py", *environments)
        self.assert_says(shown, 0, "fails in torch 2.13.0", "NoExport: not for export")
        self.assertNotIn("note:", shown.out)
        again = ("repro", "raises/*", "--output", "again.py", "--timeout", "1", *environments)
        (case / "case.py").write_text(RAISES.replace("if", "while not", 1))
        shown = self.exportgate(*again)
        self.assert_says(shown, 2, "case raises was edited since", "does not end in torch 2.13.0")
        self.assert_says(shown, 2, "longer than 1 s", "--timeout gives it more")

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
        for code, said in {
            "import shared\nclass Model:\n    a = vars(shared)\n": "case.py:3 uses .* as an object",
            "def Model():\n    from exportgate_case import parameters\n": "case.py:2 imports exp",
            "if 1:\n    import shared\nclass Model:\n    pass\n": "case.py:2 imports shared inside",
            "from shared import *\nclass Model:\n    pass\n": "case.py:1 imports all that shared",
        }.items():
            with self.subTest(code), self.assertRaisesRegex(Problem, said):
                self.text(code, shared="A = 1\n")

    def test_what_is_imported_for_its_effect_is_kept(self):
        text = self.text(
            "import os, side\nfrom torch.utils import _cxx_pytree\nMADE.append('case')\n"
            "from base import MADE, UNUSED\nclass Model:\n    made = MADE\n",
            side="from base import MADE\ndef mark(f):\n    MADE.append('side')\n    return f\n"
            "@mark\ndef f():\n    pass\n_ = MADE.append('call')\n",
            base="MADE = []\nUNUSED = 3\nMADE.append('base')\n",
        )
        self.assertTrue(text.startswith("from torch.utils import _cxx_pytree\nMADE = []\n"), text)
        self.assertNotIn("UNUSED", text)
        defined = {}
        exec(text.partition("\n")[2], defined)
        self.assertEqual(defined["Model"].made, ["base", "side", "call", "case"])

    def test_what_the_harness_gives_keeps_its_names(self):
        text = self.text(
            """
            import exportgate_case as given
            from exportgate_case import CacheBase as B, parameters as P

            class Model(B, given.PlainBase):
                size = P["size"] + given.parameters["size"]
            """
        )
        self.assertIn("class Model(CacheBase, PlainBase):", text)
        self.assertIn('size = parameters["size"] + parameters["size"]', text)

    def test_a_class_of_the_case_has_no_module(self):
        merged = self.merged(
            "from shared import Failed as Other\nclass Failed(Exception):\n    pass\n"
            "def Model():\n    return Failed, Other\n",
            shared="class Failed(Exception):\n    class Inner(Exception):\n        pass\n",
        )
        self.assertEqual(merged.final_class("case_mine.Failed"), "Failed")
        self.assertEqual(merged.final_class("shared.Failed.Inner"), "Failed_of_shared.Inner")
        self.assertEqual(merged.final_class("torch.Failed"), "torch.Failed")
        self.assertEqual(merged.final_class("ValueError"), "ValueError")


class TheWholeScript(unittest.TestCase):
    def script(self, code, dims="named", dim="batch", seed=0):
        folder = Path(tempfile.mkdtemp(prefix="exportgate-test-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        (folder / "case.py").write_text(code)
        case = {
            "class": "Cache",
            "dims": [{"name": dim, "min": 1, "max": 8}],
            "inputs": [{"name": name, "shape": [dim, 2]} for name in ("x", "cache.a")],
            "pairs": [{"name": "b3", "extents": {dim: 3}}],
        }
        cell = {"kind": "plain", "mode": "nonstrict", "dims": dims, "pair": "b3"}
        shown = {
            "ends_in_export": "",
            "raises": "",
            "draft": False,
            "failing": {"run": [f"{dim}=5: other"]},
        }
        of = {"name": "mine", "torch": "2.13.0", "directory": str(folder), "seed": seed}
        return Script({"case": case, "cell": cell, **shown, **of})

    def printed(self, script):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(script.text, "shows.py", "exec"), {"__name__": "__main__"})
        return out.getvalue()

    def test_names_of_what_it_does_are_free_in_case_py(self):
        names = "args kwargs program module found extents file loaded values asked batch made"
        taken = "".join(f"{name} = 2.0\n" for name in names.split())
        for name in ("module", "program", "made"):
            with self.subTest(name):
                script = self.script(taken + SMALL.replace("FACTOR", name))
                self.assertIn("as it should be", self.printed(script))

    def test_its_export_is_where_it_says(self):
        script = self.script(SMALL.replace("FACTOR", "1"))
        first, last = script.export_lines
        export = script.text.splitlines()[first - 1 : last]
        self.assertEqual(export[0], "    program = torch.export.export(")
        self.assertEqual(export[-1], "    )")

    def test_names_that_it_needs_are_refused(self):
        for name in ("call", "same", "inputs", "leaves", "new_model", "show", "io", "zip", "print"):
            defined = f"def helper():\n    global {name}\n    {name} = 2\n"
            for code in (f"{name} = 2\n", f"import math as {name}\n", defined):
                code += SMALL.replace("FACTOR", f"({'helper' if code == defined else name} and 1)")
                with self.subTest(code), self.assertRaisesRegex(Problem, f"py defines {name}, a"):
                    self.script(code)

    def test_another_import_of_the_same_is_no_other_name(self):
        code = SMALL.replace("from torch.utils import _pytree as", "import torch.utils._pytree as")
        self.script(code.replace("FACTOR", "1"))

    def test_dims_that_mean_something_else_are_refused(self):
        code = SMALL.replace("FACTOR", "1")
        for dim in ("args", "call", "torch", "made", "function"):
            with self.subTest(dim), self.assertRaisesRegex(Problem, f"the dim {dim} has a name"):
                self.script(code, dim=dim)
        self.assertIn("as it should be", self.printed(self.script(code, "auto", dim="args")))

    def test_the_seed_is_that_of_the_worker(self):
        text = self.script(SMALL.replace("FACTOR", "1"), seed=7).text
        self.assertEqual(text.count("torch.manual_seed(7)"), 2)


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
        exec("import torch\n" + "\n".join(leaves_text.function(case, seed=3)), defined)
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
