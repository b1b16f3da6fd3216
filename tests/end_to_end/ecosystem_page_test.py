"""ci/ecosystem-page: packages x torch as Markdown and as a static folder, from records."""

import html.parser
import json
import os
import re
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree

from support import EXPORTGATE, SOURCE, Scratch

COLLECTION = SOURCE / "collections" / "transformers"
RECORD = COLLECTION / "recordings" / "2.13.0.jsonl"
PAGE = SOURCE / "docs" / "ecosystem.md"


class Links(html.parser.HTMLParser):
    """The targets of links and images, and the ids."""

    def __init__(self, text):
        super().__init__()
        self.targets, self.ids = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.targets += [found[key] for key in ("href", "src") if key in found]
        self.ids += [found["id"]] if "id" in found else []


class EcosystemPage(Scratch):
    def setUp(self):
        super().setUp()
        self.page = self.folder / "page.md"
        self.site = self.folder / "site"
        self.collection = self.folder / "mine"
        (self.collection / "recordings").mkdir(parents=True)
        for name in ("cases", "golden"):
            (self.collection / name).symlink_to(COLLECTION / name)

    def make(self, *arguments, **variables):
        return subprocess.run(
            [SOURCE / "ci" / "ecosystem-page", *arguments],
            env={**os.environ, "EXPORTGATE": str(EXPORTGATE.resolve()), **variables},
            capture_output=True,
            text=True,
        )

    def record(self, torch, edit=lambda cell: None):
        lines = []
        for line in RECORD.read_text().splitlines():
            value = json.loads(line)
            if "record" in value:
                value["record"]["environment"].update(torch=torch, torch_build=f"{torch}+cpu")
            edit(value)
            lines.append(json.dumps(value))
        file = self.collection / "recordings" / f"{torch}.jsonl"
        file.write_text("\n".join(lines) + "\n")
        return file

    def made(self, **variables):
        made = self.make(self.page, self.site, self.collection, **variables)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        return self.page.read_text()

    def test_pass_to_fail_is_named_with_its_cells(self):
        def reject(value):
            if value.get("cell", "").startswith("mamba/as_is/nonstrict/named/"):
                del value["exported"]
                value["rejected"] = {"stage": "export", "exception": "E", "message": "no"}
            if value.get("cell", "").startswith("mamba/as_is/strict/named/"):
                for check in value["exported"]["checks"]:
                    if check["name"] == "run":
                        check.update(status="fail", reasons=["pair b3: differs"])

        self.record("2.13.0")
        self.record("2.14.0", reject)
        page = self.made()
        self.assertRegex(page, r"(?m)^- 2\.13\.0 -> 2\.14\.0: 2 of \d+ cells got worse, 0 better")
        self.assertIn("- worse: `mamba/as_is/{strict,nonstrict}/named/b3`", page)
        # The other way round it is an improvement, which is counted and not named.
        self.record("2.13.0", reject)
        self.record("2.14.0")
        page = self.made()
        self.assertRegex(page, r"2\.13\.0 -> 2\.14\.0: 0 of \d+ cells got worse, 2 better")
        self.assertNotIn("- worse:", page)

    def test_a_rejection_that_became_a_wrong_program_is_not_better(self):
        def reject(value):
            if value.get("cell", "").startswith("mamba/as_is/nonstrict/named/"):
                del value["exported"]
                value["rejected"] = {"stage": "export", "exception": "E", "message": "no"}

        def compute_something_else(value):
            if value.get("cell", "").startswith("mamba/as_is/nonstrict/named/"):
                run = next(c for c in value["exported"]["checks"] if c["name"] == "run")
                run.update(status="fail", reasons=["pair b3: differs"])

        self.record("2.13.0", reject)
        self.record("2.14.0", compute_something_else)
        page = self.made()
        self.assertRegex(page, r"2\.13\.0 -> 2\.14\.0: 1 of \d+ cells got worse, 0 better")
        self.assertIn("- worse: `mamba/as_is/nonstrict/named/b3`", page)

    def test_what_a_consumer_makes_of_a_program_is_told_beside_it(self):
        def give_away(value):
            if "record" in value:
                value["record"]["checks"] |= {"aoti": 1, "onnx": 1}
                for case in value["record"]["cases"]:
                    case["consumers"] = ["aoti", "onnx"]
            if "exported" not in value:
                return
            is_lost = value["cell"].startswith("mamba/as_is/nonstrict/named/")
            for name in ("aoti", "onnx"):
                fails = is_lost and name == "onnx"
                status, reasons = ("fail", ["prepare: no"]) if fails else ("pass", [])
                value["exported"]["checks"].append(
                    {"name": name, "revision": 1, "status": status}
                    | {"reasons": reasons, "notes": []}
                )

        self.record("2.14.0")
        plain = re.findall(r"\| \d+ of \d+ \|$", self.made(), re.MULTILINE)
        self.record("2.13.0", give_away)
        page = self.made()
        self.assertIn("| right, fails onnx | right |", page)
        self.assertIn("| 36 of 36 (2.13.0) | 35 of 36 (2.13.0) |", page)
        self.assertEqual(re.findall(r"\| \d+ of \d+ \|$", page, re.MULTILINE)[-1:], plain[-1:])

    def test_a_wrong_program_is_what_the_table_of_checks_says(self):
        sys.path.insert(0, str(SOURCE / "ci" / "ecosystem"))
        import figures

        table = (SOURCE / "harness" / "record" / "check_table.h").read_text()
        wrong = re.findall(r'Check\{"(\w+)", true', table)
        self.assertEqual(tuple(wrong), figures.NOT_AS_ASKED)

    def test_the_site_is_whole(self):
        self.record("2.13.0")
        self.made()
        package = (self.site / "packages" / "transformers.html").read_text()
        self.assertNotIn("https://", package)  # nobody said where docs/ is served
        self.made(EXPORTGATE_DOCS="https://docs.example/exportgate/")
        files = sorted(str(file.relative_to(self.site)) for file in self.site.rglob("*.*"))
        self.assertEqual(
            files, ["badges/transformers.svg", "index.html", "packages/transformers.html"]
        )
        badge = ElementTree.parse(self.site / "badges" / "transformers.svg").getroot()
        self.assertRegex("".join(badge.itertext()), r"torch\.export 2\.13\.0\s+\d+ of \d+ right")
        for file in self.site.rglob("*.html"):
            links = Links(file.read_text())
            self.assertEqual(len(links.ids), len(set(links.ids)))
            for target in links.targets:
                if target.startswith("#"):
                    self.assertIn(target[1:], links.ids)
                elif not target.startswith("https://"):
                    self.assertTrue((file.parent / target).exists(), target)
        # Each cell has a link that stays, and each cause one into the catalogue.
        package = (self.site / "packages" / "transformers.html").read_text()
        self.assertRegex(package, r'<tr id="llama/as_is/[^"]+">')
        causes = re.findall(r"https://docs\.example/exportgate/rejected\.md#([a-z0-9-]+)", package)
        rejected = (SOURCE / "docs" / "rejected.md").read_text()
        self.assertTrue(causes)
        for cause in causes:
            self.assertIn(f"## {cause}", rejected)

    def test_what_is_in_the_way_stays(self):
        self.record("2.13.0")
        self.site.mkdir()
        (self.site / "mine.txt").write_text("mine")
        made = self.make(self.page, self.site, self.collection)
        self.assertNotEqual(made.returncode, 0)
        self.assertIn("holds something else", made.stderr)
        self.assertEqual([file.name for file in self.site.iterdir()], ["mine.txt"])
        self.assertFalse(self.page.exists())

    def test_a_record_that_is_not_whole_makes_no_page(self):
        file = self.record("2.13.0")
        file.write_text("\n".join(file.read_text().splitlines()[:-1]) + "\n")
        made = self.make(self.page, self.site, self.collection)
        self.assertNotEqual(made.returncode, 0)
        self.assertIn("2.13.0.jsonl", made.stderr)
        self.assertFalse(self.page.exists())
        self.assertFalse(self.site.exists())

    def test_the_page_of_the_docs_is_current(self):
        made = self.make(self.page)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(PAGE.read_text(), self.page.read_text(), "run ci/ecosystem-page")


if __name__ == "__main__":
    unittest.main()
