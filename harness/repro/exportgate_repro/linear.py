"""What torch's Dim can say: "2*length + 1". The worker's relations.py decides the same."""

import ast
from dataclasses import dataclass


@dataclass(frozen=True)
class Linear:
    dim: str
    factor: int
    offset: int


def of(expression):
    names = {n.id for n in ast.walk(ast.parse(expression, mode="eval")) if isinstance(n, ast.Name)}
    if len(names) != 1:
        return None
    (name,) = names
    at_0, at_1, at_2 = (value_of(expression, {name: extent}) for extent in (0, 1, 2))
    return Linear(name, at_1 - at_0, at_0) if at_2 - at_1 == at_1 - at_0 else None


def value_of(expression, extents):
    """Expressions are polynomials of dims: the declaration was read by the harness."""
    return eval(compile(ast.parse(expression, mode="eval"), "", "eval"), {}, dict(extents))


def definition_of(case, dim):
    """What `dim` is in terms of other dims: "2*length" by "packed == 2*length"; else None."""
    for text in case.get("relations", ()):
        comparison = ast.parse(text, mode="eval").body
        if not isinstance(comparison.ops[0], ast.Eq):
            continue
        left, right = comparison.left, comparison.comparators[0]
        for side, other in ((left, right), (right, left)):
            names = {n.id for n in ast.walk(other) if isinstance(n, ast.Name)}
            if isinstance(side, ast.Name) and side.id == dim and dim not in names:
                return ast.unparse(other)
    return None
