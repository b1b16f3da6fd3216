"""Memory that nothing has filled: torch.empty() holds whatever lay there, another in each call.

With all such memory filled alike, eager and its program have to return the same.
"""

import contextlib
import warnings

import torch
from torch.utils._python_dispatch import TorchDispatchMode

FILL = 7  # finite: a mask that takes it times zero leaves nothing of it
NOTE = "returns or leaves memory that nothing has filled: compared as if it were filled"
_MAKE_UNFILLED = (
    "empty",
    "empty_like",
    "empty_permuted",
    "empty_strided",
    "new_empty",
    "new_empty_strided",
)


class _Filled(TorchDispatchMode):
    """Branches and loops of torch are let through as they are; before torch 2.9 they raise."""

    supports_higher_order_operators = True

    def __init__(self, value):
        super().__init__()
        self._value = value

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        is_operator = isinstance(function, torch._ops.OpOverload)
        if is_operator and function.namespace == "aten" and function._opname in _MAKE_UNFILLED:
            result.fill_(self._value)
        return result


def filled(value):
    """A context in which such memory holds `value`; of None one in which nothing is filled."""
    return contextlib.nullcontext() if value is None else _Filled(value)


@contextlib.contextmanager
def filled_with_nan():
    """The same by torch's own means, which no mode of dispatch shows to what is called."""
    is_on = torch.are_deterministic_algorithms_enabled()
    warns = torch.is_deterministic_algorithms_warn_only_enabled()
    fills = torch.utils.deterministic.fill_uninitialized_memory
    try:
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.utils.deterministic.fill_uninitialized_memory = True
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        torch.utils.deterministic.fill_uninitialized_memory = fills
        torch.use_deterministic_algorithms(is_on, warn_only=warns)
