"""Whether a program refuses its inputs, and in words that are the same in every release, why.

Releases say that the shapes are not those that the program was exported for as
"Guard failed: x.size()[0] == 3" (from 2.9 on) and
"Expected input at *args[0].shape[0] to be equal to 3, but got 4" (up to 2.8), or with the name of
an input (2.8, strict). A runtime assertion says the same of what follows from the inputs, but in
symbols that torch numbers as it likes: these are not quoted. Whatever else a program raises is not
a refusal, with one exception: where a program must not take its inputs, it may also say that they
have another structure, as a context that follows from the extents has.
"""

import re

from exportgate_worker import declaration, errors

REFUSAL = re.compile(
    r"Guard failed|Expected input (at |.* to be )|Runtime assertion failed|"
    r"Invalid value range for|is outside of (the )?inline constraint"
)
OTHER_STRUCTURE = "Trying to flatten user inputs with exported input tree spec"
_GUARD = re.compile(r"Guard failed: (?P<guard>[^\n]+)")
_EXPECTED = re.compile(
    r"Expected input at (?P<source>\S+?)\.shape\[(?P<dim>\d+)\] to be "
    r"(?P<how>equal to|>=|<=|of the form) (?P<what>[^,\n]+?)(?:, but got|$)"
)
_SIZE = re.compile(r"(?P<source>[A-Za-z_*][\w.\[\]'\"*]*?)\.size\(\)\[(?P<dim>\d+)\]")
_HOW = {"equal to": "==", "of the form": "=="}
# Symbols that torch numbers as it likes, and its names for what it made of attributes.
_GENERATED = re.compile(r"\bs\d+\b|\bu\d+\b|\bL\[|___|\bself\b")
LONGEST = 120


def is_refusal(error):
    return error is not None and REFUSAL.search(errors.message(error)) is not None


def is_for_structure(error):
    """Whether the program does not take its inputs since they have another pytree."""
    return isinstance(error, ValueError) and OTHER_STRUCTURE in errors.message(error)


def words(error, case):
    """ "refused", with the guard where it can be said in the words of the declaration:
    "refused: batch == 3"."""
    message = errors.message(error)
    guard = _of_expected(message, case) or _of_guard(message, case)
    return f"refused: {guard}" if guard else "refused"


def _of_expected(message, case):
    found = _EXPECTED.search(message)
    if not found:
        return ""
    extent = _extent(found["source"], int(found["dim"]), case)
    how = _HOW.get(found["how"], found["how"])
    what = found["what"].strip()
    return f"{extent} {how} {what}" if extent and what.isdigit() else ""


def _of_guard(message, case):
    found = _GUARD.search(message)
    if not found:
        return ""
    guard = found["guard"].strip()
    unknown = []

    def replaced(by):
        def one(size):
            extent = by(size["source"], int(size["dim"]), case)
            if not extent:
                unknown.append(size[0])
            return extent

        return _SIZE.sub(one, guard)

    said = replaced(_extent)
    left, _, right = said.partition(" == ")
    if left == right:  # of two leaves with the same dim
        said = replaced(_axis)
    said = re.sub(r"\s*([*/])\s*", r"\1", said)
    said = _in_order(said)
    if unknown or _GENERATED.search(said) or "size()" in said or len(said) > LONGEST:
        return ""
    return said


def _in_order(said):
    """Factors in one order: which comes first follows torch's own names."""
    return re.sub(
        r"[\w.]+(?:\*[\w.]+)+",
        lambda product: "*".join(sorted(product[0].split("*"))),
        said,
    )


def _extent(source, dim, case):
    """The declared extent, "batch"; "x dim 1" where it is a number; "" of an unknown source."""
    leaf = _leaf(source, case)
    if leaf is None or dim >= len(leaf.shape):
        return ""
    extent = leaf.shape[dim]
    if not isinstance(extent, str):
        return _axis(source, dim, case)
    return extent if extent.isidentifier() else f"({extent})"


def _axis(source, dim, case):
    leaf = _leaf(source, case)
    return f"{leaf.name} dim {dim}" if leaf is not None else ""


def _leaf(source, case):
    """The declared leaf that torch calls `source`: the one with the same last steps."""
    steps = [step for step in declaration.words(source) if not step.startswith("*")]
    by_length = {}
    for leaf in case.inputs:
        own = leaf.words()
        by_length.setdefault(_common_end(steps, own), []).append(leaf)
    longest = max(by_length)
    found = by_length[longest]
    if longest and len(found) == 1:
        return found[0]
    # "*args[1]": the position is all that it has, and no leaf before it is a cache.
    if re.fullmatch(r"\*args\[\d+\]", source):
        index = int(steps[-1])
        plain = [leaf for leaf in case.inputs[: index + 1] if len(leaf.words()) == 1]
        return plain[index] if len(plain) == index + 1 else None
    return None


def _common_end(some, others):
    count = 0
    for one, other in zip(reversed(some), reversed(others)):
        if one != other:
            break
        count += 1
    return count
