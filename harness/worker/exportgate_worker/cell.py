"""Takes one cell through its stages and returns what was seen."""

import time

import torch

from exportgate_worker import (
    case_module,
    check_registry,
    check_run,
    comparison,
    declaration,
    errors,
    inputs,
    specs_and_constants,
)


class Stages:
    """Announces each stage when it begins, and times it."""

    def __init__(self, cell, channel, started):
        self._cell = cell
        self._channel = channel
        self._started = started
        self._began = time.monotonic()
        self.current = ""
        self.timings = {"fork": self._began - started}

    def begin(self, stage):
        self._end()
        self.current = stage
        self._channel.send({"stage": {"cell": self._cell, "stage": stage}})
        self._began = time.monotonic()

    def finish(self):
        """Seconds per stage, and in total since the fork (or the request before, in one child)."""
        self._end()
        self.timings["total"] = time.monotonic() - self._started
        return {stage: round(seconds, 6) for stage, seconds in self.timings.items()}

    def _end(self):
        if self.current:
            self.timings[self.current] = time.monotonic() - self._began


class Subject:
    """What a cell exports: the case as its kind sees it, at one pair, in one dims style."""

    def __init__(self, request):
        self.case = declaration.parse(request["case"])
        self.pair = self.case.pair(request["pair"])
        self.mode = request["mode"]
        self.dims = request["dims"]
        self.model = None
        self._loaded = case_module.load(
            self.case.name,
            request["case_directory"],
            self.case.class_name,
            request["kind"],
            request["case"]["kinds"],
        )
        self._registered = False
        self.cache_class = self._loaded.cache_class
        self.case_modules = self._loaded.module_names
        self.reference = self._loaded.reference

    def make_model(self):
        self.model = self._loaded.module.Model()

    def make_inputs(self, leaves):
        return tuple(self._loaded.module.make_inputs(self.cache_class, leaves))

    def register(self):
        self._loaded.module.register(self.cache_class)

    def unregister(self):
        self._loaded.module.unregister(self.cache_class)

    def rebase(self):
        self._loaded.rebase()


_loaded_subjects = []  # of this process; more than one only where it serves several requests


def observe(request, channel, started):
    """The observation of the requested cell. Whatever the case or torch raises is part of it."""
    stages = Stages(request["cell"], channel, started)
    try:
        result = {"exported": _export(request, stages)}
    except errors.NotAvailable as missing:
        result = {"unobserved": {"reason": str(missing)}}
    except (
        BaseException
    ) as error:  # SystemExit and KeyboardInterrupt too: a case may raise anything
        result = {
            "rejected": {
                "stage": stages.current,
                "exception": errors.class_name(error),
                "message": errors.message(error),
            }
        }
    return {"cell": request["cell"], **result, "timings_s": stages.finish(), "output": ""}


def _export(request, stages):
    stages.begin("import")
    subject = Subject(request)
    _loaded_subjects.append(subject)

    stages.begin("construct")
    subject.make_model()
    by_pair = {
        pair.name: inputs.random_leaves(subject.case, pair, inputs.EXPORT_ROUND)
        for pair in subject.case.pairs
    }
    args_by_pair = {name: subject.make_inputs(leaves) for name, leaves in by_pair.items()}

    stages.begin("eager")
    for pair in subject.case.pairs:
        _run_eagerly(subject, pair, by_pair[pair.name], args_by_pair[pair.name])

    stages.begin("register")
    subject.register()
    for pair in subject.case.pairs:
        inputs.check_leaves(subject.case, pair, args_by_pair[pair.name], by_pair[pair.name])
    args = args_by_pair[subject.pair.name]
    dynamic_shapes = inputs.dynamic_shapes(subject.case, args, subject.dims)
    subject.rebase()

    stages.begin("export")
    ep = torch.export.export(
        subject.model, args, dynamic_shapes=dynamic_shapes, strict=subject.mode == "strict"
    )

    stages.begin("observe")
    seen = {
        "print": str(ep),
        "in_spec": specs_and_constants.spec_node(ep.call_spec.in_spec, subject.case_modules),
        "out_spec": specs_and_constants.spec_node(ep.call_spec.out_spec, subject.case_modules),
        "constants": specs_and_constants.constants(ep, by_pair[subject.pair.name]),
    }

    stages.begin("check")
    seen["checks"] = [
        _check("run", lambda: check_run.reasons_against(subject, ep)),
        _check("registry", lambda: check_registry.reasons_against(subject)),
    ]
    return seen


def _run_eagerly(subject, pair, leaves, args):
    """Raises CaseError where the model contradicts its declaration or its C++ reference."""
    outputs = comparison.flat_outputs(subject.model(*args))
    declared = [f"{leaf.dtype}{leaf.shape_at(pair)}" for leaf in subject.case.outputs]
    found = [f"{comparison.dtype_name(output)}{list(output.shape)}" for output in outputs]
    if found != declared:
        names = ", ".join(leaf.name for leaf in subject.case.outputs)
        raise errors.CaseError(
            f"pair {pair.name}: outputs {names} are declared as {', '.join(declared)}, "
            f"but the model returns {', '.join(found) or 'none'}"
        )
    if subject.reference is not None:
        expected = comparison.flat_outputs(subject.reference(*leaves.values()))
        if not comparison.equal(outputs, expected):
            raise errors.CaseError(
                f"pair {pair.name}: the model differs from the C++ reference in native.cpp"
            )


def _check(name, reasons_against):
    try:
        reasons = reasons_against()
    except (
        BaseException
    ) as error:  # a check that raises is a failed check, and the others still report
        reasons = [f"raises {errors.short_reason(error)}"]
    return {"name": name, "status": "fail" if reasons else "pass", "reasons": reasons}


def forget_everything():
    """Undoes what the requests so far left behind, so that the next one does not depend on them."""
    while _loaded_subjects:
        subject = _loaded_subjects.pop()
        check_registry.remove(subject.cache_class)
        case_module.unload(subject.case.name)
    torch._dynamo.reset()
