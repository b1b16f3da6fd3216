"""Goldens in git: what a reviewer sees after an accept, and two branches that accepted one case."""

import re
import shutil
import subprocess
import unittest

from support import Prepared

RECORD = ".exportgate/last.jsonl"
SUM = "torch.ops.aten.add.Tensor(cat_1, cat)"


class GitGoldens(Prepared):
    """A repository with an accepted case. Of other programs the record tells as it would of those
    of another torch."""

    def prepare(self):
        self.assert_says(self.exportgate("init", "unused"), 0, "wrote .gitattributes")
        shutil.rmtree(self.folder / "cases" / "unused")
        (self.folder / "exportgate.toml").unlink()  # it runs in the usual environment
        self.add_case("mine")
        self.run_and_accept()
        self.git("init", "-q", "-b", "main", ".")
        self.git("add", "-A")
        self.git("commit", "-qm", "accepted")
        kept = self.git("ls-files").split()
        self.assertIn("golden/mine/expected.tsv", kept)
        self.assertEqual([name for name in kept if "pending" in name or "last" in name], [])

    def git(self, *arguments, code=0):
        process = subprocess.run(
            ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(process.returncode, code, process)
        return process.stdout

    def record_with(self, operator):
        text = (self.folder / RECORD).read_text()
        self.assertIn(SUM, text)
        changed = self.folder / ".exportgate" / f"{operator}.jsonl"
        changed.write_text(text.replace(SUM, SUM.replace("add", operator)))
        return changed

    def accept_with(self, operator):
        record = self.record_with(operator)
        return self.assert_says(
            self.exportgate("accept", "--record", record, "--why", f"it is {operator} now"), 0
        )

    def test_the_command_that_is_printed_shows_what_changed(self):
        accepted = self.accept_with("sub")
        command = re.search(r"^review with: (git .*)$", accepted.out, re.M).group(1)
        shown = subprocess.run(
            ["sh", "-c", command], cwd=self.folder, capture_output=True, text=True, check=True
        ).stdout
        self.assertEqual(
            shown.count("similarity index"), 2, shown
        )  # a text, and its decomposed one
        lines = [line for line in shown.splitlines() if re.match(r"[-+](?![-+])", line)]
        texts = [line for line in lines if not line.startswith(("-plain/", "+plain/", "+# repl"))]
        self.assertEqual(len(texts), 4, shown)
        self.assertTrue(all("aten.add" in line or "aten.sub" in line for line in texts), shown)

    def two_branches(self):
        """Both accepted the same case, with other programs; the merge of them."""
        self.git("checkout", "-qb", "theirs")
        self.accept_with("sub")
        self.git("add", "-A")
        self.git("commit", "-qm", "sub")
        self.git("checkout", "-qb", "ours", "main")
        self.accept_with("mul")
        self.git("add", "-A")
        self.git("commit", "-qm", "mul")
        self.git("merge", "theirs", code=1)

    def test_two_branches_conflict_in_a_few_lines(self):
        self.two_branches()
        table = self.folder / "golden" / "mine" / "expected.tsv"
        lines = table.read_text().splitlines()
        first = next(i for i, line in enumerate(lines) if line.startswith("<<<<<<<"))
        self.assertEqual(len(lines) - first, 5, lines)
        self.assertIn("it is mul now", lines[first + 1])
        self.assertIn("it is sub now", lines[first + 3])
        refused = self.exportgate("check", RECORD)
        where = f"golden/mine/expected.tsv:{first + 1}: git left conflict marks here"
        self.assert_says(refused, 2, where, "git add -A golden/mine", "git rm -rfq golden/mine &&")
        for text in table.parent.glob("*.txt"):
            self.assertNotIn("<<<<<<<", text.read_text())

        with self.subTest("a mark that was left alone"):
            table.write_text("\n".join(lines[:first] + lines[first + 1 :]) + "\n")
            refused = self.exportgate("check", RECORD)
            self.assert_says(refused, 2, f"expected.tsv:{first + 2}: git left conflict marks here")

        with self.subTest("a line is kept for each cell"):
            table.write_text("\n".join([*lines[:first], lines[first + 1]]) + "\n")
            self.git("add", "-A", "golden/mine")
            self.git("commit", "-qm", "merged")
            judged, cells = self.judged("check", self.record_with("mul"))
            self.assertEqual({cell["verdict"] for cell in cells.values()}, {"as expected"})
            unused = re.findall(
                r"(\S+): no row of expected.tsv uses this file \(remove", judged.out
            )
            self.assertEqual(len(unused), 2, judged)  # the texts of the line that went
            for file in unused:
                (self.folder / file).unlink()
            self.assert_says(self.exportgate("check", self.record_with("mul")), 0, "PASSED")

    def test_one_branch_is_taken_whole(self):
        self.two_branches()
        (remedy,) = set(re.findall(r"\(`(git rm [^`]*)`\)", self.exportgate("check", RECORD).err))
        subprocess.run(["sh", "-c", remedy], cwd=self.folder, check=True, capture_output=True)
        self.git("commit", "-qm", "merged")
        self.assert_says(self.exportgate("check", self.record_with("mul")), 0, "PASSED")
        self.assert_says(self.exportgate("check", self.record_with("sub")), 1, "CHANGED")

    def test_a_record_with_conflict_marks(self):
        record = self.folder / RECORD
        header, *lines = record.read_text().splitlines()
        marked = ["<<<<<<< HEAD", lines[0], "=======", lines[0], ">>>>>>> theirs"]
        for number, text in ((2, [header, *marked, *lines[1:]]), (1, [marked[0], header, *lines])):
            record.write_text("\n".join(text) + "\n")
            says = f"last.jsonl:{number}: git left conflict marks here"
            self.assert_says(self.exportgate("check", record), 2, says, "git checkout --ours --")


if __name__ == "__main__":
    unittest.main()
