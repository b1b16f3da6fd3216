"""Memory that nothing has filled: torch.empty() holds whatever lay there, another in each call.

With all such memory filled alike, eager and its program have to return the same.
"""

import contextlib

import torch
from torch.utils._python_dispatch import TorchDispatchMode

FILLS = (7, -3)
_MAKE_UNFILLED = (
    "empty",
    "empty_like",
    "empty_permuted",
    "empty_strided",
    "new_empty",
    "new_empty_strided",
)
NOTE = "returns or leaves memory that nothing has filled: compared as if it were filled"


class Filled(TorchDispatchMode):
    """A context in which memory that nothing has filled holds `value`. `has_filled`: any at all.

    Branches and loops of torch are let through as they are; before torch 2.9 they raise.
    """

    supports_higher_order_operators = True

    def __init__(self, value):
        super().__init__()
        self._value = value
        self.has_filled = False

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        is_operator = isinstance(function, torch._ops.OpOverload)
        if is_operator and function.namespace == "aten" and function._opname in _MAKE_UNFILLED:
            self.has_filled = True
            result.fill_(self._value)
        return result


def filled(value):
    """`Filled(value)`; of None a context that fills nothing."""
    return contextlib.nullcontext() if value is None else Filled(value)
