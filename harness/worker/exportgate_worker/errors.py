"""How exceptions are named, and the exception for a case that contradicts its own declaration."""

import contextlib
import os
import re
import traceback

from exportgate_worker import channel

LONGEST_REASON = 200  # characters of a message that are quoted in the reason of a check


class CaseError(Exception):
    """What case.py does is not what case.toml declares, in `table` if one is named."""

    def __init__(self, message, table=""):
        super().__init__(message)
        self.table = table


class NotRegistered(CaseError):
    """An input holds an object that pytree does not know, where a tensor is declared."""


class NotAvailable(Exception):
    """This environment cannot host what the cell needs: nothing is observed."""


def class_name(error):
    """ "torch._dynamo.exc.UserError"; without a module for builtins: "RuntimeError"."""
    kind = type(error)
    if kind.__module__ == "builtins":
        return kind.__qualname__
    return f"{kind.__module__}.{kind.__qualname__}"


def message(error):
    """str(error), raw; an exception may fail even at that."""
    try:
        return channel.text(str(error))
    except Exception as failure:
        return f"(its message cannot be had: {class_name(failure)})"


def place(error, directory):
    """Where the code of the case in `directory` raised, or was called when something raised:
    "my_cache/case.py:31"; "" where its code has no part in it. The modules beside it count too.

    Of a CaseError that names a table, where case.toml declares it.
    """
    around = os.path.dirname(os.path.abspath(directory))
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        places.append((error.filename, error.lineno))
    inside = [
        f"{os.path.relpath(os.path.abspath(file), around)}:{line}"
        for file, line in places
        if os.path.abspath(file).startswith(around + os.sep)
    ]
    if inside:
        return inside[-1]
    return _place_of_table(getattr(error, "table", ""), directory)


def _place_of_table(table, directory):
    if not table:
        return ""
    with contextlib.suppress(OSError), open(os.path.join(directory, "case.toml")) as file:
        for number, line in enumerate(file, 1):
            if re.match(rf"\s*(\[\s*)?{table}\b", line):
                return f"{os.path.basename(os.path.abspath(directory))}/case.toml:{number}"
    return ""


def short_reason(error):
    """Class and first line of the message, without what varies between runs: addresses, paths."""
    lines = message(error).strip().splitlines()
    first = lines[0].strip() if lines else ""
    first = re.sub(r"0x[0-9a-fA-F]+", "0x...", first)
    first = re.sub(r"(?<![\w/])/[^\s'\":,()]*/([^\s'\":,()/]+)", r"\1", first)
    if len(first) > LONGEST_REASON:
        first = first[:LONGEST_REASON].rsplit(maxsplit=1)[0] + " ..."
    return f"{class_name(error)}: {first}" if first else class_name(error)
