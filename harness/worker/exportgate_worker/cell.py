"""Takes one cell through its stages and returns what was seen."""

import functools
import os
import time

import torch

from exportgate_worker import (
    check_model,
    check_process,
    check_save_load,
    check_schedule,
    check_steps,
    checks,
    comparison,
    errors,
    facts,
    inputs,
    judge,
    read_variables,
    registries,
    specs_and_constants,
    torch_globals,
    unfilled_memory,
    user_places,
)
from exportgate_worker import outputs as outputs_of_model
from exportgate_worker.new_process import NewProcess
from exportgate_worker.subject import Subject

CHECK_BUDGET_S = 20.0  # where a request does not say
CONSUMER_BUDGET_S = 120.0  # the same
BEFORE_EXPORT = ("import", "construct", "register", "eager")  # what is raised there is the case's


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


_loaded_subjects = []  # of this process; more than one only where it serves several requests


def observe(request, channel, started, isolated=True):
    """The observation of the requested cell. Whatever the case or torch raises is part of it.

    `isolated`: checks are carried out in processes of their own. The warm-up does without, so that
    what the checks import stays.
    """
    stages = Stages(request["cell"], channel, started)
    observation = {"cell": request["cell"]}
    budget_s = request.get("check_budget_s", CHECK_BUDGET_S)
    subject = None
    loader = _new_process(request, channel) if isolated and _loads_a_program(request) else None
    try:
        stages.begin("import")
        read_variables.begin()
        subject = Subject(request)
        _loaded_subjects.append(subject)
        exported = _export(subject, stages)
        exported.save_as = request.get("save_program", "")
        exported.new_process, exported.budget_s = loader, budget_s
        exported.consumer_budget_s = request.get("consumer_budget_s", CONSUMER_BUDGET_S)
        if artefacts := request.get("artefact_folder"):
            # A case may tell the converter how to convert: its cells share, and no others.
            exported.run_folder = artefacts
            exported.artefact_folder = os.path.join(artefacts, subject.case.file_name())
        exported.consumer_command = tuple(request.get("consumer_command", ()))
        observation["exported"] = _seen(subject, exported, stages)
        observation["exported"] |= _checked(
            subject, exported, stages, _asked_for(request, subject.case), isolated
        )
    except errors.NotAvailable as missing:
        observation["unobserved"] = {"reason": str(missing)}
    except (
        BaseException
    ) as error:  # SystemExit and KeyboardInterrupt too: a case may raise anything
        observation.pop("exported", None)
        observation["rejected"] = {
            "stage": stages.current,
            "exception": errors.class_name(error),
            "message": errors.message(error),
        }
        place = _place(error, stages.current, subject, request["case_directory"])
        if place:
            observation["rejected"]["place"] = place
    read_variables.end()  # where something was raised before the export
    if "load_program" in request and "unobserved" not in observation:
        stages.begin("check:earlier")
        observation["earlier"] = _of_another_torch(
            request["load_program"],
            subject,
            lambda file: check_process.in_its_own_process(
                lambda: check_save_load.of_another_torch(subject, file, loader, budget_s), budget_s
            ),
        )
    if loader is not None:
        loader.end()
    return observation | {"timings_s": stages.finish(), "output": ""}


def _place(error, stage, subject, directory):
    """Where the user's code is what a person looks at first; "" elsewhere."""
    if stage in BEFORE_EXPORT:
        return user_places.place(error, directory, subject.called_with if subject else "")
    if stage == "export" and subject.not_registered:
        line = user_places.of_function(directory, "register")
        return f"{line}: {subject.not_registered}"
    return ""


def _loads_a_program(request):
    return "save_load" in request.get("checks", ["save_load"]) or "load_program" in request


def _new_process(request, channel):
    """To be forked while nothing of the case is imported here."""
    return NewProcess(
        functools.partial(check_save_load.load_in_new_process, request),
        also_close=[channel.descriptor],
    )


def _export(subject, stages):
    stages.begin("construct")
    subject.make_model()
    by_pair = {pair.name: subject.leaves(pair, inputs.EXPORT_ROUND) for pair in subject.case.pairs}
    inputs_by_pair = {name: subject.make_inputs(leaves) for name, leaves in by_pair.items()}

    stages.begin("register")
    subject.register()
    for pair in subject.case.pairs:
        try:
            inputs.check_leaves(
                subject.case,
                pair,
                inputs_by_pair[pair.name],
                by_pair[pair.name],
                subject.model,
            )
        except errors.NotRegistered as error:
            # What torch makes of such an input is what a user wants to know.
            subject.not_registered = subject.not_registered or str(error)

    stages.begin("eager")
    for pair in subject.case.pairs:
        try:
            # With a model and inputs of its own: a model may change itself and them, and what is
            # exported must not remember a call.
            _run_eagerly(
                subject, subject.fresh_model(), pair, subject.leaves(pair, inputs.EXPORT_ROUND)
            )
        except errors.NotRegistered as error:
            # What torch says of such an output is what a user wants to know.
            subject.not_registered = subject.not_registered or str(error)
    if check_steps.is_declared(subject.case) and not subject.not_registered:
        check_steps.check_declaration(subject)
    if not subject.not_registered:
        subject.fill = unfilled_memory.fill_of(subject)
    subject.rebase()

    read_variables.end()
    subject.before_export = check_model.Before(subject.model)
    stages.begin("export")
    ep = subject.export(subject.model, inputs_by_pair[subject.pair.name])
    return checks.Exported(ep, subject.leaves(subject.pair, inputs.EXPORT_ROUND))


def _seen(subject, exported, stages):
    stages.begin("observe")
    spec = exported.ep.call_spec
    return {
        "print": judge.print_of(exported.ep),
        "in_spec": specs_and_constants.spec_node(spec.in_spec, subject.case_modules),
        "out_spec": specs_and_constants.spec_node(spec.out_spec, subject.case_modules),
        "constants": specs_and_constants.constants(exported.ep, exported.leaves),
        "facts": facts.of(exported.ep, subject.case_modules),
    }


def _asked_for(request, case):
    """Names of the checks, in their order."""
    wanted = request.get("checks", [name for name, _ in checks.ALL])
    return [
        name
        for name, _ in checks.ALL
        if name in wanted
        and (name in case.consumers if name in checks.CONSUMERS else checks.is_declared(name, case))
    ]


def _checked(subject, exported, stages, names, isolated):
    """The results of the checks `names`, and the prints of the programs that they made."""
    checks.guarded(lambda: exported.program)  # made once, where it can be made
    revisions = checks.revisions()
    results = check_schedule.carried_out(names, subject, exported, stages, isolated)
    printed = judge.print_of(exported.ep)
    prints = {}
    for name in names:
        prints |= _short(results[name].prints, printed)
    return {
        "checks": [_as_recorded(name, results[name], revisions[name]) for name in names]
    } | prints


def _as_recorded(name, result, revision):
    return {
        "name": name,
        "status": result.status,
        "reasons": result.reasons,
        "notes": result.notes,
        "revision": revision,
    }


def _short(prints, printed):
    """ "=" for a print that is the exported program's, letter by letter (PROTOCOL.md)."""
    return {what: "=" if text == printed else text for what, text in prints.items()}


def _of_another_torch(program, subject, load):
    if subject is None or subject.model is None:
        result = checks.Result.not_applicable("the case cannot be imported")
    else:
        result = load(program["file"])
    earlier = {
        "torch_build": program["torch_build"],
        "status": result.status,
        "reasons": result.reasons,
    }
    return earlier | ({"print": result.prints["loaded"]} if result.prints else {})


def _run_eagerly(subject, model, pair, leaves):
    """Raises CaseError where the model contradicts its declaration or its C++ reference."""
    before = comparison.copies(leaves)
    of_torch = torch_globals.now()
    try:
        inputs_of_model = subject.make_inputs(leaves)
        subject.called_with = user_places.described_inputs(subject.case, leaves)
        outputs = comparison.flat_outputs(inputs_of_model.call(model))
    finally:
        torch_globals.restore(of_torch)  # the export starts where the model does
    subject.called_with = ""
    outputs_of_model.check(subject.case, pair, outputs)
    if subject.reference is not None:
        expected = comparison.flat_outputs(subject.reference(*before.values()))
        if not subject.are_equal(outputs, expected):
            raise errors.CaseError(
                f"pair {pair.name}: the model differs from the C++ reference in native.cpp"
            )


def forget_everything():
    """Undoes what the requests so far left behind, so that the next one does not depend on them."""
    while _loaded_subjects:
        subject = _loaded_subjects.pop()
        registries.remove(subject.cache_class)
        subject.unload()
    torch._dynamo.reset()
