"""What torch and Python keep for the whole process and a call may leave otherwise."""

import gc
import operator
import os
import sys

import torch

_SUBNORMAL = torch.tensor([1e-310], dtype=torch.float64)


def _folder():
    try:
        return os.getcwd()
    except OSError:  # it is gone
        return "/"


# What a reason calls it, how it is read, how it is set.
_GLOBALS = (
    ("torch.get_default_dtype()", torch.get_default_dtype, torch.set_default_dtype),
    ("torch.is_grad_enabled()", torch.is_grad_enabled, torch._C._set_grad_enabled),
    (
        "torch.are_deterministic_algorithms_enabled()",
        torch.are_deterministic_algorithms_enabled,
        torch.use_deterministic_algorithms,
    ),
    (
        "torch.get_float32_matmul_precision()",
        torch.get_float32_matmul_precision,
        torch.set_float32_matmul_precision,
    ),
    (
        "torch.is_autocast_enabled('cpu')",
        lambda: torch.is_autocast_enabled("cpu"),
        lambda value: torch.set_autocast_enabled("cpu", value),
    ),
    ("torch.get_default_device()", torch.get_default_device, torch.set_default_device),
    ("torch.is_anomaly_enabled()", torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
    ("torch.get_num_threads()", torch.get_num_threads, torch.set_num_threads),
    ("sys.getrecursionlimit()", sys.getrecursionlimit, sys.setrecursionlimit),
    (
        "torch.backends.mkldnn.enabled",
        torch._C._get_mkldnn_enabled,
        torch._C._set_mkldnn_enabled,
    ),
    (
        "torch.backends.cuda.math_sdp_enabled()",  # of the CPU, too
        torch._C._get_math_sdp_enabled,
        torch._C._set_sdp_use_math,
    ),
    (
        "torch.backends.cuda.flash_sdp_enabled()",
        torch._C._get_flash_sdp_enabled,
        torch._C._set_sdp_use_flash,
    ),
    ("torch.set_flush_denormal()", lambda: bool(_SUBNORMAL * 1 == 0), torch.set_flush_denormal),
    ("os.getcwd()", _folder, os.chdir),
    ("gc.isenabled()", gc.isenabled, lambda value: gc.enable() if value else gc.disable()),
)
_VARIABLES = "os.environ"
# Whose functions somebody may have replaced.
_PATCHED = "functions of torch"
_NAMESPACES = {
    "torch": torch,
    "torch.nn.functional": torch.nn.functional,
    "torch.Tensor": torch.Tensor,
    "torch.nn.Module": torch.nn.Module,
}
_UNSET = "unset"
# An eager call may be the first that compiles something, and torch sets some of its own for that.
_OF_TORCH = ("TORCH", "PYTORCH", "TRITON", "KMP_")


def now():
    """Name -> value."""
    return {name: read() for name, read, _ in _GLOBALS} | {
        _VARIABLES: dict(_variables()),
        _PATCHED: {name: dict(vars(space)) for name, space in _NAMESPACES.items()},
    }


def _variables():
    # Its own dict: os.environ decodes each variable anew.
    return getattr(os.environ, "_data", os.environ)


def _changed_variables(before, after):
    """Name -> (value before, value after), None where it is not set."""
    if before == after:
        return {}
    return {
        name: (before.get(name), after.get(name))
        for name in {**before, **after}
        if before.get(name) != after.get(name) and not os.fsdecode(name).startswith(_OF_TORCH)
    }


def changes(before):
    """Name -> (value before, value now) of those that are not as they were."""
    changed = {}
    for name, read, _ in _GLOBALS:
        found = read()
        if found != before[name]:
            changed[name] = (before[name], found)
    for space, name in _patched(before[_PATCHED]):
        changed[f"{space}.{name}"] = ("torch's", "another function")
    for name, values in _changed_variables(before[_VARIABLES], _variables()).items():
        words = tuple(_UNSET if value is None else os.fsdecode(value) for value in values)
        changed[f"os.environ[{os.fsdecode(name)!r}]"] = words
    return changed


def _patched(before):
    """(namespace, name) of the functions that are others now. What is imported late is new."""
    after = {name: vars(space) for name, space in _NAMESPACES.items()}
    return [
        (space, name)
        for space, members in before.items()
        if not _are_the_same(members, after[space])  # nearly always they are, and each call asks
        for name, member in members.items()
        if callable(member) and after[space].get(name) is not member
    ]


def _are_the_same(members, others):
    """The same names with the same objects, in one order."""
    return (
        len(members) == len(others)
        and all(map(operator.is_, members.values(), others.values()))
        and list(members) == list(others)
    )


def restore(before):
    for space, name in _patched(before[_PATCHED]):
        setattr(_NAMESPACES[space], name, before[_PATCHED][space][name])
    for name, read, write in _GLOBALS:
        if read() != before[name]:
            write(before[name])
    for name, (value, _) in _changed_variables(before[_VARIABLES], _variables()).items():
        if value is None:
            del os.environ[os.fsdecode(name)]
        else:
            os.environ[os.fsdecode(name)] = os.fsdecode(value)
