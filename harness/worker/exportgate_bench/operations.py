"""What is called: each operation in each implementation that it has.

`function` is the registered function alone, `pytree` torch.utils._pytree, `cxx_pytree`
torch.utils._cxx_pytree (which is optree), `fx` the flatten spec of torch.fx, `program` the exported
program.
"""

import functools
import importlib
import warnings

import _exportgate_bench
from exportgate_worker import errors, registries
from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree

from exportgate_bench import share
from exportgate_bench.subject import ExportRefused

ALL = (
    ("flatten", "function"),
    ("flatten", "pytree"),
    ("flatten", "cxx_pytree"),
    ("flatten", "fx"),
    ("unflatten", "function"),
    ("unflatten", "pytree"),
    ("unflatten", "cxx_pytree"),
    ("flatten_with_keys", "function"),
    ("flatten_with_keys", "pytree"),
    ("flatten_with_keys", "cxx_pytree"),
    ("round_trip", "function"),
    ("round_trip", "pytree"),
    ("round_trip", "cxx_pytree"),
    ("tree_map", "pytree"),
    ("tree_map", "cxx_pytree"),
    ("call", "program"),
)

_cxx_pytree = None
_no_cxx_pytree = "it was not imported"


class Unavailable(Exception):
    """This benchmark cannot be had here; the message says why."""


def import_cxx_pytree():
    global _cxx_pytree, _no_cxx_pytree
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _cxx_pytree = importlib.import_module("torch.utils._cxx_pytree")
    except ImportError as error:
        _no_cxx_pytree = (
            errors.short_reason(error)  # too old for this torch, for example
            if registries.has_optree()
            else "optree is not installed in this environment"
        )


def missing(implementation):
    """Why the implementation cannot be had at all; empty where it can."""
    return _no_cxx_pytree if implementation == "cxx_pytree" and _cxx_pytree is None else ""


def prepare(operation, implementation, subject, size, with_counters):
    """(callable, arguments, counters), called once. Raises Unavailable."""
    sample = subject.samples[size]
    counters = {"leaves": len(sample.leaves)}
    try:
        if operation == "call":
            callable_, arguments = _call_of_program(subject, size, sample)
        else:
            callable_, arguments = _MAKERS[operation](implementation, subject, sample)
        result = callable_(*arguments)
        _refuse_wrong_result(operation, implementation, subject, sample, result)
        if operation == "call" and with_counters:
            counters |= share.of_call(callable_, arguments, subject.cache_class)
    except Unavailable:
        raise
    except ExportRefused as refused:
        raise Unavailable(str(refused)) from refused
    except BaseException as error:  # SystemExit too: a case may raise anything
        raise Unavailable(errors.short_reason(error)) from error
    return callable_, arguments, counters


def _refuse_wrong_result(operation, implementation, subject, sample, result):
    """What is timed has to be what is asked for: fast and wrong is no measurement."""
    if operation == "flatten" and implementation != "function":
        flat = result if implementation == "fx" else result[0]
        if [id(leaf) for leaf in flat] != [id(leaf) for leaf in sample.leaves]:
            raise Unavailable(f"{implementation} does not give the leaves that pytree gives")
    if operation in ("unflatten", "round_trip", "tree_map") and not isinstance(
        result, subject.cache_class
    ):
        raise Unavailable(f"it returns {type(result).__qualname__}, not the class")


def _node(subject):
    return pytree.SUPPORTED_NODES[subject.cache_class]


def _tree(implementation):
    return {"pytree": pytree, "cxx_pytree": _cxx_pytree}[implementation]


def _flatten(implementation, subject, sample):
    if implementation == "function":
        return _node(subject).flatten_fn, (sample.cache,)
    if implementation == "fx":
        spec = pytree.tree_structure(sample.cache)
        return fx_pytree.tree_flatten_spec, (sample.cache, spec)
    return _tree(implementation).tree_flatten, (sample.cache,)


def _unflatten(implementation, subject, sample):
    if implementation == "function":
        children, context = _node(subject).flatten_fn(sample.cache)
        return _node(subject).unflatten_fn, (list(children), context)
    leaves, spec = _tree(implementation).tree_flatten(sample.cache)
    return _tree(implementation).tree_unflatten, (leaves, spec)


def _flatten_with_keys(implementation, subject, sample):
    if implementation != "function":
        return _tree(implementation).tree_flatten_with_path, (sample.cache,)
    function = _node(subject).flatten_with_keys_fn
    if function is None:
        raise Unavailable("no flatten_with_keys function is registered")
    return function, (sample.cache,)


def _round_trip(implementation, subject, sample):
    if implementation == "function":
        node = _node(subject)
        flatten, unflatten = node.flatten_fn, node.unflatten_fn
    else:
        tree = _tree(implementation)
        flatten, unflatten = tree.tree_flatten, tree.tree_unflatten
    return lambda cache: unflatten(*flatten(cache)), (sample.cache,)


def _tree_map(implementation, _subject, sample):
    return _tree(implementation).tree_map, (_exportgate_bench.identity, sample.cache)


def _call_of_program(subject, size, sample):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = subject.export(size, subject.dims_style).module()
    if sample.inputs.kwargs:
        program = functools.partial(program, **sample.inputs.kwargs)
    return program, sample.inputs.args


_MAKERS = {
    "flatten": _flatten,
    "unflatten": _unflatten,
    "flatten_with_keys": _flatten_with_keys,
    "round_trip": _round_trip,
    "tree_map": _tree_map,
}
