"""docs/ecosystem.md: the packages side by side, then each by itself."""

import re

import figures

HEAD = """# Which cache classes export today

What each torch release makes of the cache classes of other libraries. Made with `ci/ecosystem-page`
from the records of {collections}; do not edit.
Each class is used by a small model of its library that needs it, with random weights, on a CPU.
[checks.md](checks.md) says what is looked at.

- **all right**: it exports, and no check of the program fails
- **run**: the program returns what the model returns at every pair, of those that export
- **keep their dims**: what was asked to be dynamic is; **loop**: called again and again with
  its own cache, as a decode loop does
- **AOTInductor**, **ONNX**: what it makes of the program returns the same, of those that it takes.
  The release is named where it is not the newest
- blank: not asked, or not recorded
"""
CONSUMERS = ("AOTInductor", "ONNX")
NEWEST = ("export", "run", "keep their dims", "loop", *CONSUMERS, "all right")


def escaped(text):
    return re.sub(r"([\\`*_|<>\[\]~])", r"\\\1", text)


def table(heads, rows):
    yield "| " + " | ".join(heads) + " |"
    yield "| --- " * len(heads) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def heading(package, column):
    """The torch release; with the version of the package where there are several."""
    versions = {one.version for one in package.columns}
    return (
        f"{column.torch}, {package.name} {column.version}"
        if versions - {column.version}
        else column.torch
    )


def anchor(name):
    return re.sub(r"[^a-z0-9_-]", "", name.lower())


def torches(packages):
    from records import in_order

    return sorted({c.torch for p in packages.values() for c in p.columns}, key=in_order)


def newest(package, torch):
    """The newest version of the package that was recorded in that release, or None."""
    return next((c for c in reversed(package.columns) if c.torch == torch), None)


def overview(packages):
    """All right, packages x torch."""
    releases = torches(packages)
    yield from table(
        ["package", *(f"torch {torch}" for torch in releases)],
        (
            [
                f"[{package.name}](#{anchor(package.name)})",
                *(
                    str(figures.counts(found)["all right"]) if found else ""
                    for found in (newest(package, torch) for torch in releases)
                ),
            ]
            for package in packages.values()
        ),
    )


def asked_last(package, name):
    """The count in the newest release; of a consumer, in the newest one that was asked for it."""
    columns = package.columns[-1:]
    if name in CONSUMERS:
        columns = [c for c in package.columns if figures.counts(c)[name].all][-1:]
    if not columns:
        return ""
    count = str(figures.counts(columns[0])[name])
    return count if columns[0] is package.columns[-1] else f"{count} ({columns[0].torch})"


def latest(packages):
    """Each package in the newest release that it was recorded in."""
    rows = []
    for package in packages.values():
        column = package.columns[-1]
        rows.append([f"{package.name} {column.version}", column.torch])
        rows[-1] += [asked_last(package, name) for name in NEWEST]
    yield from table(["package", "torch", *NEWEST], rows)


def change_lines(package):
    for change in figures.changes(package):
        line = (
            f"- {heading(package, change.before)} -> {heading(package, change.after)}: "
            f"{len(change.broken)} of {change.compared} cells got worse, "
            f"{len(change.improved)} better"
        )
        yield line
        for cells in grouped(change.broken):
            yield f"  - worse: `{figures.described(cells)}`"


def grouped(names):
    by_folder = {}
    for name in names:
        by_folder.setdefault(figures.folder_of(name), []).append(name)
    return by_folder.values()


def what_they_are(package):
    """Folder of cases -> its summaries, each once."""
    found = {}
    for case, summary in package.summaries.items():
        found.setdefault(figures.folder_of(case), {})[summary] = case
    return found


def cause_rows(package):
    for cause, numbers in figures.causes(package).items():
        name = f"[{cause}](rejected.md#{cause})" if cause else "not explained yet"
        yield [name, *(str(number or "") for number in numbers)]


def section(package):
    yield f"\n## {package.name}\n"
    changed = list(change_lines(package))
    if changed:
        yield from changed
        yield ""
    heads = [heading(package, column) for column in package.columns]
    yield from table(
        ["cells", *heads],
        (
            [f"`{figures.described(cells)}`", *map(escaped, words)]
            for cells, words in figures.rows(package)
        ),
    )
    about = what_they_are(package)
    if about:
        yield ""
    for folder, summaries in about.items():
        for summary, case in summaries.items():
            name = folder if len(summaries) == 1 else case
            yield f"- `{name}`: {escaped(summary)}"
    found = list(cause_rows(package))
    if found:
        yield "\nWhy, and how many cells:\n"
        yield from table(["cause", *heads], found)
    missing = {
        reason: len([r for r in column.unobserved.values() if r == reason])
        for column in package.columns
        for reason in column.unobserved.values()
    }
    if missing:
        yield "\nNot observed:\n"
        yield from (f"- {count}: {escaped(reason)}" for reason, count in missing.items())


def page(packages, collections):
    names = ", ".join(f"`{name}`" for name in collections)
    yield HEAD.format(collections=names)
    yield from overview(packages)
    yield "\n## In the newest release\n"
    yield from latest(packages)
    for package in packages.values():
        yield from section(package)
