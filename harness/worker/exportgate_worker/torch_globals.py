"""What torch keeps for the whole process and a call may leave otherwise."""

import torch

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
)


def now():
    """Name -> value."""
    return {name: read() for name, read, _ in _GLOBALS}


def changes(before):
    """Name -> (value before, value now) of those that are not as they were."""
    found = now()
    return {name: (value, found[name]) for name, value in before.items() if found[name] != value}


def restore(before):
    for name, read, write in _GLOBALS:
        if read() != before[name]:
            write(before[name])
