"""How exceptions are named, and the exception for a case that contradicts its own declaration."""

import re

from exportgate_worker import channel

LONGEST_REASON = 200  # characters of a message that are quoted in the reason of a check
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # torch.onnx writes them also where no terminal is


class CaseError(Exception):
    """What case.py does is not what case.toml declares.

    `about`: the line that it is about, as user_places wants it: a file of the case, the pattern of
    the line, and the table that it is in.
    """

    def __init__(self, message, about=None):
        super().__init__(message)
        self.about = about


def key_of_toml(key, *table):
    """The line of case.toml with that key, for a CaseError."""
    return ("case.toml", rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", *table)


def table_of_toml(table):
    """The line of case.toml in which that table begins, for a CaseError."""
    return ("case.toml", rf"\s*(\[\s*)?{re.escape(table)}\b")


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
    """str(error) without colours; an exception may fail even at that."""
    try:
        return channel.text(_COLOURS.sub("", str(error)))
    except Exception as failure:
        return f"(its message cannot be had: {class_name(failure)})"


def is_out_of_memory(error):
    """Whether a call needed more memory than there is here. That of eager says nothing of the
    program, which is not tried there; a program that alone runs out of it is not as eager is."""
    said = message(error)
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError)
        and ("can't allocate memory" in said or "std::bad_alloc" in said)
    )


def short_reason(error):
    """Class and first line of the message, without what varies between runs: addresses, paths."""
    lines = message(error).strip().splitlines()
    first = lines[0].strip() if lines else ""
    first = re.sub(r"0x[0-9a-fA-F]+", "0x...", first)
    first = re.sub(r"(?<![\w/])/[^\s'\":,()]*/([^\s'\":,()/]+)", r"\1", first)
    if len(first) > LONGEST_REASON:
        first = first[:LONGEST_REASON].rsplit(maxsplit=1)[0] + " ..."
    return f"{class_name(error)}: {first}" if first else class_name(error)
