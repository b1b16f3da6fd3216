"""Records as files: whether one is whole, what its cells were made of, and how it is kept."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass


def write(file, text):
    """As a whole or not at all, also where the power goes."""
    beside = file.with_name(file.name + ".part")
    with open(beside, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    beside.rename(file)


def lines_of(file):
    """Every line as a value; none where the file is not there, or cut."""
    try:
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError):
        return []


def ends(file):
    """Its header and its footer, without what lies between; empty where it has none."""
    try:
        with open(file, "rb") as opened:
            first = opened.readline()
            last = first
            for line in opened:
                last = line
        return json.loads(first).get("record", {}), json.loads(last).get("end", {})
    except (OSError, ValueError, AttributeError):
        return {}, {}


def is_whole(file, inputs, shard=""):
    """Complete, and of these cases and this worker."""
    header, footer = ends(file)
    return (
        footer.get("complete") is True
        and header.get("inputs_digest") == inputs
        and header.get("shard", "") == shard
    )


def stripped(file):
    """The record as it is kept for others: what cells were made of is for this machine."""
    lines = []
    for entry in lines_of(file):
        for part in (entry, entry.get("record", {})):
            part.pop("made_of", None)
            part.pop("taken_from", None)
        lines.append(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n")
    return "".join(lines)


@dataclass(frozen=True)
class MadeOf:
    """What a cell was made of."""

    asked: str  # with its case, the environment and the worker
    inputs: str  # all cases and the worker
    read: str | None  # what the cell read; None: it crashed, or took too long, and nobody knows

    def is_same_as(self, other):
        """Where one of them does not say what it read, all cases stand for that."""
        knows = self.read is not None and other.read is not None
        same = self.read == other.read if knows else self.inputs == other.inputs
        return self.asked == other.asked and same

    def text(self):
        return json.dumps([self.asked, self.read or self.inputs])


def made_of(file):
    """Cell -> MadeOf. Cells of which nothing is known are left out."""
    header, *lines = lines_of(file) or [{}]
    header = header.get("record", {})
    table = header.get("made_of")
    if not table or not table.get("environment"):
        return {}
    asked = [table.get(each) for each in ("worker", "environment", "timeout_s", "check_timeout_s")]
    found = {}
    for line in lines:
        if "cell" not in line:
            continue
        cell, row = line["cell"], line.get("made_of")
        case = table["cases"].get(cell.split("/")[0].split("[")[0])
        read = None
        if row is not None:
            read = json.dumps([table["parts"][part] for part in table["rows"][row]])
        if case:
            found[cell] = MadeOf(json.dumps([*asked, case]), header["inputs_digest"], read)
    return found


def of_same_thing(before, after):
    """Cells of two records that were made of the same."""
    a, b = made_of(before), made_of(after)
    return [cell for cell in b if cell in a and a[cell].is_same_as(b[cell])]
