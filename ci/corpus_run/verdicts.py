"""What came to be worse, a line for each package: pass -> fail only."""

from collections import Counter
from dataclasses import dataclass, field

import flakes
from messages import counted


@dataclass
class Line:
    """A package from one pair to another."""

    package: str
    counts: Counter = field(default_factory=Counter)
    regressed: list = field(default_factory=list)
    unjudged: list = field(default_factory=list)  # (cell, why)
    flaky: list = field(default_factory=list)  # (cell, what it came to each time)


@dataclass
class Comparison:
    before: str  # "torch 2.10.0"
    after: str
    lines: dict  # package -> Line
    problems: list  # why it cannot be judged

    @property
    def exit_code(self):
        lines = self.lines.values()
        if self.problems or any(line.unjudged for line in lines):
            return 2
        return 1 if any(line.regressed for line in lines) else 0


def compare(before, after, unit, known_flakes):
    """`before`, `after`: (what it is, the record); of `unit`'s collection."""
    made = Comparison(before[0], after[0], {}, [])
    report = flakes.compared(unit, before[1], after[1])
    if report is None:
        made.problems.append(f"{unit.label} cannot be compared with {before[1]}")
        return made
    made.problems += [each["what"] for each in report["problems"]]
    for cell in report["cells"]:
        add(made, cell, unit.collection.packages[cell["name"]], known_flakes.get(cell["name"]))
    return made


def add(made, cell, package, flake):
    line = made.lines.setdefault(package, Line(package))
    name, verdict = cell["name"], cell["verdict"]
    if flake:
        line.flaky.append((name, flake["came_to"]))
    if flake and not flake["settled"]:
        verdict = "flaky"
        line.unjudged.append((name, "came to something else each time"))
    elif verdict in ("case error", "unobserved"):
        line.unjudged.append((name, next(iter(cell["reasons"]), verdict)))
    elif verdict == "regressed":
        line.regressed.append((name, next(iter(cell["reasons"]), "")))
    line.counts[verdict] += 1


def text_of(made):
    """Lines for a reader."""
    text = [f"{made.before} -> {made.after}"]
    text += [f"  cannot be judged: {problem}" for problem in made.problems]
    for line in sorted(made.lines.values(), key=lambda each: each.package):
        text.append("  " + summary(line))
        text += [f"    pass -> fail: {cell}" + _why(why) for cell, why in line.regressed]
        text += [f"    not judged: {cell}" + _why(why) for cell, why in line.unjudged]
        text += [f"    flaky: {cell}: {', then '.join(came)}" for cell, came in line.flaky]
    return text


def summary(line):
    """ "transformers: 113 cells, 2 pass -> fail, 5 improved, 3 changed"."""
    words = [counted(sum(line.counts.values()), "cell")]
    words.append(f"{len(line.regressed) or 'no'} pass -> fail")
    for verdict in ("improved", "changed", "new", "waived"):
        if line.counts[verdict]:
            words.append(f"{line.counts[verdict]} {verdict}")
    if line.unjudged:
        words.append(f"{len(line.unjudged)} not judged")
    if line.flaky:
        words.append(f"{len(line.flaky)} flaky")
    return f"{line.package}: {', '.join(words)}"


def _why(reason):
    first = reason.splitlines()[0] if reason else ""
    return f" ({first})" if first else ""
