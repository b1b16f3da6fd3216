"""Pairs of recorded prints that were compared without this project's parser, and what was found."""

from pathlib import Path

LIST = Path(__file__).with_name("compared.tsv")


def compared_rows(root):
    """Rows of the manifest from compared.tsv, whose columns are file, base, expect and why."""
    rows = []
    for line in LIST.read_text(encoding="utf-8").splitlines()[1:]:
        file, base, expectation, _ = line.split("\t")
        for name in (file, base):
            if not (root / name).exists():
                raise FileNotFoundError(f"{LIST.name}: {name} was not recorded")
        release, program = file.removesuffix(".txt").split("/")
        kind = "another_release" if base.endswith(f"/{program}.txt") else "another_program"
        rows.append([file, base, program, release, kind, expectation])
    return rows
