"""Exports every program with the torch of this Python and records what str(ExportedProgram) prints.

    python tests/recordings/make_programs/record_programs.py

writes tests/recordings/programs/<release>/<program>.txt and replaces this release's rows of
releases.tsv. A program that this release cannot export gets a row with the reason and no file.
"""

import platform
import sys
from pathlib import Path

import caches
import control
import inputs_and_outputs
import layers
import sizes
import torch
from prints import neutral_comments, release_of

ROOT = Path(__file__).resolve().parent.parent / "programs"
HEADER = ["release", "python", "program", "result", "reason"]


def all_programs():
    modules = (caches, control, inputs_and_outputs, layers, sizes)
    return {name: make for module in modules for name, make in module.PROGRAMS.items()}


def fresh(make):
    """The program, from a torch that remembers nothing of the ones before."""
    torch._dynamo.reset()
    torch.manual_seed(0)
    return make()


def record(release):
    folder = ROOT / release
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.txt"):
        old.unlink()
    rows = []
    for name, make in sorted(all_programs().items()):
        try:
            print_of = neutral_comments(str(fresh(make)))
        except Exception as error:  # what a release cannot do is a finding, whatever it raises
            first_line = (str(error).strip().splitlines() or [""])[0]
            reason = neutral_comments(f"{type(error).__name__}: {first_line}").replace("\t", " ")
            rows.append([release, platform.python_version(), name, "rejected", reason[:200]])
            continue
        (folder / f"{name}.txt").write_text(print_of, encoding="utf-8", newline="\n")
        rows.append([release, platform.python_version(), name, "exported", ""])
    return rows


def merge(release, rows):
    path = ROOT / "releases.tsv"
    kept = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
    kept = [line.split("\t") for line in kept if line.split("\t")[0] != release]

    def order(row):
        return [int(part) for part in row[0].split(".")], row[2]

    lines = ["\t".join(row) for row in [HEADER, *sorted(kept + rows, key=order)]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def main():
    release = release_of(torch.__version__)
    rows = record(release)
    merge(release, rows)
    for row in rows:
        print(*row[2:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
