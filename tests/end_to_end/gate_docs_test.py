"""docs/gate.md: its commands are run, on the recorded releases, and do what it says."""

import re
import shlex
import shutil
import unittest

from support import SOURCE, Scratch

PAGE = (SOURCE / "docs" / "gate.md").read_text()
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(language):
    """The blocks of a language with where they stand, without their indentation."""
    for block in BLOCK.finditer(PAGE):
        if block[2] == language:
            lines = [line.removeprefix(block[1]) for line in block[3].splitlines()]
            yield block.start(), "\n".join(lines)


def commands(text):
    """Each command as a list of words, and the exit code that the page announces."""
    for line in text.splitlines():
        code = re.search(r"# exits with (\d)", line)
        words = shlex.split(line, comments=True)
        yield words, int(code[1]) if code else 0


class Gate(Scratch):
    def setUp(self):
        super().setUp()
        shutil.rmtree(self.folder / "cases")
        shutil.copytree(SOURCE / "cases", self.folder / "cases")
        (self.folder / "golden").symlink_to(SOURCE / "golden")
        (self.folder / "records").symlink_to(SOURCE / "tests" / "recordings")

    def run_command(self, words, code):
        self.assertEqual(words[0], "exportgate", words)
        finished = self.exportgate(*words[1:])
        self.assertEqual(finished.code, code, finished)
        return finished

    def waive(self):
        ((_, waiver),) = blocks("toml")
        with (self.folder / "cases" / "layers_2" / "case.toml").open("a") as case:
            case.write("\n" + waiver + "\n")

    def test_every_command_ends_as_the_page_says(self):
        ((where, _),) = blocks("toml")
        waived = False
        count = 0
        for at, text in blocks("bash"):
            if at > where and not waived:
                self.waive()
                waived = True
            for words, code in commands(text):
                self.run_command(words, code)
                count += 1
        self.assertEqual(count, 7)
        self.assertTrue(waived)

    def test_what_it_says_of_the_output(self):
        no_go, explained, next_release = (
            self.run_command(words, code)
            for _, text in list(blocks("bash"))[1:4]
            for words, code in commands(text)
        )
        self.assertEqual(no_go.out.splitlines()[-1], "NO-GO: 1 cell regressed")
        self.assertIn(f"`{no_go.out.splitlines()[-1]}`", PAGE)
        self.assertIn("\nname-error-l\n", explained.out)
        self.assertIn("`name-error-l`", PAGE)
        self.assertEqual(next_release.out.splitlines()[-1][:2], "GO")

    def test_the_waiver_shows_what_it_waives_until_it_expires(self):
        self.waive()
        before, after = (
            self.run_command(words, code) for words, code in commands(list(blocks("bash"))[-1][1])
        )
        self.assertIn("WAIVED", before.out)
        self.assertIn("we export nonstrict until we are on 2.10", before.out)
        self.assertEqual(before.out.splitlines()[-1][:2], "GO")
        self.assertIn("expired", after.out + after.err)

    def test_the_workflow_runs(self):
        ((_, workflow),) = blocks("yaml")
        lines = re.findall(r"^ +run: (.+)$", workflow, re.MULTILINE)
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.run_command(shlex.split(line), 0)
        for file in ("check.xml", "upgrade.xml", "upgrade.md"):
            self.assertTrue((self.folder / file).exists(), file)
        self.assertIn(
            "Install exportgate", (SOURCE / "ci/templates/github-actions.yml").read_text()
        )


if __name__ == "__main__":
    unittest.main()
