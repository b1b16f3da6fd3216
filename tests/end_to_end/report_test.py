"""`exportgate report`: the page of copies of one real record, of measurements and sessions."""

import json
import os
import shutil
import unittest
from pathlib import Path

from support import SOURCE, Scratch, record_lines

CELL = "dynamic_cache/plain/strict/named/b3c5"
HOSTILE = "</script><img src=x onerror=\"window.hurt=1\"> '; system('id') `id` @x0@ \u2028"


def measurements(**context):
    """A file as exportgate-bench writes it."""
    rows = []

    def add(name, ns, leaves):
        rows.append(
            {
                "name": name,
                "run_name": name,
                "run_type": "iteration",
                "iterations": 9,
                "real_time": ns,
                "cpu_time": ns,
                "time_unit": "ns",
                "leaves": leaves,
            }
        )

    for layers in (1, 8, 32):
        add(f"kv_cache/floor/layers:{layers}", 30 + 8 * layers, 2 * layers)
        for kind in ("plain", "native"):
            for implementation, ns in (("function", 90), ("pytree", 400)):
                name = f"kv_cache/flatten/{kind}/{implementation}/layers:{layers}"
                add(name, 500 + ns * layers, 2 * layers)
    missing = {"kv_cache/flatten/plain/cxx_pytree/layers:1": "optree is not installed"}
    return {
        "context": {
            "date": "2026-11-25T15:00:00+00:00",
            "exportgate": "0.1.0",
            "environment": "default",
            "torch": "2.13.0+cpu",
            "python": "3.11.2",
            "machine": "0123456789abcdef",
            "not_available": json.dumps(missing),
            **context,
        },
        "benchmarks": rows,
    }


def series(name, ratio, launches=5, again=False):
    def launch(number):
        return {"launch": number, "iterations": 100, "pairs": [[int(1e6 * ratio), int(1e6)]] * 3}

    one = {"name": name, "threshold": 1.05, "first": [launch(i) for i in range(launches)]}
    if again:
        one["fresh"] = [launch(launches + i) for i in range(launches)]
    return one


def session(ratio, complete=True):
    def side(torch):
        environment = {
            "name": "default",
            "torch": torch,
            "torch_build": torch + "+cpu",
            "python": "3.11.2",
            "platform": "linux-x86_64",
            "cxx11_abi": 1,
            "packages": {},
        }
        return {"environment": environment, "cases": "cases", "context": {"machine": "a"}}

    return {
        "exportgate_bench_session": 1,
        "made_by": "exportgate 0.1.0",
        "date": "2026-11-25T16:02:11Z",
        "complete": complete,
        "reason": "" if complete else "interrupted",
        "measured": side("2.14.1"),
        "against": side("2.13.0"),
        "seed": 7,
        "launches": 5,
        "pairs": 3,
        "block_ns": 1000000,
        "cpu": 1,
        "benchmarks": [
            series("kv_cache/flatten/plain/pytree/layers:32", ratio, again=ratio > 1.04),
            series("kv_cache/unflatten/plain/pytree/layers:32", 1),
        ],
        "same_code": [series("kv_cache/flatten/plain/pytree/layers:1", 1)],
    }


class Report(Scratch):
    def setUp(self):
        super().setUp()
        self.page = self.folder / "page"

    def write(self, name, content):
        path = self.folder / name
        path.write_text(json.dumps(content))
        return path

    def record(self, torch, observe=None, footer=True):
        """The real record filed under that release, `observe` edits each observation."""
        header, *observations, end = (json.loads(line) for line in record_lines())
        header["record"]["environment"].update({"torch": torch, "torch_build": torch + "+cpu"})
        for observation in observations:
            if observe:
                observe(observation)
        path = self.folder / f"{torch}.jsonl"
        lines = [header, *observations, *([end] if footer else [])]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path

    def report(self, *arguments, **variables):
        folders = ("--cases", SOURCE / "cases", "--golden", SOURCE / "golden")
        return self.exportgate("report", *arguments, *folders, **variables)

    def data(self):
        """The data of the page that was written."""
        text = (self.page / "index.html").read_text()
        begin = '<script type="application/json" id="data">'
        start = text.index(begin) + len(begin)
        return json.loads(text[start : text.index("</script>", start)])

    def entry(self, data, cell=CELL, release=0):
        matrix = data["matrix"]
        found = next(each for each in matrix["cells"] if each["name"] == cell)
        return found["entries"][release]


class Records(Report):
    def test_a_record_as_expected_passes(self):
        finished = self.report(self.record("2.13.0"), "-o", self.page)
        self.assert_says(finished, 0, "all as expected. PASSED", "open ")
        data = self.data()
        self.assertEqual(data["conclusion"]["word"], "PASSED")
        self.assertEqual(self.entry(data)["verdict"], 0)
        self.assertIn("PASSED", (self.page / "report.md").read_text())

    def test_a_cell_that_regressed_fails_and_has_its_difference(self):
        def edit(observation):
            if observation["cell"] == CELL:
                exported = observation["exported"]
                exported["print"] = exported["print"].replace(
                    "aten.cat.default", "aten.stack.default", 1
                )

        finished = self.report(self.record("2.13.0", edit), "-o", self.page)
        self.assertEqual(finished.code, 1, finished)
        data = self.data()
        self.assertEqual(data["conclusion"]["word"], "FAILED")
        entry = self.entry(data)
        label = data["matrix"]["verdicts"][entry["verdict"]]["label"]
        self.assertEqual(label, "changed")
        edits = data["matrix"]["differences"][entry["against_golden"]["program"]]["edits"]
        added = [line for edit in edits if isinstance(edit, list) for line in edit]
        self.assertTrue(any("aten.stack.default" in line for line in added), edits)

    def test_two_records_have_an_upgrade_between_them(self):
        def reject(observation):
            if observation["cell"] == CELL:
                del observation["exported"]
                observation["rejected"] = {"stage": "export", "exception": "a.B", "message": "no"}

        records = [self.record("2.13.0"), self.record("2.13.1", reject)]
        self.report(*records, "-o", self.page)
        data = self.data()
        (upgrade,) = data["upgrades"]
        self.assertEqual((upgrade["before"], upgrade["after"]), ("2.13.0", "2.13.1"))
        self.assertEqual(upgrade["sentence"], "NO-GO: 1 cell regressed")
        self.assertEqual(upgrade["groups"][0]["cells"], [CELL])
        self.assertIn("NO-GO: 1 cell regressed", (self.page / "report.md").read_text())

    def test_an_incomplete_record_cannot_be_judged_and_the_page_says_so(self):
        finished = self.report(self.record("2.13.0", footer=False), "-o", self.page)
        self.assert_says(finished, 2, "COULD NOT BE JUDGED", "incomplete")
        data = self.data()
        self.assertEqual(data["conclusion"]["word"], "COULD NOT BE JUDGED")
        self.assertTrue(data["matrix"]["releases"][0]["problems"])
        self.assertEqual(self.entry(data)["letter"], "/")

    def test_hostile_text_of_a_record_is_data_only(self):
        def edit(observation):
            if observation["cell"] == CELL:
                del observation["exported"]
                observation["rejected"] = {
                    "stage": "export",
                    "exception": "a.B",
                    "message": HOSTILE,
                }

        self.report(self.record("2.13.0", edit), "-o", self.page)
        text = (self.page / "index.html").read_text()
        self.assertNotIn("<img", text)
        self.assertNotIn("\u2028", text)
        self.assertIn("<img src=x", json.dumps(self.data()))
        self.assertNotIn("<img", (self.page / "report.md").read_text().replace("`<img", ""))

    def test_what_is_not_readable_writes_nothing(self):
        broken = self.folder / "broken.jsonl"
        broken.write_text('{"record": \n')
        finished = self.report(self.record("2.13.0"), broken, "-o", self.page)
        self.assert_says(finished, 2, "broken.jsonl:1")
        self.assertFalse(self.page.exists())

    def test_a_file_that_is_none_of_the_three_is_named(self):
        other = self.write("other.json", {"a": 1})
        self.assert_says(self.report(other, "-o", self.page), 2, "other.json", "neither a record")
        self.assert_says(self.report(self.folder / "gone.jsonl", "-o", self.page), 2, "gone.jsonl")

    def test_nothing_to_write_is_a_mistake(self):
        self.assert_says(self.report(self.record("2.13.0")), 2, "-o DIR")


class Benchmarks(Report):
    def test_measurements_have_charts_and_tables(self):
        file = self.write("bench.json", measurements())
        finished = self.report(file, "-o", self.page)
        self.assert_says(finished, 0, "SHOWN")
        (part,) = self.data()["benchmarks"]
        (block,) = part["blocks"]
        self.assertEqual(
            [each["name"] for each in block["figures"]],
            ["kv_cache-flatten-plain", "kv_cache-flatten-native"],
        )
        rows = [row["cells"] for row in block["table"]["rows"]]
        self.assertIn(["plain", "pytree", "450 (23.7x)", "231 (39.4x)", "208 (46.5x)", ""], rows)
        self.assertIn("optree is not installed", part["not_available"][0])
        for figure in block["figures"]:
            svg = (self.page / f"{figure['name']}.svg").read_text()
            self.assertIn("prefers-color-scheme:dark", svg)
            self.assertIn("<text>pytree</text>", svg)
            self.assertIn(f'id="figure-{figure["name"]}"', (self.page / "index.html").read_text())
        self.assertIn(
            "![kv_cache flatten, plain](kv_cache-flatten-plain.svg)",
            (self.page / "report.md").read_text(),
        )

    def test_a_slower_benchmark_fails_the_report(self):
        finished = self.report(self.write("session.json", session(1.2)), "-o", self.page)
        self.assert_says(finished, 1, "1 of 2 benchmarks slower. FAILED")
        self.assertTrue((self.page / "kv_cache-flatten-ratio.svg").exists())

    def test_the_same_code_passes(self):
        self.assert_says(
            self.report(self.write("session.json", session(1)), "-o", self.page), 0, "PASSED"
        )

    def test_an_interrupted_session_is_not_judged(self):
        file = self.write("session.json", session(1, complete=False))
        self.assert_says(self.report(file, "-o", self.page), 2, "COULD NOT BE JUDGED")

    def test_hostile_text_of_a_file_runs_nothing_and_is_text(self):
        file = self.write("bench.json", measurements(environment=HOSTILE, torch=HOSTILE))
        self.report(file, "-o", self.page)
        for path in self.page.iterdir():
            self.assertNotIn("<img", path.read_text(), path)

    def without_gnuplot(self):
        """A PATH that has all but gnuplot."""
        tools = self.folder / "tools"
        tools.mkdir()
        for directory in os.environ["PATH"].split(os.pathsep):
            for tool in Path(directory).glob("*") if Path(directory).is_dir() else []:
                link = tools / tool.name
                if not tool.name.startswith("gnuplot") and not link.exists():
                    link.symlink_to(tool)
        return str(tools)

    def test_without_gnuplot_nothing_pretends_to_be_complete(self):
        path = self.without_gnuplot()
        file = self.write("bench.json", measurements())
        finished = self.report(file, "-o", self.page, PATH=path)
        self.assert_says(finished, 2, "gnuplot is not installed", "apt-get install gnuplot-nox")
        self.assertFalse(self.page.exists())
        finished = self.report(file, "-o", self.page, "--no-charts", PATH=path)
        self.assertEqual(finished.code, 0, finished)
        self.assertEqual(list(self.page.glob("*.svg")), [])
        self.assertNotIn("![", (self.page / "report.md").read_text())

    def test_a_record_alone_takes_no_gnuplot(self):
        finished = self.report(self.record("2.13.0"), "-o", self.page, PATH=self.without_gnuplot())
        self.assertEqual(finished.code, 0, finished)


class Readme(Report):
    def test_the_table_stands_between_the_markers_and_nothing_else_changes(self):
        readme = self.folder / "README.md"
        begin, end = "<!-- exportgate:benchmarks -->", "<!-- /exportgate:benchmarks -->"
        readme.write_text(f"# A\n\n{begin}\nold\n{end}\n\nrest\n")
        file = self.write("bench.json", measurements())
        finished = self.report(file, "--readme", readme)
        self.assertEqual(finished.code, 0, finished)
        text = readme.read_text()
        self.assertTrue(text.startswith(f"# A\n\n{begin}\n"), text)
        self.assertTrue(text.endswith(f"{end}\n\nrest\n"), text)
        self.assertIn("| plain | pytree | 450 (23.7x) |", text)
        self.assertNotIn("old", text)
        self.report(file, "--readme", readme)
        self.assertEqual(readme.read_text(), text, "again is the same")

    def test_a_readme_without_markers_is_left_alone(self):
        readme = self.folder / "README.md"
        readme.write_text("# A\n")
        finished = self.report(self.write("bench.json", measurements()), "--readme", readme)
        self.assert_says(finished, 2, "README.md", "exportgate:benchmarks")
        self.assertEqual(readme.read_text(), "# A\n")

    def test_what_is_read_is_never_overwritten(self):
        file = self.write("bench.json", measurements())
        self.assert_says(self.report(file, "--readme", file), 2, "is read")
        shutil.copy(file, self.folder / "index.html")
        finished = self.report(self.folder / "index.html", "-o", self.folder)
        self.assertEqual(finished.code, 2, finished)


if __name__ == "__main__":
    unittest.main()
