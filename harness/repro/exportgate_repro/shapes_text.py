"""What is asked of the dims, as text: the Dims, and dynamic_shapes nested as the inputs are."""

import inspect
import json

from torch.utils import _pytree as pytree

from exportgate_repro import linear
from exportgate_repro.problem import Problem

STYLES = {"auto": "AUTO", "dynamic": "DYNAMIC"}


def dims(case, style):
    """Lines that define what asked() and nested() spell."""
    if style == "spec":
        raise Problem(
            "a ShapesSpec, which a script cannot spell yet",
            "name the same cell in another dims style",
        )
    if style == "static":
        return []
    if style != "named":
        return [f"{STYLES[style]} = torch.export.Dim.{STYLES[style]}"]
    others = sorted(
        {
            word
            for asked_of_leaf in asked(case, style)
            for word in (
                asked_of_leaf.values() if isinstance(asked_of_leaf, dict) else [asked_of_leaf]
            )
            if word in STYLES.values()
        }
    )
    return [f"{word} = torch.export.Dim.{word}" for word in others] + [
        f"{dim['name']} = torch.export.Dim({json.dumps(dim['name'])}, min={dim['min']}, "
        f"max={dim['max']})"
        for dim in case["dims"]
        if linear.definition_of(case, dim["name"]) is None
    ]


def asked(case, style):
    """For each leaf in order: axis -> text of what is asked; None for nothing."""
    if style in ("static", "spec"):
        return [None] * len(case["inputs"])
    return [_asked_of(leaf, case, style) for leaf in case["inputs"]]


def _asked_of(leaf, case, style):
    if leaf.get("dynamic"):
        return STYLES.get(style, STYLES["dynamic"])
    return {
        axis: STYLES[style] if style in STYLES else _named(extent, case)
        for axis, extent in enumerate(leaf.get("shape", ()))
        if isinstance(extent, str)
    } or None


def _named(extent, case):
    own = {dim["name"] for dim in case["dims"] if linear.definition_of(case, dim["name"]) is None}
    if extent in own:
        return extent
    found = linear.of(linear.definition_of(case, extent) or extent)
    if found is None or found.dim not in own:
        return STYLES["auto"]
    text = found.dim if found.factor == 1 else f"{found.factor} * {found.dim}"
    return f"{text} + {found.offset}" if found.offset else text


def nested(asked_of_leaves, args, kwargs, forward):
    """The text of dynamic_shapes for these inputs, whose classes are registered."""
    leaves = iter(asked_of_leaves)
    texts = [_nested(value, leaves) for value in args]
    by_name = {name: _nested(value, leaves) for name, value in kwargs.items()}
    bound = inspect.signature(forward).bind(*texts, **by_name).arguments
    if kwargs:
        return _dict({json.dumps(name): value for name, value in bound.items()})
    return _tuple(bound.values())


def _nested(value, leaves):
    node_type = pytree._get_node_type(value)
    if node_type not in pytree.SUPPORTED_NODES:
        asked_of_leaf = next(leaves, None)
        if isinstance(asked_of_leaf, dict):
            return _dict(asked_of_leaf)
        return str(asked_of_leaf)
    children, context = pytree.SUPPORTED_NODES[node_type].flatten_fn(value)
    if node_type not in pytree.BUILTIN_TYPES:
        return _nested(children, leaves)
    texts = [_nested(child, leaves) for child in children]
    if node_type is list:
        return f"[{', '.join(texts)}]"
    if node_type is tuple:
        return _tuple(texts)
    if node_type is dict:
        return _dict({repr(key): text for key, text in zip(context, texts)})
    raise Problem(
        f"a {node_type.__name__} among the inputs: a script cannot spell its dynamic_shapes yet",
        "show it by hand: `exportgate show` says what is asked",
    )


def _tuple(texts):
    texts = list(texts)
    return f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"


def _dict(items):
    return "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"
