"""docs/your-cache.md, followed to the letter in an empty folder, with an installed exportgate.

Blocks marked sh are run line by line (a comment says which exit code is expected, 0 elsewhere),
diffs are applied, and what a console block shows is looked for in what was printed last.
"""

import os
import re
import subprocess
import unittest

from support import BUILD, PLAIN_WORKER, SOURCE, Scratch

PAGE = SOURCE / "docs" / "your-cache.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Page(Scratch):
    def setUp(self):
        super().setUp()
        (self.folder / "cases").rmdir()
        self.project = self.folder / "project"
        self.project.mkdir()
        prefix = self.folder / "prefix"
        subprocess.run(
            ["cmake", "--install", str(BUILD), "--prefix", str(prefix)],
            check=True,
            capture_output=True,
        )
        # Where an installed exportgate keeps environments; what is there is not built again.
        self.add_environments("default", copied=True)
        data = self.folder / "data"
        (data / "exportgate").mkdir(parents=True)
        (self.folder / "environments").rename(data / "exportgate" / "environments")
        self.variables = self.environment(
            XDG_DATA_HOME=str(data),
            PATH=f"{prefix / 'bin'}:{os.environ['PATH']}",
            **PLAIN_WORKER,
        )

    def follow(self, *command, stdin=""):
        return subprocess.run(
            command,
            cwd=self.project,
            env=self.variables,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
            check=False,
        )

    def run_block(self, text):
        printed = ""
        for line in text.splitlines():
            expected = re.search(r"# exit code (\d+)", line)
            finished = self.follow("bash", "-c", line)
            printed += finished.stdout
            self.assertEqual(
                finished.returncode, int(expected[1]) if expected else 0, line + "\n" + printed
            )
        return printed

    def test_every_command_does_what_the_page_says(self):
        printed = ""
        ran = []
        for language, text in BLOCK.findall(PAGE.read_text()):
            if language == "sh":
                printed = self.run_block(text)
                ran += text.splitlines()
            elif language == "diff":
                applied = self.follow("git", "apply", "-p0", stdin=text)
                self.assertEqual(applied.returncode, 0, applied.stdout)
            elif language == "console":
                for line in text.splitlines():
                    if line != "...":
                        self.assertIn(line, printed)
        self.assertGreater(len(ran), 5, "the page has no commands")
        self.assertIn("all as expected. PASSED", printed)


class References(unittest.TestCase):
    def test_what_it_points_to_is_there(self):
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", PAGE.read_text()):
            self.assertTrue((PAGE.parent / target).exists(), target)


if __name__ == "__main__":
    unittest.main()
