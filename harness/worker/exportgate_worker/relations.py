"""Relations between dims that torch cannot express: "total == past + new", "batch*length <= 120".

Whatever extents a check tries, they obey them.
"""

import ast
import operator

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
        nodes = [*ast.walk(self._left), *ast.walk(self._right)]
        return list(dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name)))

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


def _value(node, extents):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return extents[node.id]
    return _OPERATIONS[type(node.op)](_value(node.left, extents), _value(node.right, extents))
