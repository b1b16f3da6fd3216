"""What torch.export.draft_export finds where a script calls it, as values.

Source: torch/export/_draft_export.py, whose report of a program has the same as text.
"""

import linecache
import os
import re
import runpy

import torch

from exportgate_repro.problem import Problem


def of_script(file):
    """{"torch", "issues": [{"kind", "what", "where", "code"}], "dynamic_shapes"} of `file`.

    kind: "guard added", "data dependent error", ...; where: the function and, outside of the
    script, its file; code: the line in it. "" for what torch does not say. dynamic_shapes: what
    torch asked for in the end, "" where that is what was asked. Raises Problem, and whatever the
    script raises.
    """
    real = getattr(torch.export, "draft_export", None)
    if real is None:
        raise Problem(
            f"torch {torch.__version__} has no torch.export.draft_export",
            "name an environment with torch 2.8 or later",
        )
    programs = []

    def kept(*arguments, **options):
        programs.append(real(*arguments, **options))
        return programs[-1]

    torch.export.draft_export = kept
    runpy.run_path(file, run_name="__main__")
    report = programs[-1]._report
    names = _names_of_files(report)
    issues, shapes = [], ""
    for failure in report.failures:
        if failure.xfail:
            continue
        where, code = _place(failure.data, names, file)
        kind = failure.failure_type.name.lower().replace("_", " ")
        issue = {"kind": kind, "what": _what(failure.data), "where": where, "code": code}
        if issue not in issues:
            issues.append(issue)
        shapes = str(failure.data.get("new_dynamic_shapes") or shapes)
    return {
        "torch": torch.__version__,
        "issues": issues,
        "dynamic_shapes": re.sub(r"DimHint\((\w+)[^)]*\)", r"Dim.\1", shapes),
    }


def _names_of_files(report):
    """Frames have numbers for the names of files."""
    names = report.str_to_filename
    return {int(number): name for number, name in names.items()}


def _what(data):
    """The condition, in names of the inputs; or the operator, and what is wrong with it."""
    if "op" in data:
        reason = data.get("reason")
        return f"{data['op']}: {reason}" if reason else str(data["op"])
    condition = str(data.get("expr", ""))
    for symbol, source in (data.get("symbol_to_sources") or {}).items():
        named = source if isinstance(source, str) else ", ".join(map(str, source))
        named = re.sub(r"L\['(\w+)'\]", r"\1", named)
        condition = re.sub(rf"\b{re.escape(symbol)}\b", lambda _: named, condition)  # noqa: B023
    result = data.get("result")
    return condition if result is None else f"{condition}, which is {result} with these inputs"


def _place(data, names, script):
    """The last frame that is not torch's: its function, and its line."""
    torch_folder = os.path.dirname(torch.__file__) + os.sep
    for frame in reversed(data.get("user_stack") or []):
        name = names.get(int(frame["filename"]), "")
        if not os.path.isfile(name) or name.startswith(torch_folder):
            continue
        line = int(frame["line"])
        code = linecache.getline(name, line).strip()
        if os.path.realpath(name) == os.path.realpath(script):
            return frame["name"], code
        return f"{frame['name']}, {_of_package(name)}:{line}", code
    return "", ""


def _of_package(name):
    """The part of a path that is the same on every machine, for a package that is installed."""
    return name.rpartition(f"{os.sep}site-packages{os.sep}")[2]
