"""What the checks `aoti`, `onnx` and `consumer` have in common: a program is given away, and what
comes back is compared with eager (docs/consumers.md).

At every pair the consumer has to take what the program takes, and to refuse what it refuses.
"""

import dataclasses
import re

import torch

from exportgate_worker import (
    behaviour,
    check_process,
    comparison,
    consumer_process,
    errors,
    extents,
    judge,
    rounding,
    rounds,
    tensor_files,
    watched,
)
from exportgate_worker.checks import Result
from exportgate_worker.consumer_process import Failed, NotAvailable, Refused

ROUNDS = rounds.RANDOM
MOST_BYTES = 16 << 20  # of all inputs together, one step outside a range


@dataclasses.dataclass
class Given:
    """A program as a consumer takes it, and the process that does."""

    file: str
    command: list
    variables: dict = dataclasses.field(default_factory=dict)
    is_ours: bool = True  # a program of the harness


def why_not(subject, exported):
    """What is declared that no consumer takes; "" where there is nothing."""
    for leaf in subject.case.inputs:
        if not leaf.is_tensor:
            return f"not available: {leaf.name} is no tensor"
        if leaf.same_as:
            return f"not available: {leaf.name} is the same tensor as {leaf.same_as}"
        if leaf.layout:
            return f"not available: {leaf.name} does not lie in memory row by row"
        if leaf.dtype not in tensor_files.DTYPES:
            return f"not available: {leaf.name} is of {leaf.dtype}"
    own = f"pair {subject.pair.name}: "
    if any(
        reason.startswith((f"{own}raises ", f"{own}refused")) for reason in exported.run_reasons
    ):
        return "the program does not run at its own pair either"
    return ""


def result(subject, exported, give, has_ranges=False, has_values_only=False, says_facts=False):
    """The Result of a check. `give()` makes the Given.

    `has_ranges`: the consumer refuses what is outside of a range. `has_values_only`: it cannot
    write into its inputs. `says_facts`: they are a note, where they are nowhere else in the record.
    """
    given = Giving(subject, exported, has_values_only)
    try:
        given.look_at_eager()
        with_process = give()
        folder = exported.folder
        with consumer_process.Process(
            with_process.command, with_process.variables, folder, with_process.is_ours
        ) as process:
            if says_facts:
                given.notes += [
                    f"facts: {name} {value}"
                    for name, value in sorted(process.facts.items())
                    if name != "protocol"
                ]
            given.prepare(process, with_process.file)
            given.at_pairs(process)
            if has_ranges and subject.has_ranges and not given.reasons:
                given.outside(process)
    except NotAvailable as why:
        if not given.reasons:
            return Result.not_applicable(f"not available: {why}")
        given.notes.append(f"{given.place}: not available: {why}")
    except Failed as why:
        given.reasons.append(f"{given.place}: {why}")
    own = exported.result_beyond_run(list(dict.fromkeys(given.reasons)), {})
    own.notes += [note for note in dict.fromkeys(given.notes)]
    return own


class Giving:
    """One program, given to one consumer. `place`: what it is at, for what goes wrong there."""

    def __init__(self, subject, exported, has_values_only):
        self.reasons, self.notes = [], []
        self.place = "prepare"
        # As what decompose() makes: other kernels round at other places (rounding.py).
        self._subject = subject.in_other_operators(exported.ep)
        self._exported = exported
        self._has_values_only = has_values_only
        self._calls = 0

    def look_at_eager(self):
        """Raises NotAvailable where what the model does is more than outputs and written inputs."""
        eager = self._eager(self._subject.pair, ROUNDS[0])
        if eager.drawn:
            raise NotAvailable("the model draws random numbers")
        if eager.changes.tensors or eager.changes.attributes:
            raise NotAvailable("the model changes itself")
        for i, output in enumerate(eager.outputs):
            if not isinstance(output, torch.Tensor):
                raise NotAvailable(f"output {i} is no tensor")
            if comparison.dtype_name(output) not in tensor_files.DTYPES:
                raise NotAvailable(f"output {i} is of {comparison.dtype_name(output)}")
        if self._has_values_only:
            self._must_return_what_it_writes(eager)

    def prepare(self, process, file):
        subject = self._subject
        answer = self._asked(
            process,
            "prepare",
            {
                "program": file,
                "folder": self._exported.folder,
                "cell": f"{subject.case.name}/{subject.dims}/{subject.pair.name}",
                "inputs": [
                    {"name": leaf.name, "dtype": leaf.dtype, "shape": list(leaf.shape)}
                    for leaf in subject.case.inputs
                ],
            },
            "prepared",
        )
        if "inputs" in answer:
            self.reasons += _of_extents(subject, self._exported.ep, answer["inputs"])

    def at_pairs(self, process):
        for pair in self._subject.case.pairs:
            self.place = f"pair {pair.name}"
            for round_ in ROUNDS:
                if not self._at(process, pair, round_):
                    break

    def outside(self, process):
        """One step beyond each end of a declared range."""
        case = self._subject.case
        for name, (low, high) in case.dims.items():
            for extent in ([low - 1] if low > 0 else []) + [high + 1]:
                self.place = f"{name} = {extent}"
                there = extents.with_extents(case, self._subject.pair, {name: extent})
                if there is None:
                    self.notes.append(f"{self.place}: not tried, the case does not allow it")
                elif extents.bytes_of_inputs(case, there) > MOST_BYTES:
                    self.notes.append(f"{self.place}: not tried, inputs of more than 16 MiB")
                else:
                    self._at(process, there, ROUNDS[0], is_outside=True)

    def _at(self, process, pair, round_, is_outside=False):
        """Whether the consumer did there what the program does."""
        subject = self._subject
        call = behaviour.Call(subject, self._exported.program, pair, round_)
        if call.error is not None and not call.is_refused:
            self.notes.append(f"{self.place}: not compared, the program raises")
            return True
        if call.error is None and is_outside:
            self.notes.append(f"{self.place}: not compared, the program takes it")
            return True
        try:
            ran = self._run(process, pair, round_)
        except Refused as why:
            found = [] if call.is_refused else [self._in_names(str(why))]
        except Failed as why:
            if not str(why).startswith("raises"):
                raise
            said = self._in_names(str(why))
            found = [f"not refused, but {said}" if call.is_refused else said]
        else:
            if call.is_refused:
                is_static = subject.dims == "static"
                by = "by a static program" if is_static else "the program refuses it"
                found = [f"accepted {by}" if is_static else f"accepted, {by}"]
            else:
                found = self._compared(ran, pair, round_)
        self.reasons += [f"{self.place}: {one}" for one in found]
        return not found

    def _run(self, process, pair, round_):
        """(outputs, leaves afterwards or None)."""
        subject, folder = self._subject, self._exported.folder
        leaves = subject.make_inputs(subject.leaves(pair, round_)).leaves()
        for leaf, declared in zip(leaves, subject.case.inputs):
            if not leaf.is_contiguous():
                raise NotAvailable(f"{declared.name} does not lie in memory row by row")
        inputs = [tensor_files.write(leaf, f"{folder}/input{i}") for i, leaf in enumerate(leaves)]
        answer = self._asked(process, "run", {"inputs": inputs, "folder": folder}, "ran")
        outputs = _read(answer.get("outputs"), "output")
        after = _read(answer["inputs"], "input") if "inputs" in answer else None
        return outputs, after

    def _asked(self, process, what, body, answer):
        # Whatever becomes of this process, the reason says where that was.
        check_process.so_far(
            Result.of(list(self.reasons), notes=list(self.notes)), self.place, "the consumer"
        )
        return process.ask(what, body, answer)

    def _compared(self, ran, pair, round_):
        eager = self._eager(pair, round_)
        found = _differences(self._subject, ran, eager)
        if found and self._subject.narrowest is not None:
            allowing = rounding.allowing(
                self._subject, eager, lambda watching, call: _watch(watching, call, eager)
            )
            explained = _differences(allowing, ran, eager)
            if len(explained) < len(found):
                self.notes.append(rounding.note(self._subject.narrowest))
            found = explained
        if found:
            again = self._eager(pair, round_)
            if not self._subject.are_equal(again.outputs, eager.outputs):
                self.notes.append(f"{self.place}: not compared, eager is not deterministic")
                return []
        elif ran[1] is None:  # what it did say is right
            self._must_return_what_it_writes(eager)
        return found

    def _must_return_what_it_writes(self, eager):
        for name in eager.changed:
            written = eager.leaves[name]
            if not any(judge.are_same(written, output) for output in eager.outputs):
                raise NotAvailable(f"the model writes into {name} and does not return it")

    def _eager(self, pair, round_):
        call = behaviour.Call(self._subject, self._subject.fresh_model(), pair, round_)
        if call.error is not None:
            raise call.error
        return call

    def _in_names(self, said):
        """AOTInductor counts inputs; who declared them has named them."""
        names = [leaf.name for leaf in self._subject.case.inputs]

        def name(found):
            at = int(found[1])
            return names[at] if at < len(names) else found[0]

        return re.sub(r"(?:Error: )?\binput_handles\[(\d+)\]", name, said)


def _differences(subject, ran, eager):
    outputs, after = ran
    return _of_outputs(subject, outputs, eager) + _of_inputs(subject, after, eager)


def _of_outputs(subject, outputs, eager):
    if len(outputs) != len(eager.outputs):
        return [f"returns {len(outputs)} outputs, eager {len(eager.outputs)}"]
    found = []
    for i, (own, expected) in enumerate(zip(outputs, eager.outputs)):
        if own.dtype != expected.dtype or own.shape != expected.shape:
            of_eager = comparison.described(expected)
            found.append(f"output {i}: {comparison.described(own)}, eager {of_eager}")
    if not found and not subject.are_equal(outputs, eager.outputs):
        found.append("differs from eager")
    return found


def _of_inputs(subject, after, eager):
    """What was written into the inputs; None: the consumer cannot write into them."""
    if after is None:
        return []
    if len(after) != len(eager.leaves):
        return [f"says of {len(after)} inputs what they are afterwards, of {len(eager.leaves)}"]
    found = []
    for own, (name, expected) in zip(after, eager.leaves.items()):
        before = eager.values_before[name]
        if subject.are_equal([own], [expected]):
            continue
        if name not in eager.changed:
            found.append(f"mutates {name}")
        elif subject.are_equal([own], [before]):
            found.append(f"does not mutate {name}, as eager does")
        else:
            found.append(f"mutates {name} otherwise than eager")
    return found


def _watch(watching, call, eager):
    """Shows what `call`, whose inputs were moved, gave in place of what `eager` gave."""
    watching.are_equal(call.outputs, eager.outputs)
    for name in eager.changed:
        watching.are_equal([call.leaves[name]], [eager.leaves[name]])


def _read(described, what):
    if not isinstance(described, list):
        raise Failed(f"the consumer's answer to run has no list of {what}s")
    tensors = []
    for i, one in enumerate(described):
        try:
            tensors.append(tensor_files.read(one))
        except tensor_files.Unreadable as why:
            raise Failed(f"{what} {i} of the consumer {why}") from None
    return tensors


def extents_in_program(ep):
    """For each input of the user: for each dim its extent, or None where it is symbolic."""
    values = {
        node.name: node.meta.get("val") for node in ep.graph.nodes if node.op == "placeholder"
    }
    return [
        [extent if type(extent) is int else None for extent in values[name].shape]
        for name in ep.graph_signature.user_inputs
    ]


def _of_extents(subject, ep, said):
    """Dims that are symbolic in the program and constant for the consumer."""
    program = extents_in_program(ep)
    if not isinstance(said, list) or len(said) != len(program):
        count = len(said) if isinstance(said, list) else "unknown"
        return [f"takes {len(program)} inputs in the program, {count} in the model"]
    found = []
    for leaf, of_program, of_consumer in zip(subject.case.inputs, program, said):
        if not isinstance(of_consumer, list) or len(of_consumer) != len(of_program):
            raise Failed(f"the consumer does not say the shape of {leaf.name}")
        for dim, (extent, other) in enumerate(zip(of_program, of_consumer)):
            if extent is None and type(other) is int:
                found.append(
                    f'{leaf.name} dim {dim}: symbolic "{leaf.shape[dim]}" in the program, '
                    f"{other} in the model"
                )
    return found


def converted(what, convert):
    """What `convert()` returns; where it raises, `what` raised: a reason, no fault of the check."""
    try:
        with watched.of_the_harness():
            return convert()
    except NotAvailable:
        raise
    except Exception as error:
        said = errors.short_reason(error)
        if error.__cause__ is not None:
            said += f"; {errors.short_reason(error.__cause__)}"
        raise Failed(f"{what} raises {said}") from None
