"""Settings that torch and Python keep for the whole process: how each is read, and set."""

import contextvars
import decimal
import gc
import logging
import os
import sys
from typing import Any, Callable, NamedTuple

import torch
from torch.nn.modules import module as module_hooks
from torch.overrides import _len_torch_function_stack, _pop_mode
from torch.utils import _python_dispatch
from torch.utils._config_module import _UNSET_SENTINEL

_SUBNORMAL = torch.tensor([1e-310], dtype=torch.float64)
_AUTOGRAD = torch._C._autograd


class Setting(NamedTuple):
    """`name`: what a reason calls it; `read()` gives its value, and `write(value)` sets it.

    `is_shown`: whether a reason says the value.
    """

    name: str
    read: Callable[[], Any]
    write: Callable[[Any], object]
    is_shown: bool = True


def _folder():
    try:
        return os.getcwd()
    except OSError:  # it is gone
        return "/"


def _print_options():
    return dict(vars(torch._tensor_str.PRINT_OPTS))


def _set_print_options(values):
    vars(torch._tensor_str.PRINT_OPTS).update(values)


_OF_DECIMAL = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp")


def _decimal():
    context = decimal.getcontext()
    return {name: getattr(context, name) for name in _OF_DECIMAL}


def _set_decimal(values):
    context = decimal.getcontext()
    for name, value in values.items():
        setattr(context, name, value)


def _levels():
    """Logger -> level of those that have one. Torch sets levels of its own when it compiles."""
    loggers = logging.root.manager.loggerDict
    found = {
        name: level
        for name, logger in loggers.items()
        if (level := logger.__dict__.get("level")) and not name.startswith("torch")
    }
    return {**found, "root": logging.root.level, "(disabled)": logging.root.manager.disable}


def _set_levels(levels):
    logging.disable(levels["(disabled)"])
    for name in {**_levels(), **levels}:
        if name != "(disabled)":
            logging.getLogger(name).setLevel(levels.get(name, 0))


def _handlers():
    loggers = {"root": logging.root, **logging.root.manager.loggerDict}
    return {
        name: list(logger.handlers)
        for name, logger in loggers.items()
        if getattr(logger, "handlers", None) and not name.startswith("torch")
    }


def _set_handlers(handlers):
    for name in {**_handlers(), **handlers}:
        logger = logging.root if name == "root" else logging.getLogger(name)
        logger.handlers[:] = handlers.get(name, [])


_MODULES = tuple(
    value
    for value in vars(torch.nn).values()
    if isinstance(value, type) and issubclass(value, torch.nn.Module) and "forward" in vars(value)
)


def _forwards():
    return [vars(module)["forward"] for module in _MODULES]


def _set_forwards(functions):
    for module, function in zip(_MODULES, functions):
        module.forward = function


_HOOKS = {
    name: hooks
    for name, hooks in vars(module_hooks).items()
    if name.startswith("_global_") and isinstance(hooks, dict)
}


def _hooks():
    return {name: list(hooks.values()) for name, hooks in _HOOKS.items() if hooks}


def _set_hooks(values):
    for name, hooks in _HOOKS.items():
        for key in [key for key, hook in hooks.items() if hook not in values.get(name, ())]:
            del hooks[key]


def _saved_tensors_hooks():
    """Nobody knew the one on top before torch 2.7."""
    top = getattr(_AUTOGRAD, "_top_saved_tensors_default_hooks", None)
    return top(True) if top else None


def _pop_saved_tensors_hooks(wanted):
    while (found := _saved_tensors_hooks()) is not None and found != wanted:
        _AUTOGRAD._pop_saved_tensors_default_hooks()


def _pop_until(length, pop):
    def write(wanted):
        while length() > wanted:
            pop()

    return write


_CONFIGURED = ("torch._dynamo.config", "torch._functorch.config")


def _overrides():
    """(module, name) -> what somebody set it to, of the modules of settings that are imported.

    Torch itself sets some for a while, and leaves them set to what they are anyway.
    """
    found = {}
    for module in _CONFIGURED:
        for name, entry in getattr(sys.modules.get(module), "_config", {}).items():
            value = entry.user_override
            if type(value) is contextvars.ContextVar:  # since torch 2.12
                value = value.get()
            if value is not _UNSET_SENTINEL and value != entry.default:
                found[module, name] = value
    return found


def _set_overrides(values):
    for (module, name), value in {**dict.fromkeys(_overrides()), **values}.items():
        config = sys.modules[module]
        is_set = (module, name) in values
        setattr(config, name, value if is_set else config._config[name].default)


ALL = tuple(
    Setting(*row)
    for row in (
        ("torch.get_default_dtype()", torch.get_default_dtype, torch.set_default_dtype),
        ("torch.is_grad_enabled()", torch.is_grad_enabled, torch._C._set_grad_enabled),
        (
            "torch.are_deterministic_algorithms_enabled()",
            torch.are_deterministic_algorithms_enabled,
            torch.use_deterministic_algorithms,
        ),
        (
            "torch.is_deterministic_algorithms_warn_only_enabled()",
            torch.is_deterministic_algorithms_warn_only_enabled,
            lambda value: torch.use_deterministic_algorithms(
                torch.are_deterministic_algorithms_enabled(), warn_only=value
            ),
        ),
        (
            "torch.utils.deterministic.fill_uninitialized_memory",
            torch._C._get_deterministic_fill_uninitialized_memory,
            torch._C._set_deterministic_fill_uninitialized_memory,
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
        (
            "torch.get_autocast_dtype('cpu')",
            lambda: torch.get_autocast_dtype("cpu"),
            lambda value: torch.set_autocast_dtype("cpu", value),
        ),
        (
            "torch.is_autocast_cache_enabled()",
            torch.is_autocast_cache_enabled,
            torch.set_autocast_cache_enabled,
        ),
        ("torch.get_default_device()", torch.get_default_device, torch.set_default_device),
        ("torch.is_anomaly_enabled()", torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
        (
            "torch.autograd.is_multithreading_enabled()",
            torch._C._is_multithreading_enabled,
            torch._C._set_multithreading_enabled,
        ),
        (
            "torch.sparse.check_sparse_tensor_invariants.is_enabled()",
            torch._C._check_sparse_tensor_invariants,
            torch._C._set_check_sparse_tensor_invariants,
        ),
        (
            "torch.__future__.get_overwrite_module_params_on_conversion()",
            torch.__future__.get_overwrite_module_params_on_conversion,
            torch.__future__.set_overwrite_module_params_on_conversion,
        ),
        (
            "torch.__future__.get_swap_module_params_on_conversion()",
            torch.__future__.get_swap_module_params_on_conversion,
            torch.__future__.set_swap_module_params_on_conversion,
        ),
        ("torch.is_warn_always_enabled()", torch.is_warn_always_enabled, torch.set_warn_always),
        ("torch.get_num_threads()", torch.get_num_threads, torch.set_num_threads),
        ("torch.set_printoptions()", _print_options, _set_print_options, False),
        ("forward() of the classes of torch.nn", _forwards, _set_forwards, False),
        ("hooks of all modules", _hooks, _set_hooks, False),
        ("hooks of saved tensors", _saved_tensors_hooks, _pop_saved_tensors_hooks, False),
        (
            "modes of torch functions that are entered",
            _len_torch_function_stack,
            _pop_until(_len_torch_function_stack, _pop_mode),
        ),
        (
            "modes of dispatch that are entered",
            torch._C._len_torch_dispatch_stack,
            _pop_until(torch._C._len_torch_dispatch_stack, _python_dispatch._pop_mode),
        ),
        ("settings of torch's compiler", _overrides, _set_overrides, False),
        ("sys.getrecursionlimit()", sys.getrecursionlimit, sys.setrecursionlimit),
        ("sys.getswitchinterval()", sys.getswitchinterval, sys.setswitchinterval),
        (
            "torch.backends.mkldnn.enabled",
            torch._C._get_mkldnn_enabled,
            torch._C._set_mkldnn_enabled,
        ),
        (
            "torch.backends.mkldnn.deterministic",
            torch._C._get_mkldnn_deterministic,
            torch._C._set_mkldnn_deterministic,
        ),
        (
            "torch.backends.nnpack.enabled",
            torch._C._get_nnpack_enabled,
            torch._C._set_nnpack_enabled,
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
        (
            "torch.backends.cuda.mem_efficient_sdp_enabled()",
            torch._C._get_mem_efficient_sdp_enabled,
            torch._C._set_sdp_use_mem_efficient,
        ),
        (
            "torch.backends.cuda.cudnn_sdp_enabled()",
            torch._C._get_cudnn_sdp_enabled,
            torch._C._set_sdp_use_cudnn,
        ),
        (
            "torch.backends.cudnn.enabled",
            torch._C._get_cudnn_enabled,
            torch._C._set_cudnn_enabled,
        ),
        (
            "torch.backends.cudnn.benchmark",
            torch._C._get_cudnn_benchmark,
            torch._C._set_cudnn_benchmark,
        ),
        (
            "torch.backends.cudnn.deterministic",
            torch._C._get_cudnn_deterministic,
            torch._C._set_cudnn_deterministic,
        ),
        (
            "torch.backends.mha.get_fastpath_enabled()",
            torch.backends.mha.get_fastpath_enabled,
            torch.backends.mha.set_fastpath_enabled,
        ),
        (
            "torch.set_flush_denormal()",
            lambda: bool(_SUBNORMAL * 1 == 0),
            torch.set_flush_denormal,
        ),
        ("decimal.getcontext()", _decimal, _set_decimal, False),
        ("levels of loggers", _levels, _set_levels, False),
        ("handlers of loggers", _handlers, _set_handlers, False),
        ("os.getcwd()", _folder, os.chdir),
        ("gc.isenabled()", gc.isenabled, lambda value: gc.enable() if value else gc.disable()),
    )
)
