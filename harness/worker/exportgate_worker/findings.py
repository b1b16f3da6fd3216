"""What rounds find, each kind of it once, so that one fault is not said of every call."""

import re

from exportgate_worker.checks import Result

_OF_ATTRIBUTE = re.compile(r"[^:]*: attribute [^\s:,]+")


class Findings:
    """`reasons` are what the check fails for, `notes` what is no failure or was not tried.

    `prints`: of the programs that it made.
    """

    def __init__(self, subject, reasons, notes, prints=None):
        own = f"pair {subject.pair.name}: "
        self.reasons = list(reasons)
        self.notes = list(notes)
        self.prints = prints
        self.for_traits = []
        # Of refusals: a pair that is refused says it of all other extents.
        self._noted = {_kind(one.partition(": ")[2]) for one in reasons}
        # What is wrong with the cell's own pair is wrong in every further round.
        self._known = {one.removeprefix(own) for one in reasons if one.startswith(own)}

    def result(self):
        for_checks = {"traits": self.for_traits} if self.for_traits else {}
        return Result.of(self.reasons, self.prints, self.notes, for_checks)

    def are_new(self, found):
        return [one for one in found if _kind(one) not in map(_kind, self._known)]

    def add(self, place, found):
        """True where something of `found` is new, and is now a reason."""
        new = self.are_new(found)
        self.reasons += [f"{place}: {one}" for one in new]
        return bool(new)

    def note(self, place, what):
        self.notes.append(f"{place}: {what}")

    def note_once(self, place, kind, what):
        if kind not in self._noted:
            self._noted.add(kind)
            self.note(place, what)


def _kind(reason):
    """A guard is another one with other inputs; that it refuses is the same. So is what becomes of
    an attribute in one call or another."""
    if reason.startswith("refused"):
        return "refused"
    of_attribute = _OF_ATTRIBUTE.match(reason)
    return of_attribute[0] if of_attribute else reason
