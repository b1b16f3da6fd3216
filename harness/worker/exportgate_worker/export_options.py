"""Options of torch.export.export() that a case asks for under [export]."""

import inspect

import torch

from exportgate_worker.errors import NotAvailable


def keywords(options):
    """`options` as torch takes them. NotAvailable where this release lacks one.

    prefer_deferred_runtime_asserts_over_guards came to torch.export.export() after 2.5; what a
    release takes is read off its signature.
    """
    taken = inspect.signature(torch.export.export).parameters
    missing = [name for name in options if name not in taken]
    if missing:
        raise NotAvailable(
            f"torch.export.export() of torch {torch.__version__} has no option "
            f"{', '.join(missing)}, which [export] of case.toml asks for"
        )
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in options.items()
    }
