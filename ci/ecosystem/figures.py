"""What is counted of a package in a torch release, and what changed from one to the next."""

from dataclasses import dataclass


@dataclass
class Count:
    """How many of how many; "" of none."""

    good: int
    all: int

    def __str__(self):
        return f"{self.good} of {self.all}" if self.all else ""


def applies(cell, check):
    return cell.came_to(check) in ("pass", "fail")


def counts(column):
    """Heading -> Count. Whatever is asked of a program is counted of programs."""
    cells = list(column.cells.values())
    exported = [cell for cell in cells if cell.status == "exported"]

    def of_check(check):
        asked = [cell for cell in exported if applies(cell, check)]
        return Count(sum(cell.came_to(check) == "pass" for cell in asked), len(asked))

    return {
        "export": Count(len(exported), len(cells)),
        "run": of_check("run"),
        "keep their dims": of_check("dims"),
        "loop": of_check("steps"),
        "AOTInductor": of_check("aoti"),
        "ONNX": of_check("onnx"),
        "all right": Count(sum(cell.is_right for cell in cells), len(cells)),
    }


# A program that fails one is wrong without a word, which is worse than none: the `silently_wrong`
# of harness/record/check_table.h.
NOT_AS_ASKED = ("dims", "constants", "run", "steps")


def is_worse(before, after):
    """Pass -> fail, as `exportgate upgrade` says regressed: it exported, or a check passed that
    means the same today; or it was rejected, and now is a program that is not as asked."""
    if before.status == "exported" and after.status != "exported":
        return True
    if before.status != "exported" and after.status == "exported":
        return any(after.came_to(check) == "fail" for check in NOT_AS_ASKED)
    return any(
        status == "pass" and after.checks.get(check) == ("fail", revision)
        for check, (status, revision) in before.checks.items()
    )


@dataclass
class Change:
    """From one column to another."""

    before: object
    after: object
    broken: list  # names of cells: pass -> fail
    improved: list  # and the other way round, where nothing got worse
    compared: int


def steps(columns):
    """To the next torch with the same version of the package, and to the next version with the same
    torch, of those that have a cell of it."""
    for at, before in enumerate(columns):
        for attribute, other in (("version", "torch"), ("torch", "version")):
            later = (
                column
                for column in columns[at + 1 :]
                if getattr(column, attribute) == getattr(before, attribute)
                and getattr(column, other) != getattr(before, other)
                and not before.cells.keys().isdisjoint(column.cells)
            )
            after = next(later, None)
            if after is not None:
                yield before, after


def changes(package):
    found = []
    for before, after in steps(package.columns):
        both = [name for name in before.cells if name in after.cells]
        broken = [n for n in both if is_worse(before.cells[n], after.cells[n])]
        improved = [
            n for n in both if n not in broken and is_worse(after.cells[n], before.cells[n])
        ]
        found.append(Change(before, after, broken, improved, len(both)))
    return found


def causes(package):
    """Id of the catalogue -> number of cells, by column. "": not explained."""
    found = {}
    for at, column in enumerate(package.columns):
        for cell in column.cells.values():
            for cause in cell.causes:
                found.setdefault(cause, [0] * len(package.columns))[at] += 1
    return dict(sorted(found.items(), key=lambda item: (item[0] == "", item[0])))


def word(cell):
    """What a cell came to, in a few words."""
    if cell is None:
        return ""
    if cell.is_right:
        return ", ".join(["right", *(f"fails {name}" for name in cell.lost_by)])
    if cell.status != "exported":
        return cell.headline.split(":")[0]
    return "exports, fails " + ", ".join(cell.failing)


def folder_of(name):
    """hf_decode of a cell hf_decode[arch=llama]/as_is/... or of such a case."""
    return name.split("/")[0].partition("[")[0]


def rows(package):
    """(names of cells, words by column): cells of one folder that came to the same are one row."""
    names = dict.fromkeys(n for column in package.columns for n in column.cells)
    merged = {}
    for name in names:
        words = tuple(word(column.cells.get(name)) for column in package.columns)
        merged.setdefault((folder_of(name), words), []).append(name)
    return [(cells, words) for (_, words), cells in merged.items()]


def in_braces(words):
    words = list(dict.fromkeys(words))
    return words[0] if len(words) == 1 else "{" + ",".join(words) + "}"


def product(cells):
    """What follows the case in some cells of it: "as_is/nonstrict/{named,static}/b3c5"."""
    parts = list(zip(*(cell.split("/")[1:] for cell in cells)))
    size = 1
    for part in parts:
        size *= len(set(part))
    if size == len(cells):
        return ["/".join(map(in_braces, parts))]
    return [cell.partition("/")[2] for cell in cells]


def described(cells):
    """Cells of one folder: "hf[arch={llama,mistral}]/as_is/nonstrict/{named,static}/b3c5"."""
    by_case = {}
    for cell in cells:
        by_case.setdefault(cell.split("/")[0], []).append(cell)
    by_rest = {}
    for case, of_case in by_case.items():
        for rest in product(of_case):
            by_rest.setdefault(rest, []).append(case)
    texts = []
    for rest, cases in by_rest.items():
        name, brackets = folder_of(cases[0]), [case.partition("[")[2][:-1] for case in cases]
        if brackets != [""]:
            parameter = brackets[0].partition("=")[0]
            is_one = all(text.count("=") == 1 for text in brackets)
            values = in_braces(text.partition("=")[2] for text in brackets)
            name += f"[{parameter}={values}]" if is_one else f"[{'; '.join(brackets)}]"
        texts.append(f"{name}/{rest}")
    return ", ".join(texts)
