"""The command line as a person meets it: names, patterns, help, bare prints. It runs no cells."""

import json
import os
import pty
import subprocess
import unittest

from support import CASE_TOML, RECORD, SOURCE, Scratch

PROGRAMS = SOURCE / "tests" / "recordings" / "programs"
PRINT = PROGRAMS / "2.13.0" / "cache_named_strict.txt"
SAME_IN_2_6 = PROGRAMS / "2.6.0" / "cache_named_strict.txt"
COMMANDS = (
    *("run", "check", "merge", "show", "review", "accept", "upgrade", "matrix", "list"),
    *("env add", "normalize", "diff", "init"),
)


class Names(Scratch):
    def setUp(self):
        super().setUp()
        toml = CASE_TOML.replace('["plain"]', '["plain", "module"]')
        toml = toml.replace('["nonstrict"]', '["strict", "nonstrict"]')
        self.add_case("mine", toml=toml.replace('["static"]', '["named", "static"]'))

    def test_list(self):
        finished = self.exportgate("list")
        self.assertEqual(finished.code, 0, finished)
        self.assertEqual(
            finished.out.splitlines(),
            [
                f"mine/{kind}/{mode}/{dims}/b3c5"
                for kind in ("plain", "module")
                for mode in ("strict", "nonstrict")
                for dims in ("named", "static")
            ],
        )

    def test_list_json(self):
        cells = json.loads(self.exportgate("list", "*/module/strict/*", "--json").out)
        self.assertEqual([cell["dims"] for cell in cells], ["named", "static"])
        self.assertEqual(cells[0]["name"], "mine/module/strict/named/b3c5")

    def test_a_pattern_that_matches_nothing_suggests_one(self):
        self.assert_says(self.exportgate("list", "*/modul/*"), 2, "*/modul/*", "module")
        self.assert_says(self.exportgate("run", "mine/plain"), 2, "mine/plain/*")

    def test_show_wants_one_cell(self):
        self.assert_says(self.exportgate("show", "*/plain/*"), 2, "matches 4 cells")

    def test_shards(self):
        for shard in ("0/2", "3/2", "a/b", "1"):
            with self.subTest(shard):
                self.assert_says(self.exportgate("run", "--shard", shard), 2, shard)
        self.assert_says(self.exportgate("run", "--shard", "9/9"), 2, "fewer shards")

    def test_wrong_options(self):
        self.assert_says(self.exportgate(), 2)
        self.assert_says(self.exportgate("rum"), 2, '"rum"', 'did you mean "run"')
        self.assert_says(self.exportgate("run", "--jobs", "0"), 2, "--jobs")
        self.assert_says(self.exportgate("run", "--timeout", "-1"), 2, "--timeout")
        self.assert_says(self.exportgate("check"), 2, "records", "`exportgate check --help`")
        self.assert_says(self.exportgate("env"), 2, "`exportgate env --help`")
        self.assert_says(self.exportgate("env", "add"), 2, "name", "`exportgate env add --help`")
        self.assert_says(self.exportgate("env", "rm"), 2, '"env rm"', "list, remove")
        self.assert_says(self.exportgate("env", "ad", "x"), 2, 'did you mean "add"')
        self.assert_says(self.exportgate("check", "nothing.jsonl"), 2, "nothing.jsonl")

    def test_help_of_each_command_shows_an_example(self):
        for command in COMMANDS:
            with self.subTest(command):
                finished = self.exportgate(*command.split(), "--help")
                self.assert_says(finished, 0, "Example", f"exportgate {command}")
        names = [command.split()[0] for command in COMMANDS]
        self.assert_says(self.exportgate("--help"), 0, *names, "Exit codes")
        self.assert_says(self.exportgate("--version"), 0, "exportgate 0.")


class Colour(Scratch):
    """Only on a terminal, and never where NO_COLOR is set."""

    def on_a_terminal(self, *arguments, **variables):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(TERM="xterm", **variables),
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs)
        text = b""
        try:
            while block := os.read(ours, 65536):
                text += block
        except OSError:  # Linux: the other end of a terminal was closed
            pass
        os.close(ours)
        process.wait()
        return text.decode()

    def test_colour(self):
        judge = ("check", RECORD, "--cases", SOURCE / "cases", "--golden", SOURCE / "golden")
        plain = self.exportgate(*judge)
        self.assertEqual(plain.code, 0, plain)
        self.assertNotIn("\x1b", plain.out)
        self.assertIn("\x1b[", self.on_a_terminal(*judge))
        without = self.on_a_terminal(*judge, NO_COLOR="1")
        self.assertNotIn("\x1b", without)
        self.assertEqual(without.replace("\r\n", "\n"), plain.out)


class Prints(Scratch):
    def test_normalize(self):
        finished = self.exportgate("normalize", PRINT)
        self.assert_says(finished, 0, "exportgate graph 2", "not compared")
        self.assertNotIn("not compared", finished.out)
        (self.folder / "canonical.txt").write_text(finished.out)
        again = self.exportgate("normalize", "canonical.txt")
        self.assertEqual(again.out, finished.out, "not idempotent")

    def test_same_structure_in_another_spelling(self):
        finished = self.exportgate("diff", PRINT, SAME_IN_2_6)
        self.assert_says(finished, 0, "same structure", "not compared")

    def test_different_structure(self):
        text = PRINT.read_text()
        self.assertIn("aten.sum.dim_IntList", text)
        (self.folder / "other.txt").write_text(
            text.replace("aten.sum.dim_IntList", "aten.mean.dim")
        )
        finished = self.exportgate("diff", PRINT, "other.txt")
        self.assert_says(finished, 1, "different structure", "aten.mean.dim")

    def test_unreadable(self):
        lines = PRINT.read_text().splitlines()
        (self.folder / "cut.txt").write_text("\n".join(lines[: len(lines) // 2]))
        finished = self.exportgate("diff", PRINT, "cut.txt")
        self.assert_says(finished, 2, "cut.txt:", "expected")
        self.assertNotIn("same structure", finished.out)
        self.assert_says(self.exportgate("normalize", "missing.txt"), 2, "missing.txt")
        self.assert_says(self.exportgate("normalize", "-"), 2, "<standard input>")


if __name__ == "__main__":
    unittest.main()
