"""The check `save_load`: the program saved, loaded in the same process and run; and what becomes of
a program that another torch saved.

Whether the loaded program has the same structure is seen from its print, by the harness.
"""

import contextlib
import io
import logging
import os
import tempfile

import torch

from exportgate_worker import agreement, errors, judge
from exportgate_worker.checks import Result

ROUNDS = (1,)


def result(subject, exported):
    saved = io.BytesIO()
    try:
        torch.export.save(exported.ep, saved)
    except Exception as error:
        return Result("fail", [f"save raises {errors.short_reason(error)}"])
    if exported.save_as:
        _write(exported.save_as, saved.getvalue())
    loaded = _load_and_run(subject, saved)
    if loaded.status == "pass" or not loaded.prints:
        return loaded
    return exported.result_beyond_run(loaded.reasons, loaded.prints)


def of_another_torch(subject, file):
    """Result for the program in `file`, which another torch saved for the same cell."""
    if not os.path.exists(file):
        return Result.not_applicable("no program was saved")
    with open(file, "rb") as program:
        return _load_and_run(subject, io.BytesIO(program.read()))


def _load_and_run(subject, saved):
    saved.seek(0)
    try:
        with _quiet():
            ep = torch.export.load(saved)
    except Exception as error:
        return Result("fail", [f"load raises {errors.short_reason(error)}"])
    reasons = agreement.reasons_against(subject, ep.module(), ROUNDS)
    return Result.of(reasons, {"loaded": judge.print_of(ep)})


@contextlib.contextmanager
def _quiet():
    """torch logs that it unpickles the example inputs, in a format that logging refuses."""
    logger = logging.getLogger("torch._export.serde.serialize")
    disabled, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = disabled


def _write(path, content):
    """Beside, then renamed: whoever reads `path` sees all of it or nothing."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=os.path.dirname(path))
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
