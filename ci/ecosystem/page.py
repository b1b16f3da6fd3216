"""page.py FILE [SITE [COLLECTION...]]: see ci/ecosystem-page."""

import os
import sys
import tempfile
from pathlib import Path

import markdown
import records
import site_files

SOURCE = Path(__file__).resolve().parents[2]


def write(file, text):
    beside = file.with_name(file.name + ".part")
    beside.write_text(text, encoding="utf-8")
    beside.rename(file)


def write_site(folder, files):
    """Beside it first: a site is there as a whole, or not at all."""
    if folder.exists() and not (folder / "index.html").exists() and any(folder.iterdir()):
        records.stop(
            f"{folder} holds something else: name an empty folder, or one that is not there"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".site-") as scratch:
        made = Path(scratch) / "made"
        for name, text in files.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_text(text, encoding="utf-8")
        if folder.exists():
            folder.rename(Path(scratch) / "before")
        made.rename(folder)


def needs_packages(collection):
    """Collections of this project's own classes are in docs/collections.md."""
    files = [collection / "exportgate.toml", *collection.glob("cases/*/case.toml")]
    return any(
        line.replace(" ", "").startswith(("requires=", "with="))
        for file in files
        if file.exists()
        for line in file.read_text(encoding="utf-8").splitlines()
    )


def main():
    file, *others = [Path(name).resolve() for name in sys.argv[1:]]
    os.chdir(SOURCE)
    collections = others[1:] or [
        path.parent
        for path in sorted(Path("collections").glob("*/cases"))
        if needs_packages(path.parent)
    ]
    recorded = [each for each in collections if any((each / "recordings").glob("*.jsonl"))]
    if not recorded:
        records.stop("no collection that needs a package has a record")
    packages = records.read(recorded)
    if others:
        write_site(others[0], site_files.files(packages))
    text = "\n".join(markdown.page(packages, [each.name for each in recorded])) + "\n"
    write(file, text)
    print(f"ci/ecosystem-page: {file} has {len(packages)} packages")


if __name__ == "__main__":
    main()
