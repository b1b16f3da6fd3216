"""docs/schemas: what exportgate writes is as the schemas say, and what is not is refused."""

import copy
import itertools
import json
import shutil
import sys
import unittest

from support import RECORD, SOURCE, Scratch

LIBRARY = SOURCE / "build" / "jsonschema"  # where ci/test installs it, beside no environment
sys.path.insert(0, str(LIBRARY))

RECORDINGS = SOURCE / "tests" / "recordings"
WAIVER = """
[[waivers]]
cells = "plain/strict/named/*"
torch = ">=2.6"
differs = ["rejected in export"]
reason = "a known difference"
url = "https://example.org/issues/7"
expires = 2027-03-01
"""
# Objects whose keys are names of something: any key will do.
TABLES = {
    *("packages", "counts", "timings_s", "extents", "schemas", "of_other_builds"),
    *("returned", "counts_up"),
}
STEPS = ("returned", "in_place", "counts_up")
# Left out where they are empty or the default.
MAY_BE_MISSING = {
    *("shard", "note", "observed_at", "seed", "checks_left_out", "made_of", "taken_from"),
    *("earlier", "loaded", "decomposed", "retraced", "facts", "place", "context", "children"),
    *("dialect", "guards", "inputs", "carried", "modules", "argument_names", "schemas"),
    *("strides", "values", "layout", "same_as", "dynamic", "print", "relations", "export"),
    *("export_pairs", "mutates", "model", "tolerance", "rounds", "steps", *STEPS),
}


def validator(name, part=None):
    import jsonschema

    schema = json.loads((SOURCE / "docs" / "schemas" / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    if part:
        schema = {"$defs": schema["$defs"], "$ref": f"#/$defs/{part}"}
    return jsonschema.Draft202012Validator(schema)


def shortened(value):
    """With three elements of each list: what is wrong with one of many is wrong with it."""
    if isinstance(value, dict):
        return {key: shortened(member) for key, member in value.items()}
    return [shortened(member) for member in value[:3]] if isinstance(value, list) else value


def places(value, path=()):
    """The path of every key below `value`."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in members:
        yield (*path, key)
        if isinstance(member, (dict, list)):
            yield from places(member, (*path, key))


def holder(value, path):
    for key in path[:-1]:
        value = value[key]
    return value


def is_table(path):
    parent = path[-2] if len(path) > 1 else None
    of_header = parent in ("cases", "checks") and path[0] == "record" and len(path) in (3, 4)
    return parent in TABLES or of_header or (parent == "cells" and "steps" in path)


def damages(document):
    """Copies with one key renamed, dropped, or of another type; each with its words."""
    seen = set()
    for path in places(document):
        kind = tuple("" if isinstance(key, int) else key for key in path)
        value, key = holder(document, path)[path[-1]], path[-1]
        if (kind, type(value)) in seen:
            continue
        seen.add((kind, type(value)))
        where = "/".join(map(str, path))
        damaged = copy.deepcopy(document)
        holder(damaged, path)[key] = [] if isinstance(value, dict) else {}
        yield f"{where} has another type", damaged
        if isinstance(key, int) or is_table(path):
            continue
        damaged = copy.deepcopy(document)
        del holder(damaged, path)[key]
        if key not in MAY_BE_MISSING:
            yield f"{where} is missing", damaged
        damaged = copy.deepcopy(damaged)
        holder(damaged, path)[f"{key}_"] = value
        yield f"{where} is renamed", damaged


class Schemas(Scratch):
    def setUp(self):
        super().setUp()
        self.assertTrue(LIBRARY.is_dir(), f"{LIBRARY} is missing: ci/test installs it")

    def assert_valid(self, schema, document, what):
        for error in itertools.islice(schema.iter_errors(document), 1):
            self.fail(f"{what}: {error.json_path}: {error.message[:500]}")

    def assert_refuses_damages(self, schema, document):
        document = shortened(document)
        self.assert_valid(schema, document, "the document itself")
        tried = 0
        for words, damaged in damages(document):
            tried += 1
            self.assertFalse(schema.is_valid(damaged), words)
        self.assertGreater(tried, 10)

    def written(self, *arguments):
        finished = self.exportgate(*arguments, "--today", "2026-11-30", "--json", "report.json")
        report = self.folder / "report.json"
        self.assertTrue(report.is_file(), finished)
        return json.loads(report.read_text())


class OfRecords(Schemas):
    def setUp(self):
        super().setUp()
        parts = ("header_line", "cell_line", "footer_line")
        self.header, self.cell, self.footer = (validator("record", part) for part in parts)
        self.line = validator("record")

    def recordings(self):
        found = [*RECORDINGS.glob("*.jsonl"), *SOURCE.glob("collections/*/recordings/*.jsonl")]
        self.assertGreaterEqual(len(found), 20)
        return [RECORD, *found]

    def test_each_line_of_each_recording_is_valid(self):
        for record in self.recordings():
            header, *cells, footer = map(json.loads, record.read_text().splitlines())
            self.assert_valid(self.header, header, f"{record}:1")
            for number, cell in enumerate(cells, 2):
                self.assert_valid(self.cell, cell, f"{record}:{number}")
            self.assert_valid(self.footer, footer, f"{record}: the last line")

    def test_a_line_is_of_one_kind(self):
        header, cell, *_, footer = map(
            json.loads, (RECORDINGS / "2.13.0.jsonl").read_text().splitlines()
        )
        for line in (header, cell, footer):
            self.assert_valid(self.line, line, "a line")
        self.assertFalse(self.cell.is_valid(footer))
        self.assertFalse(self.line.is_valid({**cell, **footer}))
        self.assertFalse(self.line.is_valid({**cell, "unobserved": {"reason": "two results"}}))

    def test_a_damaged_line_is_refused(self):
        lines = [*map(json.loads, RECORD.read_text().splitlines())]
        self.assertIn("made_of", lines[0]["record"])
        self.assert_refuses_damages(self.header, lines[0])
        self.assert_refuses_damages(self.footer, lines[-1])
        for result in ("exported", "rejected"):
            cell = next(line for line in lines if result in line)
            self.assert_refuses_damages(self.cell, cell)
        made = {"cell": "a/plain/strict/named/p", "timings_s": {"total": 0.5}, "output": ""}
        crashed = {"stage": "check:run", "signal": 11, "exit_code": 0}
        self.assert_refuses_damages(
            self.cell, {**made, "crashed": crashed, "taken_from": "2026-11-29T13:55:02Z"}
        )


class OfReports(Schemas):
    """A release with a waived cell, and the same record without its footer."""

    def setUp(self):
        super().setUp()
        self.schema = validator("report")
        shutil.copytree(SOURCE / "cases", self.folder / "cases", dirs_exist_ok=True)
        shutil.copytree(SOURCE / "golden", self.folder / "golden", dirs_exist_ok=True)
        toml = self.folder / "cases" / "dynamic_cache" / "case.toml"
        toml.write_text(toml.read_text() + WAIVER)
        lines = []
        for line in (RECORDINGS / "2.13.0.jsonl").read_text().splitlines():
            entry = json.loads(line)
            if entry.get("cell", "").startswith("dynamic_cache/plain/strict/named/"):
                entry.pop("earlier", None)
                entry["rejected"] = {"stage": "export", "exception": "ValueError", "message": "no"}
                del entry["exported"]
            if entry.get("cell", "").startswith("kv_cache/plain/"):
                entry["taken_from"] = "2026-11-29T13:55:02Z"
            lines.append(json.dumps(entry))
        (self.folder / "whole.jsonl").write_text("\n".join(lines) + "\n")
        (self.folder / "cut.jsonl").write_text("\n".join(lines[:-9]) + "\n")

    def test_a_report_is_valid(self):
        report = self.written("check", "whole.jsonl")
        self.assert_valid(self.schema, report, "the report")
        cells = report["cells"]
        for member in ("waiver", "taken_from", "expected", "observed"):
            self.assertTrue(any(cell[member] for cell in cells), f"no cell has `{member}`")

    def test_a_report_of_what_could_not_be_judged_is_valid(self):
        report = self.written("check", "cut.jsonl")
        self.assert_valid(self.schema, report, "the report")
        self.assertEqual(report["exit_code"], 2)
        self.assertTrue(report["problems"])

    def test_a_damaged_report_is_refused(self):
        report = self.written("check", "cut.jsonl")
        report["cells"].sort(key=lambda cell: (not cell["waiver"], not cell["taken_from"]))
        self.assert_refuses_damages(self.schema, report)


class OfUpgrades(Schemas):
    def setUp(self):
        super().setUp()
        self.schema = validator("upgrade")

    def upgrade(self, before, after, *arguments):
        return self.written(
            *("upgrade", before, after, "--cases", SOURCE / "cases", "--environments", "none"),
            *("--recordings", RECORDINGS, *arguments),
        )

    def test_upgrades_are_valid(self):
        for before, after in (("2.8.0", "2.9.1"), ("2.9.1", "2.10.0"), ("2.14.1", "2.15.0")):
            report = self.upgrade(before, after)
            self.assert_valid(self.schema, report, f"{before} -> {after}")
            self.assertTrue(report["programs"]["tried"])
        self.assertTrue(any(cell["spelling"] for cell in report["cells"]))

    def test_an_upgrade_that_could_not_be_judged_is_valid(self):
        lines = (RECORDINGS / "2.9.1.jsonl").read_text().splitlines()
        (self.folder / "cut.jsonl").write_text("\n".join(lines[:-9]) + "\n")
        report = self.upgrade("2.8.0", "cut.jsonl", "--strict")
        self.assert_valid(self.schema, report, "the report")
        self.assertTrue(report["problems"])

    def test_a_damaged_upgrade_is_refused(self):
        report = self.upgrade("2.8.0", "2.9.1")
        report["groups"].sort(key=lambda group: not group["steps"])
        self.assert_refuses_damages(self.schema, report)


if __name__ == "__main__":
    unittest.main(verbosity=2)
