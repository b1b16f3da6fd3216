"""The checks of an exported program, in processes of their own, in one fixed order.

A check that crashes or hangs costs itself alone; all of them share the cell's one export. What a
check leaves behind (registrations, tensors that it changed) is gone with its process. Cheap ones
share one (check_schedule.py).
"""

import functools
import importlib
from dataclasses import dataclass, field

from exportgate_worker import errors, judge

# Name in records and goldens, module. The harness adds `dims` before them (PROTOCOL.md).
ALL = (
    ("constants", "check_constants"),
    ("run", "check_run"),
    ("bounds", "check_bounds"),
    ("traits", "check_traits"),
    ("model", "check_model"),
    ("pytree", "check_pytree"),
    ("save_load", "check_save_load"),
    ("steps", "check_steps"),
    ("decompose", "check_decompose"),
    ("retrace", "check_retrace"),
    ("registry", "check_registry"),
    ("aoti", "check_aoti"),
    ("onnx", "check_onnx"),
    ("consumer", "check_consumer"),
)
# Carried out only where the request asks for them, with a budget of their own (consumers.py).
CONSUMERS = ("aoti", "onnx", "consumer")


def revisions():
    """Name -> the revision of what the check means: what two revisions say is not comparable."""
    return {name: getattr(_module(name), "REVISION", 1) for name, _ in ALL}


def is_declared(name, case):
    """Whether the case asks for the check; one that it does not ask for is not carried out."""
    return getattr(_module(name), "is_declared", lambda _: True)(case)


def _module(name):
    return importlib.import_module(f"exportgate_worker.{dict(ALL)[name]}")


@dataclass
class Result:
    """What a check found.

    `reasons` say why it fails or does not apply; a pass has none. `notes` say what was seen and is
    no failure, or what was not tried.
    """

    status: str  # "pass", "fail", "n/a"
    reasons: list = field(default_factory=list)
    prints: dict = field(default_factory=dict)  # what was made on the way: "loaded", "decomposed"
    notes: list = field(default_factory=list)
    # Name of a check that is carried out later -> what this one found that is a reason of it.
    for_checks: dict = field(default_factory=dict)

    @classmethod
    def of(cls, reasons, prints=None, notes=None, for_checks=None):
        status = "fail" if reasons else "pass"
        return cls(status, reasons, prints or {}, notes or [], for_checks or {})

    @classmethod
    def not_applicable(cls, reason):
        return cls("n/a", [reason])


@dataclass
class Exported:
    """What the checks are about."""

    ep: object  # torch.export.ExportedProgram
    leaves: dict  # declared name -> tensor, those it was exported with
    save_as: str = ""  # a path for the saved program; empty: it is not kept
    run_reasons: list = field(default_factory=list)  # of the check run, once it was carried out
    # Name of a check -> its reasons that were found by those before it.
    found_for: dict = field(default_factory=dict)
    new_process: object = None  # new_process.NewProcess; None: whatever is loaded is loaded here
    budget_s: float = 0.0  # of each check
    consumer_budget_s: float = 0.0  # of each that is a consumer
    consumer_command: tuple = ()  # of the check `consumer`
    run_folder: str = ""  # of what all cells of a run share; "": nothing
    artefact_folder: str = ""  # of what cells of a case share (shared_artefacts.py); "": nothing
    folder: str = ""  # for the files of a consumer, while its check is carried out

    @functools.cached_property
    def program(self):
        return judge.module_of(self.ep)

    def result_beyond_run(self, reasons, prints):
        """Of a program that was made from this one: what `run` says already is not said again."""
        own = [reason for reason in reasons if reason not in self.run_reasons]
        notes = ["no worse than the check run"] if reasons and not own else []
        return Result.of(own, prints, notes)


def not_applicable(name, subject, exported):
    """The Result of a check that does not apply, where that is seen without a process; or None."""
    why = getattr(_module(name), "does_not_apply", lambda *_: "")(subject, exported)
    return Result.not_applicable(why) if why else None


def carry_out(name, subject, exported):
    """One check, in this process. A check that raises fails, and the others still report."""
    module = _module(name)
    if hasattr(module, "result"):
        return guarded(lambda: module.result(subject, exported))
    return guarded(lambda: Result.of(module.reasons_against(subject, exported)))


def guarded(check):
    try:
        return check()
    except BaseException as error:  # SystemExit too: a case may raise anything
        return Result("fail", [f"raises {errors.short_reason(error)}"])
