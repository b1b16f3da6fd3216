"""Whether two values of an attribute say the same, where their class may not say when they do."""

from exportgate_probe import tree


def is_equal(one, other, met=()):
    """Objects of a class without an `__eq__` are equal where their attributes are."""
    if one is other or (id(one), id(other)) in met:
        return True
    if type(one) is not type(other):
        return False
    met = (*met, (id(one), id(other)))
    if type(one) in (list, tuple):
        return len(one) == len(other) and all(is_equal(a, b, met) for a, b in zip(one, other))
    if type(one) is dict:
        return one.keys() == other.keys() and all(
            is_equal(one[key], other[key], met) for key in one
        )
    if type(one).__eq__ is not object.__eq__:
        return _says_equal(one, other)
    names = tree.attribute_names(one)
    return names == tree.attribute_names(other) and all(
        is_equal(getattr(one, name), getattr(other, name), met) for name in names
    )


def _says_equal(one, other):
    try:
        return bool(one == other)
    except Exception:
        return False
