"""What is seen of an ExportedProgram besides how it behaves: its specs and constants, raw."""

import hashlib
import re

import torch

from exportgate_worker import comparison, judge

MOST_VALUES = 64  # up to here the values of a constant are written out, above they are hashed


def spec_node(spec, case_modules):
    """A TreeSpec as nested dicts. A class of the case, or of Python, goes by its name alone."""
    if spec.is_leaf():
        return {"type": "*"}
    node = {"type": _type_name(spec.type, case_modules)}
    if spec.context is not None:
        node["context"] = re.sub(r"0x[0-9a-fA-F]+", "0x...", repr(spec.context))
    children = [spec_node(child, case_modules) for child in spec_children(spec)]
    if children:
        node["children"] = children
    return node


def classes_in(call_spec):
    """The classes of the nodes in the in_spec and out_spec of a program."""
    found, rest = set(), [call_spec.in_spec, call_spec.out_spec]
    while rest:
        spec = rest.pop()
        if not spec.is_leaf():
            found.add(spec.type)
            rest += spec_children(spec)
    return found


def spec_children(spec):
    """The children of a TreeSpec; the attribute gave way to a method in newer releases."""
    children = getattr(spec, "children", None)
    return list(children()) if callable(children) else list(spec.children_specs)


def _type_name(type_, case_modules):
    if type_.__module__ == "builtins" or type_.__module__ in case_modules:
        return type_.__qualname__
    return f"{type_.__module__}.{type_.__qualname__}"


def constants(ep, leaves):
    """The constants of `ep`, which was exported with `leaves`: one of these may be baked in."""
    return [_constant(name, value, leaves) for name, value in ep.constants.items()]


def _constant(name, value, leaves):
    if not isinstance(value, torch.Tensor):
        type_ = type(value)
        return {
            "name": name,
            "dtype": f"{type_.__module__}.{type_.__qualname__}",
            "shape": [],
            "values": "",
            "same_as": "",
        }
    tensor = value.detach()
    return {
        "name": name,
        "dtype": comparison.dtype_name(tensor),
        "shape": list(tensor.shape),
        "values": _values(tensor),
        "same_as": next((leaf for leaf, other in leaves.items() if _same(tensor, other)), ""),
    }


def _same(tensor, leaf):
    return (
        isinstance(leaf, torch.Tensor)  # not None, which a leaf may be declared as
        and judge.are_same(tensor, leaf)
    )


def _values(tensor):
    flat = tensor.contiguous().cpu().flatten()
    if flat.numel() <= MOST_VALUES:
        return repr(flat.tolist())
    # Byte by byte: numpy, which would be easier, need not be installed, and has no bfloat16.
    content = bytes(flat.view(torch.uint8).tolist())
    return f"sha256:{hashlib.sha256(content).hexdigest()} of {flat.numel()} values"
