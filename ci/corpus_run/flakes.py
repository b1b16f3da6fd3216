"""Cells that come to something else when the same thing is observed again."""

import hashlib
import json
import tempfile
from pathlib import Path

import child
import kept
from messages import complain, say


def compared(unit, before, after, cells=()):
    """The report of `exportgate upgrade`, of some cells or of all; None where there is none."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "upgrade.json"
        only = [word for cell in cells for word in ("--only", cell)]
        command = ("upgrade", before, after, *only, "--json", file)
        child.run(*command, folder=unit.collection.folder, output=child.NOTHING)
        return json.loads(file.read_text()) if file.exists() else None


def differing(unit, before, after, cells):
    """Cell -> (what it came to in the one, in the other); None where nobody knows."""
    report = compared(unit, before, after, cells)
    if report is None:
        return None
    return {
        cell["name"]: (headline(cell["before"]), headline(cell["after"]))
        for cell in report["cells"]
        if cell["verdict"] not in ("same", "cosmetic") and not is_equal(cell)
    }


def is_equal(cell):
    """Also of what has no verdict, as two errors of the case."""
    return cell["before"] is not None and cell["before"] == cell["after"]


def headline(outcome):
    return "not observed" if outcome is None else outcome["headline"]


def suspects(unit):
    """As differing(), between the record that was there and the one that came, of what was made of
    the same."""
    same = kept.of_same_thing(unit.before, unit.record)
    return differing(unit, unit.before, unit.record, same) if same else {}


def look_a_third_time(unit, suspected, run):
    """Cell -> what is kept of it, for the notes; None where it could not be observed. Where the
    third is as the second, the second stands."""
    third = unit.folder / f"{unit.collection.name}.third"
    named = ", ".join(suspected)
    say(f"{unit.label}: a third time, since they differ from a record of the same: {named}")
    if not run(unit, third, *suspected):
        return None
    other = differing(unit, unit.record, third, suspected)
    third.unlink()
    if other is None:
        complain(f"{unit.label}: the third observation cannot be compared")
        return None
    made_of = kept.made_of(unit.record)
    found = {}
    for cell, (first, second) in suspected.items():
        came = [first, second, other[cell][1] if cell in other else second]
        found[cell] = {"came_to": came, "settled": cell not in other, "of": _of(made_of, cell)}
    return found


def still_known(unit, found):
    """With those of earlier looks whose cell is made of the same as then."""
    made_of = kept.made_of(unit.record)
    earlier = unit.read_notes().get("flakes", {})
    return {c: f for c, f in earlier.items() if f["of"] == _of(made_of, c)} | found


def _of(made_of, cell):
    text = made_of[cell].text() if cell in made_of else ""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
