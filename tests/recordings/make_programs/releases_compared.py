"""The same program in two releases: what a person said after reading both prints."""

from pathlib import Path

LIST = Path(__file__).with_name("releases_compared.tsv")


def release_rows(root):
    """Rows of the manifest from releases_compared.tsv: program, release, base release, expectation, why."""
    rows = []
    for line in LIST.read_text(encoding="utf-8").splitlines()[1:]:
        program, release, base, expectation, _ = line.split("\t")
        file, base_file = f"{release}/{program}.txt", f"{base}/{program}.txt"
        for name in (file, base_file):
            if not (root / name).exists():
                raise FileNotFoundError(f"{LIST.name}: {name} was not recorded")
        rows.append([file, base_file, program, release, "another_release", expectation])
    return rows
