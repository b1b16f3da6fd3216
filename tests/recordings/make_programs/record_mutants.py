"""Changes exported programs in torch, prints them, records what the canonical form must say.

    python tests/recordings/make_programs/record_mutants.py

needs the torch that recorded programs/2.13.0. Writes programs/mutants/<program>/<kind>.txt and
programs/manifest.tsv. A mutant that must be caught but prints like its base, or an edit that
raises, is a bug of these scripts: nothing is written. Of each kind the repository keeps a dozen,
spread over the programs; `--most 0 --to DIR` writes all of them elsewhere.
"""

import argparse
import copy
import shutil
import sys
from collections import Counter
from pathlib import Path

import edits_of_calls
import edits_of_interface
import edits_of_nesting
import edits_of_operands
import edits_of_sizes
import neutral_edits
import torch
from compared import compared_rows
from graph_edits import DIFFERENT, SAME, graph_modules
from neutral_edits import calls_renamed_backwards, inputs_renamed
from prints import neutral_comments, release_of, without_comments
from record_programs import ROOT, all_programs, fresh
from spellings import SPELLINGS

# Imported for the kinds that they put into DIFFERENT and SAME.
KINDS_FROM = (
    edits_of_calls,
    edits_of_interface,
    edits_of_nesting,
    edits_of_operands,
    edits_of_sizes,
    neutral_edits,
)
RELEASE = "2.13.0"
HEADER = ["file", "base", "program", "release", "kind", "expect"]
LARGEST = 6000  # bytes of a print that is mutated; larger ones would only repeat more
BUT_ALSO = ("cache_32_layers",)


def sites(count):
    """At which of its places a kind of change is made: the first and the last."""
    return sorted({0, count - 1}) if count else []


def edited(ep, edits, site):
    """A copy of the program after one edit."""
    ep = copy.deepcopy(ep)
    list(edits(ep))[site]()
    for module in graph_modules(ep.graph_module):
        module.graph.lint()
    return ep


def mutants_of(ep, base, few):
    """(kind, expectation, print) of everything that can be done to one program.

    The second mutant of a kind that must be caught is renamed all over as well: a change must not
    hide behind new names.
    """
    for expectation, kinds in (("different", DIFFERENT), ("same", SAME)):
        for kind, edits in kinds.items():
            for turn, site in enumerate(sites(len(list(edits(ep))))[: 1 if few else 2]):
                try:
                    mutant = edited(ep, edits, site)
                    text = neutral_comments(str(mutant))
                    if expectation == "different" and turn == 1:
                        for rename in (*calls_renamed_backwards(mutant), *inputs_renamed(mutant)):
                            rename()
                except Exception as error:
                    cause = f"{type(error).__name__}: {error}"
                    raise AssertionError(f"{kind} at {site}: {cause}") from error
                if expectation == "different" and without_comments(text) == without_comments(base):
                    raise AssertionError(f"{kind} at {site}: the mutant prints like its base")
                yield kind, expectation, neutral_comments(str(mutant))


def record(name, make, rows):
    base_file = f"{RELEASE}/{name}.txt"
    base = (ROOT / base_file).read_text(encoding="utf-8")
    ep = fresh(make)
    if neutral_comments(str(ep)) != base:
        raise AssertionError("prints differently now; run record_programs.py first")
    found = list(mutants_of(ep, base, few=len(base) > LARGEST))
    if neutral_comments(str(ep)) != base:
        raise AssertionError("an edit reached the program through its copy")
    for kind, spell in SPELLINGS.items():
        found.append((kind, "same", neutral_comments(spell(lambda: fresh(make), ep))))
    files, seen = {}, Counter()
    for kind, expectation, text in found:
        if text == base:  # a neutral change that changes nothing shows nothing
            continue
        seen[kind] += 1
        file = f"mutants/{name}/{kind}{'' if seen[kind] == 1 else f'_{seen[kind]}'}.txt"
        files[file] = text
        rows.append([file, base_file, name, RELEASE, kind, expectation])
    return files


def spread(rows, most):
    """At most so many rows of each kind, evenly over the programs."""
    if not most:
        return rows
    kept = []
    for kind in dict.fromkeys(row[4] for row in rows):
        of_kind = [row for row in rows if row[4] == kind]
        step = max(1.0, len(of_kind) / most)
        kept += [of_kind[int(i * step)] for i in range(min(most, len(of_kind)))]
    return sorted(kept)


def write(folder, rows, files):
    shutil.rmtree(folder / "mutants", ignore_errors=True)
    for row in rows:
        path = folder / row[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[row[0]], encoding="utf-8", newline="")
    lines = ["\t".join(row) for row in [HEADER, *rows, *compared_rows(ROOT)]]
    (folder / "manifest.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=12, help="mutants of one kind; 0: all")
    parser.add_argument(
        "--to", type=Path, default=ROOT, help="folder that gets mutants/ and manifest.tsv"
    )
    options = parser.parse_args()
    if release_of(torch.__version__) != RELEASE:
        print(
            f"this is torch {torch.__version__}; the mutants are made with {RELEASE}",
            file=sys.stderr,
        )
        return 2
    rows, failures, files = [], [], {}
    for name, make in sorted(all_programs().items()):
        path = ROOT / RELEASE / f"{name}.txt"
        if path.exists() and (path.stat().st_size <= LARGEST or name in BUT_ALSO):
            try:
                files.update(record(name, make, rows))
            except (
                AssertionError
            ) as error:  # reported with its program; the run goes on to find them all
                failures.append(f"{name}: {error}")
    if failures:
        print("\n".join(failures), file=sys.stderr)
        return 1
    kept = spread(rows, options.most)
    write(options.to, kept, files)
    for expectation in ("different", "same"):
        of = [row for row in kept if row[5] == expectation]
        programs, kinds = {row[2] for row in of}, {row[4] for row in of}
        print(
            f"{expectation}: {len(of)} mutants of {len(kinds)} kinds over {len(programs)} programs"
        )
    print(f"{sum(len(files[row[0]]) for row in kept)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
