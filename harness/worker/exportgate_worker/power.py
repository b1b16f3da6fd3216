"""Whether the comparisons of the check `run` could have failed at all.

Outputs without elements are equal to anything, and so is what a declared tolerance is wider than.
"""

import torch


class Power:
    """Of all calls of the model that a program was compared with."""

    def __init__(self, subject):
        self._subject = subject
        self._elements = {}  # name of a pair -> the most elements that one call compared
        self._has_values = set()  # numbers of outputs that are not all zeros in some call
        self._can_fail = set()  # of these, those that zeros differ from in some call

    def look(self, pair, eager):
        """`eager` returned, and its outputs were compared."""
        compared = sum(_elements(one) for one in eager.outputs)
        compared += sum(_elements(eager.leaves[name]) for name in eager.changed)
        self._elements[pair.name] = max(compared, self._elements.get(pair.name, 0))
        if self._subject.case.tolerance is None:  # torch.testing's are narrow
            return
        for number, one in enumerate(eager.outputs):
            if _has_values(one):
                self._has_values.add(number)
                if not self._subject.are_equal([torch.zeros_like(one)], [one]):
                    self._can_fail.add(number)

    def reasons(self):
        found = []
        if self._elements and not any(self._elements.values()):
            found.append("nothing was compared: no output of any pair has an element")
        found += [
            f"the tolerance of the case is wider than output {number}: zeros would be equal to it"
            for number in sorted(self._has_values - self._can_fail)
        ]
        return found

    def notes(self):
        if not any(self._elements.values()):
            return []  # it is a reason
        return [
            f"pair {name}: nothing was compared, no output has an element"
            for name, elements in self._elements.items()
            if elements == 0
        ]


def _elements(one):
    if isinstance(one, torch.Tensor):
        return one.numel()
    return 0 if one is None else 1  # a number or a string


def _has_values(one):
    if not isinstance(one, torch.Tensor) or one.numel() == 0:
        return False
    if not (one.dtype.is_floating_point or one.dtype.is_complex):
        return False
    return bool((one != 0).any())
