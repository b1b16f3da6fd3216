"""`--draft` of explain and show: what torch.export.draft_export says of a rejected cell."""

import json
import shutil
import signal
import subprocess
import unittest

from support import CASE_PY, EXPORTGATE, RECORD, SOURCE, Scratch

ENVIRONMENTS = EXPORTGATE.parent / "environments"
SHIPPED = ("--record", RECORD, "--cases", SOURCE / "cases", "--golden", SOURCE / "golden")
GUARD = """\
What draft_export of torch 2.13.0+cpu says would have to change in dynamic_cache/plain/nonstrict/\
named/b3c5
  guard added  Eq(dc['key_cache'][0].size()[0], 3)
               in get_seq_length: or len(self.key_cache[layer_idx]) == 0
"""
CONSTANT = "  guard added  Eq(x.size()[0], 3)\n               in forward: return x + w.sum(2, keep"
MODEL = "    def forward(self, x, dc):\n"
# The same in each: it decides by a value, which an export does not know.
BY_VALUE = CASE_PY.replace(MODEL, MODEL + "        if x.sum() > 1000:\n            return x\n")


class Draft(Scratch):
    def asked(self, command, *words, folders=SHIPPED):
        return self.exportgate(command, *words, *folders, "--environments", ENVIRONMENTS)

    def own(self, name, code):
        case = self.add_case(name, code)
        self.exportgate("run", "--environments", ENVIRONMENTS)
        return case

    def test_the_guards_of_a_shipped_cell_once_for_all_that_met_the_same(self):
        words = ("dynamic_cache/plain/nonstrict/*", "dynamic_cache/native/strict/*")
        explained = self.asked("explain", *words, "--draft")
        self.assert_says(explained, 0, GUARD, CONSTANT, "It went on with dynamic_shapes=({0: Dim.")
        self.assert_says(explained, 0, "Only this cell was asked about. The 3 others may fail at")
        self.assertEqual(explained.out.count("would have to change"), 1, explained)
        self.assertEqual(explained.err.count("draft: asking draft_export"), 1, explained)

    def test_the_same_in_show_and_for_programs(self):
        cell = "dynamic_cache/plain/nonstrict/named/b3c5"
        shown = self.asked("show", cell, "--draft")
        self.assert_says(shown, 0, "  " + GUARD.replace("\n ", "\n   "))
        self.assertNotIn("Only this cell", shown.out)
        told = json.loads(self.asked("explain", cell, "--json", "--draft").out)["cells"][0]
        self.assertEqual([one["kind"] for one in told["draft"]["issues"]], ["guard added"] * 3)
        self.assertEqual(told["draft"]["torch"], "2.13.0+cpu")
        self.assertEqual(told["draft"]["obstacle"], "")
        self.assertNotIn("draft", json.loads(self.asked("explain", cell, "--json").out)["cells"][0])

    def test_a_value_that_decides_in_a_case_that_was_edited_since(self):
        case = self.own("decides", BY_VALUE)
        cell = "decides/*"
        explained = self.asked("explain", cell, "--draft", folders=())
        self.assert_says(explained, 0, "data dependent error", "in forward: if x.sum() > 1000:")
        self.assertNotIn("Note:", explained.out)
        (case / "case.py").write_text(BY_VALUE.replace("> 1000", "> 2000"))
        edited = self.asked("explain", cell, "--draft", folders=())
        self.assert_says(edited, 0, "if x.sum() > 2000:", "Note: case decides was edited since")

    def test_a_script_that_ends_without_a_word_says_so(self):
        dies = MODEL + "        if torch.compiler.is_exporting():\n"
        self.own("dies", CASE_PY.replace(MODEL, dies + '            raise ValueError("no")\n'))
        said = self.asked("explain", "dies/*", "--draft", folders=())
        self.assert_says(said, 0, "draft_export says nothing: ValueError: no")
        for code, ends, options in (
            ("__import__('os')._exit(0)", "ended with exit code 0", ()),
            ("__import__('time').sleep(600)", "took longer than 9 s", ("--timeout", "9")),
        ):
            with self.subTest(code):
                changed = CASE_PY.replace(MODEL, dies + f"            {code}\n")
                (self.folder / "cases" / "dies" / "case.py").write_text(changed)
                said = self.asked("explain", "dies/*", "--draft", *options, folders=())
                self.assert_says(said, 0, ends, "while it asked draft_export")

    def test_a_case_that_no_script_can_be_written_of_says_why(self):
        case = self.own("decides", BY_VALUE)
        for edited, said in {
            BY_VALUE + "def (\n": "SyntaxError: invalid syntax",
            "import sys\nsys.exit(3)\n" + BY_VALUE: "SystemExit: 3",
            "import os\nos._exit(0)\n" + BY_VALUE: "case.py ended the process that wrote",
        }.items():
            with self.subTest(said):
                (case / "case.py").write_text(edited)
                explained = self.asked("explain", "decides/*", "--draft", folders=())
                self.assert_says(explained, 0, said, "(mend case.py)", "was edited since")

    def test_interrupted_is_said_with_its_exit_code(self):
        slow = MODEL + "        if torch.compiler.is_exporting():\n"
        case = self.own(
            "slow", CASE_PY.replace(MODEL, slow + '            raise ValueError("no")\n')
        )
        waits = slow + "            __import__('time').sleep(60)\n"
        (case / "case.py").write_text(CASE_PY.replace(MODEL, waits))
        for command in ("show", "explain"):
            with self.subTest(command):
                words = (command, "slow/plain/nonstrict/*", "--draft")
                asking = subprocess.Popen(
                    self.command(*words, "--environments", ENVIRONMENTS),
                    cwd=self.folder,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                while "asking draft_export" not in asking.stderr.readline():
                    self.assertIsNone(asking.poll())
                asking.send_signal(signal.SIGINT)
                out, err = asking.communicate(timeout=60)
                self.assertEqual((asking.returncode, out), (130, ""), err)
                self.assertIn("interrupted", err)

    def test_nothing_to_ask(self):
        exported = self.asked("explain", "layers_2/*", "--draft")
        self.assert_says(exported, 0, "Nothing to explain", "--draft asked nothing")
        native = self.asked("show", "dynamic_cache/native/strict/named/b3c5", "--draft")
        self.assert_says(native, 0, "--draft asked nothing: draft_export is for a class of Python")
        unasked = self.asked("explain", "layers_2/*")
        self.assertNotIn("draft", unasked.out)

    def test_what_cannot_be_asked(self):
        cell = "dynamic_cache/plain/nonstrict/named/b3c5"
        nowhere = self.asked("explain", cell, "--draft", "--env", "nowhere")
        self.assert_says(nowhere, 2, 'no environment "nowhere"', "exportgate env add nowhere")
        without = self.exportgate("explain", cell, "--env", "default", *SHIPPED)
        self.assertEqual(without.code, 2, without)
        self.assertIn("--draft", without.err)
        expected = ("--torch", "2.13.0", *SHIPPED[2:])
        goldens = self.asked("explain", cell, "--draft", folders=expected)
        self.assert_says(goldens, 2, "and --torch shows goldens (leave --torch away)")
        shutil.copytree(SOURCE / "cases", self.folder / "cases", dirs_exist_ok=True)
        shutil.copytree(SOURCE / "golden", self.folder / "golden", dirs_exist_ok=True)
        no_record = self.asked("explain", cell, "--draft", folders=())
        self.assert_says(no_record, 2, "--draft asks about cells of a record, and there is none")


if __name__ == "__main__":
    unittest.main()
