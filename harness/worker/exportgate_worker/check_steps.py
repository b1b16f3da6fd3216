"""The check `steps`: the program called in a loop, as a model that decodes is.

The caches that a call returned, or left, go into the next call, and so do eager's. At each step all
is compared that the check `run` compares. The loop goes on in a process that loads the program
again (check_save_load.py), and begins once more just before the end of the declared range. Only for
cases with [steps] in case.toml.
"""

from typing import NamedTuple

from exportgate_worker import errors, extents, handed_out, how_far, state
from exportgate_worker.agreement import complaint
from exportgate_worker.checks import Result
from exportgate_worker.differences import compared
from exportgate_worker.loop import Loop, counted_inputs

STEPS_BEFORE_THE_END = 2
CALLS_AT_THE_END = 4


def is_declared(case):
    return case.steps is not None


def check_declaration(subject):
    """Raises CaseError where the model itself cannot be called as [steps] says."""
    calls = subject.case.steps.calls
    course = Course(subject, None, subject.pair)
    course.run(calls, eager_for=calls)
    if course.eager_raises:
        raise errors.CaseError(
            f"[steps]: step {course.eager_raises}", about=errors.table_of_toml("steps")
        )
    if course.only_call_because:
        raise errors.CaseError(
            f"[steps]: there is no second call: {course.only_call_because}",
            about=errors.table_of_toml("steps"),
        )
    if not course.hands_on_news:
        names = ", ".join(subject.case.steps.in_place)
        raise errors.CaseError(
            f"[steps]: in {calls} calls the model changes nothing in {names}: if it returns what "
            "comes next, write returned instead of in_place",
            about=errors.table_of_toml("steps"),
        )


class Difference(NamedTuple):
    """What a step does otherwise."""

    step: int
    what: str  # as the check `run` says it
    words: str  # the same, and how far it is off

    def __str__(self):
        return f"{self.step}: {self.words}"


def result(subject, exported):
    course = Course(subject, exported.program, subject.pair)
    course.run(subject.case.steps.calls)
    known = _of_single_calls(exported.run_reasons)
    reasons, is_known = _news("step", course.reasons, known)
    notes = list(course.notes)
    if course.eager_raises:  # it did not before the export, and what comes after was not seen
        reasons.append(f"step {course.eager_raises}")
    if course.ends_with_its_values:
        notes.append(
            f"step {course.ends_with_its_values}: not tried: beyond the values that are declared"
        )
    if not reasons and not is_known:
        place, at_the_end, said = _at_the_end(subject, exported.program, course.growth)
        reasons, is_known = _news(place, at_the_end, known)
        notes += said
    if not reasons and not is_known:
        reasons += exported.found_for.get("steps", [])
        if "steps" not in exported.found_for:
            notes.append("in a new process: not tried: nothing was loaded")
    if is_known and not reasons:
        notes.append("no worse than the check run")
    return Result.of(reasons, notes=list(dict.fromkeys(notes)))


def _of_single_calls(run_reasons):
    """What the program does otherwise in a single call with usual values. At the edge, or in other
    layouts, it may do so for another reason, in the same words."""
    return {one.partition(": ")[2] for one in run_reasons if one.startswith("pair ")}


def _news(place, differences, known):
    """(reasons, whether others were left out since `run` says them)."""
    news = [f"{place} {one}" for one in differences if one.what not in known]
    return news, len(news) < len(differences)


def in_a_new_process(subject, program):
    """Reasons why the loop cannot go on with a program that was loaded.

    The first half of the steps is eager's, for both. The loaded program makes all steps where a
    model changes itself, and so is another one than the one that was saved, and where there are
    fewer steps.
    """
    half = subject.case.steps.calls // 2
    course = Course(subject, program, subject.pair)
    course.run(subject.case.steps.calls, eager_for=half)
    if course.changed_the_model or not course.called_the_program:
        course = Course(subject, program, subject.pair)
        course.run(subject.case.steps.calls)
    found = [*map(str, course.reasons), *filter(None, [course.eager_raises])]
    return [f"in a new process, step {one}" for one in found]


class Course:
    """A loop of the model beside one of the program, until they differ or cannot go on.

    Without a `program` the model is called alone.
    `reasons` are Differences. `growth`: dim -> by how much its extent grows in a
    step.
    """

    def __init__(self, subject, program, pair, count=0):
        self.reasons, self.notes = [], []
        self.growth = {}
        self.eager_raises = ""  # "6: eager raises ..."
        self.ends_with_its_values = 0  # the step that would count beyond what is declared
        self.changed_the_model = self.called_the_program = False
        self.only_call_because = ""  # of the case
        self.hands_on_news = False  # whether a step gets another cache than the one before
        self._subject, self._program, self._pair = subject, program, pair
        self._count = count
        # (number of the step, Call of the program, Call of the model), of equal outputs.
        self._kept = []
        self._of_program, self._of_eager = (handed_out.Objects(subject) for _ in range(2))

    def run(self, calls, eager_for=0):
        """`eager_for`: the first steps that the model makes in the program's place."""
        subject = self._subject
        before = state.of(self._program, False)
        eager = Loop(subject, subject.fresh_model(), self._count)
        program = Loop(subject, self._program, self._count)
        if eager_for:
            program.function = subject.fresh_model()
        pair = self._pair
        try:
            for number in range(1, calls + 1):
                if number > 1:
                    pair = self._next_pair(pair, eager.next_extents(pair), number)
                if pair is None:
                    if number == 2:
                        self.only_call_because = "the case does not allow the extents that it takes"
                    break
                if number > eager_for:
                    program.function = self._program
                if self._why_outside(pair):
                    if number > eager_for:
                        self._has_to_refuse(pair, number, program)
                    break
                if not eager.is_within_values(pair):
                    self.ends_with_its_values = number
                    if number <= 2:
                        self.only_call_because = "what counts up is at its highest value"
                    break
                if not self._step(pair, number, program, eager):
                    break
            if not self.reasons:
                self._look_back()
        finally:
            before.restore()

    def _step(self, pair, number, program, eager):
        """Whether the loop can go on."""
        if self._program is None:
            return self._of_eager_alone(pair, number, eager)
        of_eager = eager.call(pair, number)
        if of_eager.error is not None:
            self.eager_raises = f"{number}: eager raises {errors.short_reason(of_eager.error)}"
            return False
        self.changed_the_model |= bool(of_eager.changes.tensors or of_eager.changes.attributes)
        of_program = self._call(program, pair, number)
        if program.function is not self._program:
            return True
        found = complaint(self._subject, of_program)
        if found and of_program.is_refused and self._may_be_refused(pair):
            self.notes.append(f"step {number}: {found[0]}")
            return False
        if not found:
            seen = compared(self._subject, of_program, of_eager)
            found = seen.reasons + self._of_objects(number, program, eager)
            self.notes += seen.notes
        for what, words in how_far.with_distances(self._subject, found, of_program, of_eager):
            self._differs(number, what, words)
        if not found and self._subject.are_equal(of_program.outputs, of_eager.outputs):
            self._kept.append((number, of_program, of_eager))
        return not found

    def _differs(self, number, what, words=None):
        self.reasons.append(Difference(number, what, words or what))

    def _of_objects(self, number, program, eager):
        return handed_out.differences(
            self._of_program.returned(number, program.output),
            self._of_eager.returned(number, eager.output),
        )

    def _of_eager_alone(self, pair, number, eager):
        try:
            if self.hands_on_news:
                eager.take_step(pair, number)
            else:
                self.hands_on_news = eager.changes_what_is_next(pair, number)
        except Exception as error:
            self.eager_raises = f"{number}: eager raises {errors.short_reason(error)}"
            return False
        return True

    def _call(self, program, pair, number):
        self.called_the_program |= program.function is self._program
        return program.call(pair, number)

    def _look_back(self):
        """What a step returned and a later one changed."""
        for number, of_program, of_eager in self._kept:
            if not self._subject.are_equal(of_program.outputs, of_eager.outputs):
                self._differs(
                    number, "its outputs have other values after the last step than eager's"
                )
                return

    def _may_be_refused(self, pair):
        """Where nobody asked for these extents."""
        asked_for = self._subject.has_ranges or pair.name == self._subject.pair.name
        return not asked_for

    def _next_pair(self, pair, taken, number):
        """The pair of the next step; None where the case allows none."""
        case = self._subject.case
        if taken == {dim: pair.extents[dim] for dim in taken}:
            return pair
        if not self.growth:
            self.growth = {dim: extent - pair.extents[dim] for dim, extent in taken.items()}
        following = extents.with_extents(case, pair, taken)
        if following is None:
            self.notes.append(f"step {number}: extents that the case does not allow")
        return following

    def _why_outside(self, pair):
        """Why the program has to refuse this step, or may; "" where it has to take it."""
        if self._subject.dims == "static":
            is_own = pair.extents == self._subject.pair.extents
            return "" if is_own else "a static program"
        for dim, (low, high) in self._subject.case.dims.items():
            if not low <= pair.extents[dim] <= high:
                return f"{dim} {pair.extents[dim]} is outside of {low}..{high}"
        return ""

    def _has_to_refuse(self, pair, number, program):
        """Where a range was asked for."""
        outside = self._why_outside(pair)
        if self._subject.dims != "static" and not self._subject.has_ranges:
            self.notes.append(f"step {number}: {outside}")
            return
        of_program = self._call(program, pair, number)
        if of_program.error is None:
            self._differs(number, f"not refused: {outside}")
        elif not of_program.is_turned_away:
            said = errors.short_reason(of_program.error)
            self._differs(number, f"not refused, but raises {said}: {outside}")


def _at_the_end(subject, program, growth):
    """(place, Differences, notes) of a loop that begins a few steps before the end of what is
    declared, where dims grow or inputs are counted."""
    place = "near the end of the range, step"
    case = subject.case
    ends = {
        dim: case.dims[dim][1] - STEPS_BEFORE_THE_END * by for dim, by in growth.items() if by > 0
    }
    pair = subject.pair
    if ends and subject.has_ranges:
        pair = extents.with_extents(case, subject.pair, ends)
        if pair is None or extents.bytes_of_inputs(case, pair) > extents.MOST_BYTES_AT_MAX:
            return place, [], ["end of the range: not tried: not allowed by the case, or too large"]
    count = _count_before_the_end(case, pair)
    if pair is subject.pair and count == 0:
        return place, [], []
    course = Course(subject, program, pair, count)
    course.run(CALLS_AT_THE_END)
    notes = list(course.notes)
    if course.eager_raises:  # the range is the case's, so this is nothing of the program
        notes.append(f"{place} {course.eager_raises}")
    return place, course.reasons, notes


def _count_before_the_end(case, pair):
    """How many counts after the first the loop begins; 0 where nothing that is counted has an end
    so far off."""
    left = [
        counted.counts_left() - STEPS_BEFORE_THE_END * counted.by
        for counted in counted_inputs(case, pair)
        if counted.highest is not None
    ]
    return max(min(left, default=0), 0)
