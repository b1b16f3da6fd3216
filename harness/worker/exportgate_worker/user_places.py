"""Where the user's own code raised, or which line of it a mistake is about: a word for people, no
part of an outcome."""

import os
import re
import traceback

from exportgate_worker import comparison, made_of
from exportgate_worker.errors import CaseError

_MOST_LEAVES = 8


def place(error, directory, called_with=""):
    """ "my_cache/case.py:31"; "my_package/caches.py:7, by way of my_cache/case.py:31" where code of
    the case in `directory` called a module of the user that raised; "" where the user's code has no
    part in it. Of a CaseError it is the line that it is about, where that is known.

    `called_with`: added where the model raised.
    """
    if isinstance(error, CaseError) and error.about:
        return _place_of(error.about, directory)
    around = os.path.dirname(os.path.abspath(directory))
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        frames.append((error.filename, error.lineno))
    frames = [(os.path.abspath(file), line) for file, line in frames if os.path.isabs(file)]
    of_case = [frame for frame in frames if frame[0].startswith(around + os.sep)]
    of_user = [frame for frame in frames if frame in of_case or made_of.is_of_the_user(frame[0])]
    found = [named(*frames[-1], around) for frames in (of_user, of_case) if frames]
    text = ", by way of ".join(dict.fromkeys(found))
    return f"{text}, called with {called_with}" if text and called_with else text


def named(file, line, around):
    """A file of the cases by its path among them, another one by that which it is imported by."""
    for folder in [around, *sorted(made_of.python_path(), key=len, reverse=True)]:
        if file.startswith(folder + os.sep):
            return f"{os.path.relpath(file, folder)}:{line}"
    return f"{os.path.join(os.path.basename(os.path.dirname(file)), os.path.basename(file))}:{line}"


def described_inputs(case, leaves):
    """ "query float32[3, 2], ..."."""
    texts = [f"{leaf.name} {comparison.described(leaves[leaf.name])}" for leaf in case.inputs]
    more = ["..."] if len(texts) > _MOST_LEAVES else []
    return ", ".join(texts[:_MOST_LEAVES] + more)


def of_function(directory, name):
    """Where case.py defines it; "" where it does not."""
    return _place_of(("case.py", rf"def\s+{re.escape(name)}\b"), directory)


def _place_of(about, directory):
    """`about`: a file of the case, and the pattern of the first line that is meant; of case.toml
    also the table it is in."""
    file, pattern, *table = about
    path = os.path.join(directory, file)
    name = os.path.join(os.path.basename(os.path.abspath(directory)), file)
    try:
        with open(path, encoding="utf-8") as text:
            lines = text.read().splitlines()
    except (OSError, UnicodeDecodeError):
        return name
    within = not table
    for number, line in enumerate(lines, 1):
        if table and line.startswith("["):
            within = line.split("]")[0] == f"[{table[0]}"
        if within and re.match(pattern, line):
            return f"{name}:{number}"
    return name
