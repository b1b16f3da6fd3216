"""The check `save_load`: the program saved, then loaded and run in a process that did not save it;
and what becomes of a program that another torch saved.

The new process imports the case and registers the class, as a user's second script does. Before it
registers, loading has to fail, or calling what was loaded. Whether the loaded program has the same
structure is seen from its print, by the harness.
"""

import contextlib
import io
import logging
import os

import torch

from exportgate_worker import (
    agreement,
    behaviour,
    check_process,
    check_steps,
    checks,
    errors,
    judge,
    made_program,
    specs_and_constants,
)
from exportgate_worker.checks import Result
from exportgate_worker.findings import Findings
from exportgate_worker.subject import Subject

REVISION = 2
ROUNDS = (1,)
EDGES = ("large",)  # eager may die of others, and the process that loads with it


def result(subject, exported):
    saved = io.BytesIO()
    try:
        torch.export.save(exported.ep, saved)
    except Exception as error:
        return Result("fail", [f"save raises {errors.short_reason(error)}"])
    content = saved.getvalue()
    if exported.save_as:
        _write(exported.save_as, content)
    loaded = _in_new_process(
        subject,
        exported.new_process,
        content,
        exported.budget_s,
        in_a_loop=check_steps.is_declared(subject.case),
    )
    loaded.reasons = made_program.without_known(loaded.reasons, exported.run_reasons)
    # What the program that was saved does too has nothing to do with where it is loaded.
    news = [reason for reason in loaded.reasons if reason not in exported.run_reasons]
    if exported.new_process is not None and news:
        # In a process of its own: loading may register what the program names.
        here = check_process.in_its_own_process(
            lambda: _load_and_run(subject, content), exported.budget_s
        ).reasons
        loaded.reasons = [
            f"in a new process: {reason}" if reason in news and reason not in here else reason
            for reason in loaded.reasons
        ]
    if loaded.status == "pass" or not loaded.prints:
        return loaded
    beyond = exported.result_beyond_run(loaded.reasons, loaded.prints)
    beyond.for_checks = loaded.for_checks
    return beyond


def of_another_torch(subject, file, new_process, budget_s):
    """Result for the program in `file`, which another torch saved for the same cell."""
    if not os.path.exists(file):
        return Result.not_applicable("no program was saved")
    with open(file, "rb") as program:
        return _in_new_process(subject, new_process, program.read(), budget_s)


def _in_new_process(subject, new_process, content, budget_s, in_a_loop=False):
    if new_process is None:
        return _load_and_run(subject, content, in_a_loop=in_a_loop)
    return new_process.ask(
        [content, subject.saved_state(), b"in a loop" if in_a_loop else b""], budget_s
    )


def load_in_new_process(request, content, state, in_a_loop, budget_s):
    """The job of the new process: Result for the program in `content`, of the model in `state`.

    `in_a_loop`: empty, where the check `steps` does not need it.
    """
    doing = "import"
    try:
        subject = Subject(request)
        doing = "construct"
        subject.make_model()
        subject.take_state(state)
        # In a process of its own: what torch registers while it loads is nothing to go on with.
        early = check_process.in_its_own_process(
            lambda: _not_registered(subject, content), budget_s
        )
        doing = "register"
        subject.register()
        subject.rebase()
    except Exception as error:
        return Result("fail", [f"{doing} raises {errors.short_reason(error)}"])
    return _load_and_run(subject, content, early, in_a_loop=bool(in_a_loop))


def _not_registered(subject, content):
    """Where the class is not registered: loading raises, or calling what was loaded.

    From 2.10 on torch itself registers the unknown nn.Module of an input while it loads.
    """
    try:
        with _quiet("torch.export"):  # which logs at length why it fails, as it should
            program = _load(content).module()
    except Exception:
        return Result("pass")
    call = behaviour.Call(subject, program, subject.pair, ROUNDS[0])
    return Result.of([] if call.error else ["neither load nor the call fails"])


def _load_and_run(subject, content, early=None, in_a_loop=False):
    try:
        ep = _load(content)
    except Exception as error:
        return Result("fail", [f"load raises {errors.short_reason(error)}"])
    program = judge.module_of(ep)
    findings = Findings(subject, agreement.reasons_against(subject, program, ROUNDS), [])
    made_program.compare(subject, program, findings, edges=EDGES)
    reasons = findings.reasons
    in_specs = specs_and_constants.classes_in(ep.call_spec)
    unknown = [c.__qualname__ for c in subject.registered_classes if c in in_specs]
    if early is not None and unknown:
        where = f"where {', '.join(unknown)} is not registered"
        reasons += [f"{where}, {reason}" for reason in early.reasons]
    loaded = Result.of(reasons, {"loaded": judge.print_of(ep)})
    if in_a_loop:
        steps = checks.guarded(lambda: Result.of(check_steps.in_a_new_process(subject, program)))
        loaded.for_checks = {"steps": steps.reasons}
    return loaded


def _load(content):
    # torch logs that it unpickles the example inputs, in a format that logging refuses.
    with _quiet("torch._export.serde.serialize"):
        return torch.export.load(io.BytesIO(content))


@contextlib.contextmanager
def _quiet(name):
    """The logger `name` says nothing here."""
    logger = logging.getLogger(name)
    disabled, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = disabled


def _write(path, content):
    """Beside, then renamed: whoever reads `path` sees all of it or nothing.

    The name beside it is always the same, so what a killed process left is written over.
    """
    os.makedirs(os.path.dirname(path), exist_ok=True)
    beside = f"{path}.part"
    with open(beside, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
