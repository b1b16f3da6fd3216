"""The way from "module:Class" to the files of a case. Reads and writes JSON, for the CLI.

main([request.json, answer.json, folder of the case])
"""

import json
import os
import traceback
import warnings

from exportgate_probe import case_text, leaves, recipe, registration, same, sizes, tree
from exportgate_probe.problem import Problem


def main(arguments):
    request_file, answer_file, folder = arguments
    with open(request_file, encoding="utf-8") as file:
        request = json.load(file)
    warnings.simplefilter("ignore")
    try:
        answer = answered(request, folder)
    except Problem as problem:
        answer = {"error": {"what": problem.what, "remedy": problem.remedy}}
    with open(answer_file, "w", encoding="utf-8") as file:
        json.dump(answer, file)


def answered(request, folder):
    module, found = recipe.imported(request["class"])
    name = request["class"].partition(":")[2]
    how = recipe.of(module, found, name, request["make"], request["fill"])
    cache = cache_of(how, *sizes.EXPORTED)
    if not recipe.has_tensors(cache) and not request["fill"]:
        with_updates = recipe.with_updates(how, cache)
        if with_updates is not None:
            how = with_updates
            cache = cache_of(how, *sizes.EXPORTED)
    if not recipe.has_tensors(cache):
        raise Problem(
            f"a {type(cache).__qualname__} holds no tensor after "
            f"{how.lines[-1].removeprefix('cache = ')}: none is in its attributes, nor in lists, "
            "dicts and objects in them",
            f"say how it is filled, {recipe.EXAMPLE}",
        )
    made = registration.Made(tree.of(cache))
    class_name, class_line = _class(type(cache), how, made)
    _register(made, how, type(cache))
    samples = [cache_of(how, *size) for size in (*sizes.SAMPLES, sizes.PROOF)]
    found_leaves = leaves.of(samples)
    ranges = {dim: _range(how, found_leaves, dim) for dim in ("batch", "length")}
    summary = f"{request['class']}, as exportgate try made it"
    case_py = case_text.case_py(request["class"], class_line, how, cache, found_leaves, made)
    case_toml = case_text.case_toml(summary, class_name, found_leaves, ranges)
    for file_name, text in (("case.py", case_py), ("case.toml", case_toml)):
        with open(os.path.join(folder, file_name), "w", encoding="utf-8") as file:
            file.write(text)
    return {
        "assumed": [
            *how.assumed,
            *_about_registration(made),
            *_about_sizes(found_leaves, ranges),
            *leaves.notes(found_leaves),
            *_about_context(samples, made),
        ],
        "registration": case_text.registration(made, type(cache)),
        "in_current_folder": _is_in_current_folder(module),
    }


def _is_in_current_folder(module):
    file = os.path.abspath(getattr(module, "__file__", None) or os.sep)
    return file.startswith(os.getcwd() + os.sep) and "site-packages" not in file


def cache_of(how, batch, length):
    names = {}
    try:
        exec("\n".join(["import torch", *how.imports, how.function()]), names)
        return names["new_cache"](batch, length)
    except Exception as error:
        line = _line_of(error, how)
        raise Problem(
            f"{line + ' ' if line else ''}raises {type(error).__name__}: {_first_line(error)} "
            f"(batch {batch}, length {length})",
            "say how one is made and filled, " + recipe.EXAMPLE,
        ) from error


def _line_of(error, how):
    """The line of new_cache that raised."""
    lines = how.function().splitlines()
    first = len(how.imports) + 1
    for frame in traceback.extract_tb(error.__traceback__):
        number = (frame.lineno or 0) - first - 1
        if frame.filename == "<string>" and frame.name == "new_cache" and number < len(lines):
            return lines[number].strip().removeprefix("cache = ")
    return ""


def _first_line(error):
    return (str(error).strip().splitlines() or [""])[0]


def _class(class_, how, made):
    """(its name in case.py, the line that gives it that name)."""
    if class_.__module__ == "builtins":
        return "Container", f"Container = {class_.__qualname__}"
    recipe.check_name(class_.__qualname__)
    line = f"from {class_.__module__} import {class_.__qualname__}"
    if not any(each.split(" import ")[-1] == class_.__qualname__ for each in how.imports):
        how.imports.append(line)
    return class_.__qualname__, ""


def _register(made, how, class_):
    """As case.py will, in this process, so that pytree takes the cache apart."""
    names = {}
    imports = [
        "import torch",
        "from torch.fx import _pytree as fx_pytree",
        "from torch.utils import _pytree as pytree",
        *how.imports,
        *made.imports(class_),
    ]
    exec("\n".join([*imports, made.text(class_)]), names)
    names["register"](class_)


def _range(how, found_leaves, dim):
    """From which to which extent it can be made, and has the tensors that are declared."""
    if not case_text.follows(found_leaves, dim):
        return 1, sizes.HIGHEST[dim][0]
    # Where a dim is only part of sums, torch takes it for 2 or more (2.13.0).
    lowest = sizes.LOWEST[dim] if case_text.has_plain(found_leaves, dim) else sizes.LOWEST[dim][1:]
    low = next(size for size in lowest if _fits(how, found_leaves, dim, size))
    high = next(size for size in sizes.HIGHEST[dim] if _fits(how, found_leaves, dim, size))
    return low, high


def _fits(how, found_leaves, dim, size):
    if size in sizes.SEEN[dim]:
        return True
    batch, length = (size, sizes.EXPORTED[1]) if dim == "batch" else (sizes.EXPORTED[0], size)
    try:
        seen = leaves.named(cache_of(how, batch, length))
    except Problem:
        return False
    return len(seen) == len(found_leaves) and all(
        _shape(value) == [rule.at(batch, length) for rule in leaf.shape]
        for leaf, (_, value) in zip(found_leaves, seen)
        if leaf.shape
    )


def _shape(leaf):
    return [leaf] if type(leaf) is int else list(getattr(leaf, "shape", []))


def _about_registration(made):
    said = []
    if made.known:
        names = _listed(made.known)
        said.append(f"pytree knows {names}: importing the library registered it")
    if made.classes:
        names = _listed(made.classes)
        said.append(f"pytree does not know {names}: registered from the attributes")
    return said or ["there is nothing to register: pytree takes it apart as it is"]


def _listed(classes):
    *names, last = (class_.__qualname__ for class_ in classes)
    return f"{', '.join(names)} and {last}" if names else last


def _about_sizes(found_leaves, ranges):
    said = []
    for dim in ("batch", "length"):
        if case_text.follows(found_leaves, dim):
            low, high = ranges[dim]
            said.append(f"{dim} is dynamic, from {low} to {high}: caches of both sizes can be made")
        else:
            said.append(f"no extent follows {dim}")
    return said


def _about_context(samples, made):
    """Attributes that are no tensors, and that follow the sizes."""
    if not made.classes:
        return []
    contexts = [made.context_of(tree.of(cache).nodes()) for cache in samples]
    said = []
    for class_name, name in contexts[0]:
        seen = [context.get((class_name, name), []) for context in contexts]
        for values in zip(*seen):  # of one object at every size
            if all(same.is_equal(values[0], value) for value in values):
                continue
            shown = ", ".join(dict.fromkeys(repr(value)[:40] for value in values))
            said.append(
                f"{class_name}.{name} is no tensor and follows the size ({shown}): it is part of "
                "the context, so a program takes only caches with the value of its export"
            )
            break
    return said
