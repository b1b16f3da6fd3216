"""Caches that the calls of a loop return: whether one is an object that an earlier call returned.

Who keeps the cache of an earlier step, to go on from it twice, would see it change.
"""


class Objects:
    """Of one loop."""

    def __init__(self, subject):
        self._subject = subject
        self._seen = []  # (number of the step, cache): kept, so that no id is another's later

    def returned(self, number, output):
        """Position among the caches in `output`, of step `number` -> the earlier step that
        returned this very object."""
        found = {}
        caches = self._subject.caches_in(output)
        for position, cache in enumerate(caches):
            earlier = [step for step, other in self._seen if other is cache]
            if earlier:
                found[position] = earlier[-1]
        self._seen += [(number, cache) for cache in caches]
        return found


def differences(of_program, of_eager):
    """Reasons. The program may return a new cache where eager returns the one that it was given:
    torch makes the outputs of a program anew."""
    return [
        f"returns the cache object of step {step} again, eager does not"
        for position, step in of_program.items()
        if position not in of_eager
    ]
