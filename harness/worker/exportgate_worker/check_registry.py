"""The check `registry`: after the case's unregistering, torch's registries are as before.

And the class can come again: a second class of its name does not silently take over what was left.
"""

from exportgate_worker import checks, errors, registries


def result(subject, exported):
    subject.unregister()
    before, after = subject.registries_before, registries.snapshot()
    found = []
    for registry, keys in after.items():
        found += [f"{_name(key)} stays in {registry}" for key in keys - before.get(registry, set())]
    for registry, keys in before.items():
        gone = keys - after.get(registry, set())
        found += [f"{_name(key)} is gone from {registry}" for key in gone]
    taken_over, notes = _second_registration(subject)
    return checks.Result.of(sorted(found) + taken_over, notes=notes)


def _name(key):
    return key.__qualname__ if isinstance(key, type) else f'"{key}"'


def _second_registration(subject):
    """Reasons, and notes."""
    first = subject.cache_class
    if first in subject.registries_before["torch.utils._pytree.SUPPORTED_NODES"]:
        return [], []  # a library registered it when it was imported, and the case does not
    left = registries.serialized_names(first)
    # A subclass: the only way to make a class like it that works for Python's and pybind11's.
    try:
        second = type(first)(
            first.__name__,
            (first,),
            {"__module__": first.__module__, "__qualname__": first.__qualname__},
        )
    except Exception as error:
        reason = errors.short_reason(error)
        return [], [f"a second class of the same name: not tried, none can be derived: {reason}"]
    try:
        subject.register(second)
    except Exception as error:
        reason = errors.short_reason(error)
        return [f"a second class of the same name cannot be registered: {reason}"], []
    return [
        f'a second class of the same name silently takes over "{name}"'
        for name in left
        if registries.class_named(name) is second
    ], []
