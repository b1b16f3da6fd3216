"""Relations between dims that torch cannot express: "total == past + new", "batch*length <= 120".

Whatever extents a check tries, they obey them.
"""

import ast
import operator
from dataclasses import dataclass

_COMPARISONS = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}


def value_of(expression, extents):
    """What "2*length + 1" is at `extents`: dim -> extent."""
    return _value(ast.parse(expression, mode="eval").body, extents)


@dataclass(frozen=True)
class Linear:
    """factor * dim + offset"""

    dim: str
    factor: int
    offset: int


def linear(expression):
    """The Linear that "2*length + 1" is; None of another form ("past + new", "batch*length")."""
    names = _names(ast.parse(expression, mode="eval"))
    if len(names) != 1:
        return None
    at_0, at_1, at_2 = (value_of(expression, {names[0]: extent}) for extent in (0, 1, 2))
    factor = at_1 - at_0
    return Linear(names[0], factor, at_0) if at_2 - at_1 == factor else None


def definition_of(relations, dim):
    """What `dim` is in terms of other dims: "2*length" by "packed == 2*length"; else None."""
    return next((side for one in relations if (side := one.definition_of(dim))), None)


class Relation:
    def __init__(self, text):
        self.text = text
        comparison = ast.parse(text, mode="eval").body
        self._left, self._right = comparison.left, comparison.comparators[0]
        self._holds = _COMPARISONS[type(comparison.ops[0])]
        self.is_equality = self._holds is operator.eq

    def holds(self, extents):
        return self._holds(_value(self._left, extents), _value(self._right, extents))

    def dims(self):
        """Their names, each once. A dim that stands alone on the left comes first."""
        return list(dict.fromkeys(_names(self._left) + _names(self._right)))

    def definition_of(self, dim):
        """The other side of an equality with `dim` alone on one side; None where it is none."""
        for side, other in ((self._left, self._right), (self._right, self._left)):
            stands_alone = isinstance(side, ast.Name) and side.id == dim
            if self.is_equality and stands_alone and dim not in _names(other):
                return ast.unparse(other)
        return None

    def solution(self, dim, extents):
        """The extent of `dim` with which an equality holds; None where no integer does."""
        at_0, at_1 = (self._difference({**extents, dim: extent}) for extent in (0, 1))
        slope = at_1 - at_0
        if slope == 0 or -at_0 % slope != 0:
            return None
        extent = -at_0 // slope
        return extent if self.holds({**extents, dim: extent}) else None

    def _difference(self, extents):
        return _value(self._left, extents) - _value(self._right, extents)


def fitted(relations, extents, fixed, ranges):
    """`extents` with the dims that are not `fixed` changed until all `relations` hold.

    None where no change of one dim an equality, within its range, is enough.
    """
    extents, fixed = dict(extents), set(fixed)
    for relation in relations:
        if not relation.is_equality:
            continue
        if not relation.holds(extents):
            dim = _changeable(relation, extents, fixed, ranges)
            if dim is None:
                return None
            extents[dim] = relation.solution(dim, extents)
        # A later relation does not undo it.
        fixed |= set(relation.dims())
    return extents if all(relation.holds(extents) for relation in relations) else None


def _changeable(relation, extents, fixed, ranges):
    for dim in relation.dims():
        if dim in fixed:
            continue
        extent = relation.solution(dim, extents)
        low, high = ranges[dim]
        if extent is not None and low <= extent <= high:
            return dim
    return None


def _names(tree):
    return list(dict.fromkeys(n.id for n in ast.walk(tree) if isinstance(n, ast.Name)))


def _value(node, extents):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return extents[node.id]
    if isinstance(node, ast.UnaryOp):  # "-2"
        return -_value(node.operand, extents)
    return _OPERATIONS[type(node.op)](_value(node.left, extents), _value(node.right, extents))
