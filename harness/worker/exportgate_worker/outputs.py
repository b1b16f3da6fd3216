"""Whether a model returns what `outputs` of case.toml declares."""

from exportgate_worker import comparison
from exportgate_worker.declaration import AnyOf
from exportgate_worker.errors import CaseError, key_of_toml


def check(case, pair, outputs):
    """Raises CaseError where the flat `outputs` at `pair` are not the declared ones."""
    declared = [_declared(leaf, pair) for leaf in case.outputs]
    found = [comparison.described(output) for output in outputs]
    same = len(declared) == len(found) and all(
        _is_any(leaf, output) or asked == got
        for leaf, output, asked, got in zip(case.outputs, outputs, declared, found)
    )
    if not same:
        names = ", ".join(leaf.name for leaf in case.outputs)
        raise CaseError(
            f"pair {pair.name}: outputs {names} are declared as {', '.join(declared)}, "
            f"but the model returns {', '.join(found) or 'none'}",
            _first_that_differs(case, declared, found),
        )


def _first_that_differs(case, declared, found):
    for leaf, asked, got in zip(case.outputs, declared, found):
        if asked != got:
            return key_of_toml(leaf.name, "outputs")
    return ("case.toml", r"\[outputs\]")


def _declared(leaf, pair):
    if leaf.is_tensor:
        return f"{leaf.dtype}{leaf.shape_at(pair)}"
    if isinstance(leaf.constant, AnyOf):
        return f"any {leaf.constant.type_name}"
    return comparison.described(leaf.constant_at(pair))


def _is_any(leaf, output):
    return isinstance(leaf.constant, AnyOf) and type(output).__name__ == leaf.constant.type_name
