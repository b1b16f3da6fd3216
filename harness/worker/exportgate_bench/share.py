"""How much of a call of an exported program is flatten, and how often the cache is flattened.

The functions that flatten are replaced, wherever torch refers to them, by ones that also read the
clock, or count; for a few calls that are not among the timed ones.
"""

import contextlib
import statistics
import sys
import time

from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree

CALLS = 31
FLATTENING = (
    (pytree, "tree_flatten"),
    (pytree, "tree_flatten_with_path"),
    (pytree, "tree_leaves"),
    (pytree, "tree_leaves_with_path"),
    (pytree, "tree_structure"),
    (fx_pytree, "tree_flatten_spec"),
)


def of_call(callable_, arguments, cache_class):
    with _counted(cache_class) as counter:
        callable_(*arguments)
    shares = []
    with _clocked() as clock:
        callable_(*arguments)
        for _ in range(CALLS):
            clock.spent = 0
            begin = time.perf_counter_ns()
            callable_(*arguments)
            shares.append(clock.spent / (time.perf_counter_ns() - begin))
    return {"flattens": counter.count, "flatten_share": statistics.median(shares)}


class _Counter:
    count = 0

    def counted(self, function):
        def counting(*arguments, **keywords):
            self.count += 1
            return function(*arguments, **keywords)

        return counting


@contextlib.contextmanager
def _counted(cache_class):
    """Counts the calls of the functions that are registered for the class."""
    counter = _Counter()
    node = pytree.SUPPORTED_NODES[cache_class]
    spec = fx_pytree.SUPPORTED_NODES.get(cache_class)
    replaced = {"flatten_fn": counter.counted(node.flatten_fn)}
    if node.flatten_with_keys_fn is not None:
        replaced["flatten_with_keys_fn"] = counter.counted(node.flatten_with_keys_fn)
    pytree.SUPPORTED_NODES[cache_class] = node._replace(**replaced)
    if spec is not None:
        fx_pytree.SUPPORTED_NODES[cache_class] = counter.counted(spec)
    try:
        yield counter
    finally:
        pytree.SUPPORTED_NODES[cache_class] = node
        if spec is not None:
            fx_pytree.SUPPORTED_NODES[cache_class] = spec


class _Clock:
    """Nanoseconds in the functions that flatten; what one of them calls is not counted twice."""

    spent = 0
    _inside = False

    def clocked(self, function):
        def clocking(*arguments, **keywords):
            if self._inside:
                return function(*arguments, **keywords)
            self._inside = True
            begin = time.perf_counter_ns()
            try:
                return function(*arguments, **keywords)
            finally:
                self.spent += time.perf_counter_ns() - begin
                self._inside = False

        return clocking


@contextlib.contextmanager
def _clocked():
    clock = _Clock()
    replaced = []
    for module, name in FLATTENING:
        function = getattr(module, name, None)
        if function is None:
            continue
        clocking = clock.clocked(function)
        for namespace in _namespaces():
            for key in [key for key, value in namespace.items() if value is function]:
                namespace[key] = clocking
                replaced.append((namespace, key, function))
    try:
        yield clock
    finally:
        for namespace, key, function in replaced:
            namespace[key] = function


def _namespaces():
    """Of torch's modules: some import the functions themselves, not the module."""
    return [
        vars(module)
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] == "torch" and hasattr(module, "__dict__")
    ]
